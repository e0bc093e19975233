"""What would change an answer: each value that would, as a button that tries it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.flips import PARTS, Flip, changes_between, flips, outcomes
from b12lib.explaining.missing import Missing, missing
from b12lib.explaining.supposing import Suppose
from b12lib.explaining.wording import label, value_of, words
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.showing.calculators.calculator import (
    Calculator,
    beside,
    calculator,
    panel,
    reader,
    styled,
    tell,
    widgets,
)
from b12lib.showing.glossary import explained
from b12lib.showing.levels import Level
from b12lib.showing.section import table
from b12lib.showing.sentences import in_full, said, saying, why

KNOWN = "Known or assumed: the nearest values that would change it"
UNKNOWN = "Not known: what would change it, what settles most first"
ASK = "Press a value to see what it would change."


def what_if(
    assessment: Assessment, decision: str = "treat_now", level: str = Level.CLINICIAN
) -> Calculator:
    """Pick a decision, see what would change it and what cannot, and try each value.

    ``level`` is that of the reader to begin with. Raises ``KeyError`` for a decision that is
    stated, or is no finding and not of the treatment, ``ValueError`` for no reader's level.
    """
    explorer = _Explorer(assessment, decision, level)
    return calculator(
        "what-if", [explorer.widget], explorer.plain(), assessment.protocol, explorer.reader
    )


class _Explorer:
    def __init__(self, assessment: Assessment, decision: str, level: str) -> None:
        self.assessment, protocol = assessment, assessment.protocol
        self.reader = reader(level)
        options = {
            name: item.label
            for name, item in protocol.decisions.items()
            if item.part in PARTS and not assessment[name].stated
        }
        if decision not in options:
            raise KeyError(f"{decision!r} cannot be picked; there are {', '.join(options)}")
        self.pick = styled(
            widgets().Dropdown(
                options=[(title, name) for name, title in options.items()],
                value=decision,
                description="Decision",
            ),
            "above",
        )
        self.now, self.cannot, self.difference = panel(), panel(), panel()
        self.buttons = [styled(widgets().Box(), "buttons") for _ in (KNOWN, UNKNOWN)]
        for control in (self.pick, self.reader):
            control.observe(self.show, names="value")
        self.show()

    @property
    def widget(self) -> Any:
        """The decision and the values to try, and beside them what one of them changes."""
        tries = []
        for title, box in zip((KNOWN, UNKNOWN), self.buttons, strict=True):
            tries += [heading := panel(), box]
            tell(heading, f"**{title}**")
        return beside([self.pick, self.reader, self.now, *tries, self.cannot], [self.difference])

    def show(self, _: object = None) -> None:
        """Look at the decision that is picked, in the words of who reads."""
        name, assessment, self.level = self.pick.value, self.assessment, self.reader.value
        self.suppose = Suppose(assessment, [name])
        not_known = missing(assessment, [name])
        self.found = [flips(assessment, [name]), tuple(_once_known(name, not_known, assessment))]
        self.said_now = _now(assessment[name], assessment, self.level)
        self.said_cannot = _cannot(not_known, assessment.protocol)
        tell(self.now, explained(self.said_now, assessment.protocol, self.level))
        tell(self.cannot, self.said_cannot)
        tell(self.difference, ASK)
        for box, found in zip(self.buttons, self.found, strict=True):
            former, box.children = box.children, [self._button(flip) for flip in found]
            for button in former:
                button.close()

    def _button(self, flip: Flip) -> Any:
        button = widgets().Button(description=self._said(flip))
        button.on_click(partial(self.attempt, flip))
        return button

    def _said(self, flip: Flip) -> str:
        return f"{label(flip.name, self.assessment.protocol)}: {flip.written}"

    def attempt(self, flip: Flip, _: object = None) -> None:
        """Show what comes of a value."""
        then = self._then(flip)
        first = self.pick.value
        others = [name for name in then.answers if name not in (first, flip.name)]
        rows = _differences(self.assessment, then, [first, *others], self.level)
        changed = self._table(["If so", "now", "then", "rules"], list(rows))
        told = f"**{self._said(flip)}**\n\n{changed}"
        tell(self.difference, explained(told, self.assessment.protocol, self.level))

    def _then(self, flip: Flip) -> Assessment:
        then = self.suppose(flip.name, flip.value)
        assert then  # a value with which the case would be refused is never offered
        return then

    def _table(self, head: list[str], rows: list[list[str]]) -> str:
        """Write rows that end with the rules behind them, which a patient does not need."""
        if self.level == Level.PATIENT:
            head, rows = head[:-1], [row[:-1] for row in rows]
        return table(head, rows)

    def plain(self) -> str:
        """Write what the picked decision comes to, and what would change it."""
        parts = [self.said_now]
        for title, found in zip((KNOWN, UNKNOWN), self.found, strict=True):
            rows = [_row(flip, self.assessment, self._then(flip), self.level) for flip in found]
            parts += [self._table([title, "if it were", "then", "rules"], rows)] if rows else []
        told = "\n\n".join([*parts, self.said_cannot])
        return explained(told, self.assessment.protocol, self.level)


def _once_known(decision: str, not_known: Missing, assessment: Assessment) -> Iterator[Flip]:
    """Yield what could turn out so that it changes; nothing is asked both whole and in parts."""
    for item in not_known.whole:
        yield from outcomes(item.name, assessment, [decision])


def _now(answer: Answer, assessment: Assessment, level: Level) -> str:
    if level == Level.PATIENT:
        return f"**{answer.decision.label}**: {in_full(answer, assessment, level)}"
    told = words(answer.values)
    if not answer.known:
        return f"**{answer.decision.label}**, not decided yet: {told}."
    meaning = said(answer, answer.value, assessment, level)
    reason = why(saying(answer, answer.value), level)
    return f"**{answer.decision.label}**: {told}. {meaning}{reason}"


def _cannot(not_known: Missing, protocol: Protocol) -> str:
    """Say what is not known and does not matter here, alone or at all."""
    groups = {
        "Not known, and changes nothing by itself, but might together with other things not "
        "known:": not_known.together,
        "Not known, and cannot change it, whatever else becomes known:": not_known.cannot,
    }
    told = [
        f"{lead} {'; '.join(label(name, protocol) for name in names)}."
        for lead, names in groups.items()
        if names
    ]
    if others := len(not_known.unrelated):
        told.append(f"No table that leads to it asks for any of the {others} other fields.")
    return "\n\n".join(told)


def _row(flip: Flip, now: Assessment, then: Assessment, level: Level) -> list[str]:
    protocol = now.protocol
    known = flip.name in now.case.given or flip.name in now.assumed
    value = f" ({value_of(flip.name, now)})" if known else ""
    (change,) = flip.changes
    return [
        f"{label(flip.name, protocol)}{value}",
        flip.written,
        _told(then[change.decision], change.then, then, level),
        _behind(change.rules, protocol, level),
    ]


def _differences(
    now: Assessment, then: Assessment, decisions: Sequence[str], level: Level
) -> Iterator[list[str]]:
    """Yield a row for every decision that changes, with the rules behind what it then comes to."""
    for change in changes_between(now, then, decisions):
        name, before, after, rules = change.decision, change.now, change.then, change.rules
        if then[name].collects:  # of all that applies only what is new, and why
            before = tuple(value for value in change.now if value not in change.then)
            after = tuple(value for value in change.then if value not in change.now)
            outcome = then[name].outcome
            rules = tuple(r.id for r in outcome.fired if outcome.said(r, name) in after)
        yield [
            label(name, now.protocol),
            _told(now[name], before, now, level),
            _told(then[name], after, then, level),
            _behind(rules, now.protocol, level),
        ]


def _told(answer: Answer, values: tuple[Value, ...], assessment: Assessment, level: Level) -> str:
    """Write values of an answer: a patient reads sentences, others the short words of the table.

    What lists all that applies has no short words.
    """
    if level != Level.PATIENT and not answer.collects:
        return words(values)
    return " ".join(said(answer, value, assessment, level) for value in values)


def _behind(rules: Iterable[str], protocol: Protocol, level: Level) -> str:
    """Name rules; to one who learns with why they are so."""
    if level == Level.TRAINEE:
        return " ".join(f"{id_}: {protocol.rules[id_][1].rationale}" for id_ in rules)
    return ", ".join(rules)
