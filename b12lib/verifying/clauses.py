"""What the clauses of a property mean; ``protocol/properties.md`` says the same in words.

Over the model's unknowns they speak of every case, over the answers of an assessment of that one.
"""

from __future__ import annotations

from b12lib.reading.properties import ALWAYS, ANSWERED, Clause
from b12lib.reading.protocol import Protocol
from b12lib.verifying.model import Decided, T, all_of, any_of


def holds(clause: Clause, case: Decided[T], protocol: Protocol, false: T) -> T:
    """Return where a clause on one case holds."""
    if clause.verb == ALWAYS:
        return ~false
    if clause.verb == ANSWERED:
        chosen = (name for name in protocol.decisions if name not in protocol.collecting)
        answered = (any_of(case.possible[name].values(), false) for name in chosen)
        return all_of(answered, ~case.gap)
    values = case.possible[clause.name]
    if clause.verb == "lists":
        return all_of((values[value] for value in clause.values), ~false)
    named = any_of((is_ for value, is_ in values.items() if value in clause.values), false)
    others = any_of((is_ for value, is_ in values.items() if value not in clause.values), false)
    return {"may be": named, "is never": ~named, "is": ~others}[clause.verb]


def holds_between(
    clause: Clause, first: Decided[T], second: Decided[T], protocol: Protocol, false: T
) -> T:
    """Return where a demand on two cases holds."""
    if clause.verb == "only narrows":
        more, less = first.possible[clause.name], second.possible[clause.name]
        if clause.name in protocol.collecting:  # what is listed stays listed
            more, less = less, more
        return all_of((more[value] | ~is_ for value, is_ in less.items()), ~false)
    before = [first.possible[clause.name][value] for value in clause.values]
    after = [second.possible[clause.name][value] for value in clause.values]
    return all_of(
        (
            (~after[rank] | any_of(before[: rank + 1], false))  # something as weak was possible
            & (~before[rank] | any_of(after[rank:], false))  # something as strong still is
            for rank in range(len(clause.values))
        ),
        ~false,
    )
