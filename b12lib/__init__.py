"""b12lib: an executable, literate clinical protocol for vitamin B12 deficiency.

    >>> import b12lib
    >>> assessment = b12lib.assess({"mma": "90 umol/L", "neurological": "no"})
    >>> assessment["treat_now"].value
    'immediately'

For education. It does not replace clinical judgement or local guidance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from b12lib.deciding.assessment import Answer
from b12lib.deciding.case import Case
from b12lib.deciding.case import read_case as _read_case
from b12lib.errors import B12Error, CaseError, ProtocolError
from b12lib.folder import case_text, load_protocol, profiles
from b12lib.reading.protocol import Protocol
from b12lib.showing.display import Assessment
from b12lib.showing.display import assess as _assess

if TYPE_CHECKING:
    from b12lib.showing.comparison import Comparison
    from b12lib.showing.quiz import Quiz

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Assessment",
    "B12Error",
    "Case",
    "CaseError",
    "Protocol",
    "ProtocolError",
    "assess",
    "compare",
    "load_protocol",
    "profiles",
    "quiz",
    "read_case",
    "vary",
]


def read_case(
    source: PathLike[str] | str | Mapping[str, Any], protocol: Protocol | None = None
) -> Case:
    """Read a case from a file, from YAML or JSON text, or from a mapping.

    Raises ``CaseError`` listing every fault: field, value, what was expected, how to mend it.
    """
    if isinstance(source, PathLike):
        source = case_text(source)
    return _read_case(source, protocol or load_protocol())


def assess(
    case: Case | PathLike[str] | str | Mapping[str, Any], protocol: Protocol | None = None
) -> Assessment:
    """Decide a case under ``protocol``, by default the one that comes with the library.

    A ``Case`` was read under a protocol already and is decided by that one. Raises ``CaseError``
    when the case cannot be read or is refused, ``ProtocolError`` when a table of another
    protocol has a gap or an overlap just there (``b12 check`` finds them all beforehand).
    """
    if not isinstance(case, Case):
        case = read_case(case, protocol)
    elif protocol not in (None, case.protocol):
        raise ValueError("the case was read under another protocol; read it again under this one")
    return _assess(case)


def vary(
    patient: Mapping[str, Any],
    changes: Mapping[str, Mapping[str, Any]],
    protocol: Protocol | None = None,
) -> dict[str, Assessment]:
    """Decide one patient told in several ways: by name, what each way adds or says otherwise.

    Raises what ``assess`` raises.
    """
    return {name: assess({**patient, **change}, protocol) for name, change in changes.items()}


def compare(
    case: Case | PathLike[str] | str | Mapping[str, Any],
    profiles: Iterable[str] | None = None,
    folder: PathLike[str] | str | None = None,
) -> Comparison:
    """Decide a case under the base protocol and under ``profiles``, by default all there are.

    ``folder`` is that of another protocol. A side that refuses the case says so in the comparison;
    raises ``CaseError`` only when all of them do.
    """
    from b12lib.explaining.comparison import comparison, side, written
    from b12lib.folder import profiles as all_profiles
    from b12lib.showing.comparison import shown

    if isinstance(case, Case):
        case = written(case)
    elif isinstance(case, PathLike):
        case = case_text(case)
    names = all_profiles(folder) if profiles is None else profiles
    protocols = [load_protocol(folder), *(load_protocol(folder, name) for name in names)]
    return shown(comparison([side(case, protocol) for protocol in protocols]))


def quiz(
    questions: int = 10,
    level: int | None = None,
    seed: int = 0,
    profile: str | None = None,
    folder: PathLike[str] | str | None = None,
) -> Quiz:
    """Make questions from the tables, the worked cases, their visits and the claims of a protocol.

    The same ``seed`` gives the same questions everywhere; ``level`` is 1, one table away from the
    data, 2, through several tables, or 3, about what is not known or about a claim that has to be
    weighed; by default all. ``folder`` is that of another protocol. Raises ``B12Error`` when there
    are not so many questions.
    """
    from pathlib import Path

    from b12lib.publishing.worked_cases import packaged_cases, read_cases
    from b12lib.showing.quiz import quiz as make

    protocol = load_protocol(folder, profile)
    cases = read_cases(protocol, Path(folder))[0] if folder else packaged_cases(profile)
    return make(protocol, cases, questions, level, seed)
