"""The sections that look ahead: what is not known and whether it matters, what would turn it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.flips import Flip, flips
from b12lib.explaining.missing import PART, Unknown, missing
from b12lib.explaining.wording import inside, label, quantity, value_of, words
from b12lib.reading.protocol import Protocol


def unknown(assessment: Assessment) -> str:
    """Say what could change the treatment, what settles most first; what might; what cannot."""
    protocol = assessment.protocol
    found = missing(assessment)
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for item in found.alone:
        parts[item.part_of].append(item.name)
    rows = [_could_change(item, parts[item.name], protocol) for item in found.whole]
    lines = []
    if rows:
        lines.append("Could change the treatment; what settles most comes first:")
        lines.append("\n".join(rows))
    if found.together:
        lines.append(
            "Changes nothing by itself, but might together with other things not known: "
            f"{_labels(found.together, protocol)}."
        )
    if not lines:
        lines.append("Nothing that matters to the treatment is missing.")
    if found.cannot:
        lines.append(
            "Not known, and cannot change the treatment, whatever else becomes known: "
            f"{_labels(found.cannot, protocol)}."
        )
    return "\n\n".join(lines)


def _could_change(item: Unknown, parts: list[str], protocol: Protocol) -> str:
    asked = protocol.dictionary[item.name].question
    also = f" In parts: {_labels(parts, protocol)}." if parts else ""
    changed = _labels(item.changes, protocol)
    return f"- **{label(item.name, protocol)}** could change: {changed}. *{asked}*{also}"


def turning(assessment: Assessment) -> str:
    """Say which other value of something known would change the treatment, and how."""
    protocol = assessment.protocol
    treatment = [d.name for d in protocol.decisions.values() if d.part == PART]
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for flip in flips(assessment, treatment):  # symptoms, say, that do the same are told together
        alike[_instead(flip, assessment), _changes(flip, protocol)].append(flip.name)
    if not alike:
        return "No other value of anything known would by itself change the treatment."
    lines = [
        f"- **{label(first, protocol)}{_others(others, protocol)}**: {instead}. {changes}."
        for (instead, changes), (first, *others) in alike.items()
    ]
    lead = (
        "By itself, all else as it is, the nearest value below or above, or another answer, that "
        "would change the treatment, and how:"
    )
    return f"{lead}\n\n" + "\n".join(lines)


def _instead(flip: Flip, assessment: Assessment) -> str:
    """Write the value that would change something, and the value that is known."""
    protocol, given = assessment.protocol, assessment.case.given.get(flip.name)
    then = flip.written
    if isinstance(flip.value, Decimal):
        item = protocol.inputs[flip.name]
        canonical = quantity(item, flip.value, protocol)
        then = f"{then} ({canonical})" if given and given.unit != item.unit else canonical
    taken = "" if given else ", which was assumed"
    return f"{then} instead of {value_of(flip.name, assessment)}{taken}"


def _changes(flip: Flip, protocol: Protocol) -> str:
    return "; ".join(
        f"{label(change.decision, protocol)} {words(change.then)} instead of {words(change.now)} "
        f"`{', '.join(change.rules)}`"
        for change in flip.changes
    )


def _others(names: Sequence[str], protocol: Protocol) -> str:
    return f", {_labels(names, protocol)}" if names else ""


def _labels(names: Sequence[str], protocol: Protocol) -> str:
    return ", ".join(inside(label(name, protocol)) for name in names)
