"""The verification page: what was proved, tried and found about the protocol, rule by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from b12lib.publishing.links import Links
from b12lib.publishing.pages import Heading, notices, page
from b12lib.publishing.text import Body, markdown_html
from b12lib.publishing.worked_cases import read_cases
from b12lib.reading.properties import Property
from b12lib.reading.protocol import Chapter, Protocol
from b12lib.reading.tables import DecisionTable, Rule
from b12lib.showing.figures import coverage_map
from b12lib.showing.verification import CAUGHT, findings, summary
from b12lib.verifying.coverage import Coverage, Limit, RuleCoverage
from b12lib.verifying.mutation import Mutant
from b12lib.verifying.proofs import Proof
from b12lib.verifying.verification import Verification, verify

SECTIONS = (
    Heading(2, "summary", "In short"),
    Heading(2, "open", "What is open"),
    Heading(2, "properties", "Safety properties"),
    Heading(2, "rules", "Rule by rule"),
    Heading(2, "limits", "At every limit"),
)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A rule, or a whole table where ``rule`` is none, and what was tried on it."""

    table: DecisionTable
    rule: Rule | None
    covered: RuleCoverage | None
    mutants: Sequence[Mutant]

    @property
    def caught(self) -> Counter[str]:
        """How many changes had which fate."""
        return Counter(mutant.caught for mutant in self.mutants)

    @property
    def catchers(self) -> Counter[str]:
        """How many changes each worked case or property was the first to catch."""
        return Counter(m.by for m in self.mutants if m.caught in ("case", "property"))


def verified(protocol: Protocol) -> Verification:
    """Verify the packaged protocol with all its worked cases; this takes its time."""
    return verify(protocol, *read_cases(protocol))


def verification_html(found: Verification, reports: Collection[str], today: date) -> str:
    """Return the page; a case whose name is among ``reports`` is linked to its report."""
    protocol = found.protocol
    links = Links(protocol, "protocol/")
    open_ = [(title, _listed(lines, links)) for title, lines in findings(found) if lines]
    return page(
        "verification.html.j2",
        protocol,
        title="Verification",
        summary="What was proved, tried and found about the tables, rule by rule.",
        section="verification",
        contents=SECTIONS,
        notices=notices(protocol.header, today),
        said=_listed(summary(found), links),
        open=open_,
        proofs=list(_proofs(found)),
        chapters=list(_chapters(found)),
        fates=CAUGHT,
        limits=list(_limits(found)),
        covered=_covered(found),
        reports=reports,
        links=links,
    )


def _covered(found: Verification) -> Markup:
    """Draw which rules worked cases fire, where the tables could decide any."""
    covered = found.coverage
    return Markup(coverage_map(found.protocol, covered)._repr_html_() if covered else "")


def _listed(lines: Iterable[str], links: Links) -> Body:
    return markdown_html("\n".join(f"- {line}" for line in lines), links)


def _proofs(found: Verification) -> Iterator[tuple[Property, Proof]]:
    for proof in found.proofs or ():
        yield found.protocol.properties[proof.property], proof


def _chapters(found: Verification) -> Iterator[tuple[Chapter, list[_Tried]]]:
    """Yield every chapter that has tables, with its rules in the order of the text."""
    covered = {item.rule: item for item in (found.coverage or Coverage((), ())).rules}
    mutants: defaultdict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in found.mutants:
        mutants[mutant.table, mutant.rule].append(mutant)
    for chapter in found.protocol.chapters:
        tables = [t for t in found.protocol.written if t.place.file == chapter.file]
        tables.sort(key=lambda table: table.place)
        tried = []
        for table in tables:
            tried.append(_Tried(table, None, None, mutants[table.title, ""]))
            for rule in table.rules:
                changed = mutants[table.title, rule.id]
                tried.append(_Tried(table, rule, covered.get(rule.id), changed))
        if tried:
            yield chapter, tried


def _limits(found: Verification) -> Iterator[tuple[Limit, str, str]]:
    """Yield every limit with the input's label and its unit."""
    protocol = found.protocol
    for limit in (found.coverage or Coverage((), ())).limits:
        item = {**protocol.inputs, **protocol.visits.inputs}[limit.column]
        yield limit, item.label, protocol.units[item.unit].printed
