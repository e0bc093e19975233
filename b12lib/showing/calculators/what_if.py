"""What would change an answer: each value that would, as a button that tries it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.comparison import in_words
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
    styled,
    tell,
    widgets,
)
from b12lib.showing.section import table

KNOWN = "Known or assumed: the nearest values that would change it"
UNKNOWN = "Not known: what would change it, what settles most first"
ASK = "Press a value to see what it would change."


def what_if(assessment: Assessment, decision: str = "treat_now") -> Calculator:
    """Pick a decision, see what would change it and what cannot, and try each value.

    Raises ``KeyError`` for a decision that is stated, or is no finding and not of the treatment.
    """
    explorer = _Explorer(assessment, decision)
    return calculator("what-if", [explorer.widget], explorer.plain(), assessment.protocol)


class _Explorer:
    def __init__(self, assessment: Assessment, decision: str) -> None:
        self.assessment, protocol = assessment, assessment.protocol
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
        self.pick.observe(self.show, names="value")
        self.show()

    @property
    def widget(self) -> Any:
        """The decision and the values to try, and beside them what one of them changes."""
        tries = []
        for title, box in zip((KNOWN, UNKNOWN), self.buttons, strict=True):
            tries += [heading := panel(), box]
            tell(heading, f"**{title}**")
        return beside([self.pick, self.now, *tries, self.cannot], [self.difference])

    def show(self, _: object = None) -> None:
        """Look at the decision that is picked."""
        name = self.pick.value
        not_known = missing(self.assessment, [name])
        self.found = [
            flips(self.assessment, [name]),
            tuple(_once_known(name, not_known, self.assessment)),
        ]
        self.said_now = _now(self.assessment[name], self.assessment)
        self.said_cannot = _cannot(not_known, self.assessment.protocol)
        tell(self.now, self.said_now)
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
        then = Suppose(self.assessment, [self.pick.value])(flip.name, flip.value)
        assert then  # a value with which the case would be refused is never offered
        first = self.pick.value
        others = [name for name in then.answers if name not in (first, flip.name)]
        rows = _differences(self.assessment, then, [first, *others])
        changed = table(["If so", "now", "then", "rules"], list(rows))
        tell(self.difference, f"**{self._said(flip)}**\n\n{changed}")

    def plain(self) -> str:
        """Write what the picked decision comes to, and what would change it."""
        parts = [self.said_now]
        for title, found in zip((KNOWN, UNKNOWN), self.found, strict=True):
            rows = [_row(flip, self.assessment) for flip in found]
            parts += [table([title, "if it were", "then", "rules"], rows)] if rows else []
        return "\n\n".join([*parts, self.said_cannot])


def _once_known(decision: str, not_known: Missing, assessment: Assessment) -> Iterator[Flip]:
    """Yield what could turn out so that it changes; nothing is asked both whole and in parts."""
    for item in not_known.whole:
        yield from outcomes(item.name, assessment, [decision])


def _now(answer: Answer, assessment: Assessment) -> str:
    values = words(answer.values)
    if not answer.known:
        return f"**{answer.decision.label}**, not decided yet: {values}."
    meaning = in_words(answer.decision, answer.value, assessment)
    return f"**{answer.decision.label}**: {values}. {meaning}"


def _cannot(not_known: Missing, protocol: Protocol) -> str:
    """Say what is not known and does not matter here, alone or at all."""
    groups = {
        "Not known, and changes nothing by itself, but might together with other things not "
        "known:": not_known.together,
        "Not known, and cannot change it, whatever else becomes known:": not_known.cannot,
    }
    told = [
        f"{said} {'; '.join(label(name, protocol) for name in names)}."
        for said, names in groups.items()
        if names
    ]
    if others := len(not_known.unrelated):
        told.append(f"For {others} other fields no table asks that leads to it.")
    return "\n\n".join(told)


def _row(flip: Flip, assessment: Assessment) -> list[str]:
    protocol = assessment.protocol
    known = flip.name in assessment.case.given or flip.name in assessment.assumed
    now = f" ({value_of(flip.name, assessment)})" if known else ""
    (change,) = flip.changes
    return [
        f"{label(flip.name, protocol)}{now}",
        flip.written,
        words(change.then),
        ", ".join(change.rules),
    ]


def _differences(
    now: Assessment, then: Assessment, decisions: Sequence[str]
) -> Iterator[list[str]]:
    """Yield a row for every decision that changes, with the rules behind what it then comes to."""
    for change in changes_between(now, then, decisions):
        name = change.decision
        gone = [value for value in change.now if value not in change.then]
        new = [value for value in change.then if value not in change.now]
        rules = change.rules
        if then[name].collects:  # of all that applies only what is new, and why
            said = then[name].outcome.said
            rules = tuple(r.id for r in then[name].outcome.fired if said(r, name) in new)
        yield [
            label(name, now.protocol),
            _told(now[name], gone, now),
            _told(then[name], new, then),
            ", ".join(rules),
        ]


def _told(answer: Answer, values: Sequence[Value], assessment: Assessment) -> str:
    """Write an answer; of one that lists all that applies only what the other does not list."""
    if answer.collects:
        return " ".join(in_words(answer.decision, value, assessment) for value in values)
    return words(answer.values)
