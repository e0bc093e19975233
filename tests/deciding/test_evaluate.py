"""How tables decide: completions, unanimity, the fallback to unknown, collecting, gaps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import b12lib
from b12lib.deciding.evaluate import decide
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.markdown import read_document
from b12lib.reading.tables import DecisionTable, read_table

Made = Callable[..., DecisionTable]


@pytest.fixture
def made(protocol: b12lib.Protocol) -> Made:
    """Return a function: a small table over fields and decisions of the packaged protocol.

    Each rule is written as its cells: inputs, then the answer.
    """
    dictionary: dict[str, Input | Decision] = {**protocol.inputs, **protocol.decisions}

    def make(policy: str, inputs: list[str], output: str, *rules: list[str]) -> DecisionTable:
        marks = ["`i`"] * len(inputs) + ["`o`"] * len(output.split(" | "))
        lines = [
            f"| {policy} | {' | '.join(inputs)} | {output} | rationale | sources |",
            f"|{'---|' * (len(marks) + 3)}",
            f"| | {' | '.join(marks)} | `a` | `a` |",
            *(f"| R{i} | {' | '.join(rule)} | why | @seed |" for i, rule in enumerate(rules, 1)),
        ]
        document = read_document("made.md", "## Made\n\n" + "\n".join(lines))
        return read_table(document.tables[0], dictionary)

    return make


def ids(rules: object) -> list[str]:
    """Return the rules' ids."""
    return [rule.id for rule in rules]


def test_known(made: Made) -> None:
    """When all inputs are known one rule fires and nothing is open."""
    table = made("U", ["numbness"], "anaemia", ["true", "true"], ["false", "false"])

    outcome = decide(table, {"numbness": (True,)})

    assert outcome.answers("anaemia") == (True,)
    assert (ids(outcome.fired), ids(outcome.open)) == (["R1"], [])
    assert outcome.could_change == ()
    assert outcome.failed_at(table.rules[0]) is None
    assert outcome.failed_at(table.rules[1]) == "numbness"


def test_unknown_that_matters(made: Made) -> None:
    """When an unknown input makes the difference, every possible answer is told, and the input."""
    table = made("U", ["numbness"], "anaemia", ["true", "true"], ["false", "false"])

    outcome = decide(table, {})

    assert outcome.answers("anaemia") == (True, False)
    assert (ids(outcome.fired), ids(outcome.open)) == ([], ["R1", "R2"])
    assert outcome.could_change == ("numbness",)


def test_unanimous(made: Made) -> None:
    """When every completion gives the same answer, what is unknown does not matter."""
    table = made("U", ["numbness"], "anaemia", ["true", "true"], ["false", "true"])

    outcome = decide(table, {})

    assert outcome.answers("anaemia") == (True,)
    assert (ids(outcome.fired), ids(outcome.open)) == ([], ["R1", "R2"])
    assert outcome.could_change == ()


def test_one_answer_from_two_rules_is_not_sure(made: Made) -> None:
    """Where rules are collected, what decides which of two rules says the same may matter."""
    rules = (["true", '"month-3"'], ["false", '"month-3"'])
    outcome = decide(made("C", ["numbness"], "monitoring", *rules), {})
    assert outcome.answers("monitoring") == ()
    assert outcome.could_change == ("numbness",)


def test_only_what_matters_is_named(made: Made) -> None:
    """An unknown input that no longer matters is not asked for."""
    table = made(
        "F",
        ["numbness", "gait_disturbance"],
        "anaemia",
        ["true", "-", "true"],
        ["false", "true", "true"],
        ["false", "false", "false"],
    )

    assert decide(table, {"numbness": (True,)}).could_change == ()
    assert decide(table, {"numbness": (False,)}).could_change == ("gait_disturbance",)
    assert decide(table, {}).could_change == ("numbness", "gait_disturbance")


def test_narrowed(made: Made) -> None:
    """A decision that may be only some of its answers makes only some completions."""
    table = made(
        "U", ["mma_level"], "anaemia", ['"raised", "extreme"', "true"], ['"normal"', "false"]
    )

    outcome = decide(table, {"mma_level": ("raised", "extreme")})

    assert outcome.answers("anaemia") == (True,)
    assert decide(table, {"mma_level": ("normal", "raised")}).answers("anaemia") == (True, False)


ASKING = (
    ["numbness"],
    "treat_now",
    ["true", '"immediately"'],
    ["false", '"no"'],
    ["unknown", '"test first"'],
)


def test_fallback_to_unknown(made: Made) -> None:
    """Where a rule asks for unknown, it answers for now, and the input is still named."""
    outcome = decide(made("U", *ASKING), {})

    assert outcome.answers("treat_now") == ("test first",)
    assert ids(outcome.fired) == ["R3"]
    assert outcome.considered == ((None,),)
    assert outcome.could_change == ("numbness",)


def test_unanimity_before_unknown(made: Made) -> None:
    """What holds whatever the unknown turns out to be goes before the rule for unknown."""
    table = made(
        "U",
        ["numbness"],
        "treat_now",
        ["true, false", '"immediately"'],
        ["unknown", '"test first"'],
    )

    outcome = decide(table, {})

    assert outcome.answers("treat_now") == ("immediately",)
    assert ids(outcome.fired) == ["R1"]
    assert outcome.could_change == ()


def test_unanimity_before_unknown_with_several_values(made: Made) -> None:
    """What every completion says goes before the rule for unknown, however many rules say it."""
    table = made(
        "U",
        ["numbness"],
        "treat_now",
        ["true", '"immediately"'],
        ["false", '"immediately"'],
        ["unknown", '"test first"'],
    )

    assert decide(table, {}).answers("treat_now") == ("immediately",)


def test_collected_now(made: Made) -> None:
    """A table that collects lists what its rules for unknown say, however little else is open."""
    table = made(
        "C",
        ["numbness", "gait_disturbance"],
        "considerations",
        ["true", "true", '"down-syndrome"'],
        ["-", "unknown", '"test-antibodies"'],
    )
    now = ("test-antibodies",)

    assert decide(table, {}).answers("considerations") == now
    assert decide(table, {"numbness": (True,)}).answers("considerations") == now
    assert decide(table, {"numbness": (False,)}).answers("considerations") == now
    assert decide(table, {"gait_disturbance": (False,)}).answers("considerations") == ()


def test_only_unknown_asked(made: Made) -> None:
    """A column may ask for nothing but whether its value is known."""
    table = made("C", ["numbness"], "considerations", ["unknown", '"test-antibodies"'])

    assert decide(table, {}).answers("considerations") == ("test-antibodies",)
    assert decide(table, {"numbness": (True, False)}).fired == table.rules
    assert decide(table, {"numbness": (True,)}).answers("considerations") == ()


def test_surest_rule(made: Made) -> None:
    """Under F the rule that alone guarantees the answer is named, not one that may come first."""
    table = made(
        "F",
        ["numbness", "gait_disturbance"],
        "anaemia",
        ["true", "-", "true"],
        ["-", "true", "true"],
        ["false", "false", "false"],
    )

    outcome = decide(table, {"gait_disturbance": (True,)})

    assert outcome.answers("anaemia") == (True,)
    assert (ids(outcome.fired), ids(outcome.open)) == (["R2"], [])


def test_no_surest_rule(made: Made) -> None:
    """Under F an answer that no single rule guarantees rests on all that may fire."""
    table = made("F", ["numbness"], "anaemia", ["true", "true"], ["false", "true"])

    outcome = decide(table, {})

    assert outcome.answers("anaemia") == (True,)
    assert (ids(outcome.fired), ids(outcome.open)) == ([], ["R1", "R2"])


def test_rule_for_unknown_says_the_same(made: Made) -> None:
    """Where the rule for unknown says what all completions say, that rule is the one named."""
    table = made(
        "U",
        ["numbness"],
        "treat_now",
        ["true", '"immediately"'],
        ["false", '"immediately"'],
        ["unknown", '"immediately"'],
    )

    outcome = decide(table, {})

    assert outcome.answers("treat_now") == ("immediately",)
    assert (ids(outcome.fired), ids(outcome.open)) == (["R3"], [])


def test_half_asking(made: Made) -> None:
    """A column without a rule for unknown stays open beside one that has it."""
    table = made(
        "U",
        ["numbness", "gait_disturbance"],
        "treat_now",
        ["true", "-", '"immediately"'],
        ["false, unknown", "true", '"while testing"'],
        ["false, unknown", "false", '"no"'],
    )

    outcome = decide(table, {})

    assert outcome.answers("treat_now") == ("while testing", "no")
    assert outcome.considered == ((None,), (True, False))
    assert decide(table, {"gait_disturbance": (True,)}).answers("treat_now") == ("while testing",)


def test_first(made: Made) -> None:
    """Under F the first rule that matches decides, and a later one that matches too does not."""
    table = made("F", ["numbness"], "treat_now", ["true", '"immediately"'], ["-", '"no"'])

    outcome = decide(table, {"numbness": (True,)})

    assert outcome.answers("treat_now") == ("immediately",)
    assert ids(outcome.fired) == ["R1"]
    assert outcome.failed_at(table.rules[1]) is None


def test_collect(made: Made) -> None:
    """Under C all rules that match are listed, and only what holds in any case."""
    table = made(
        "C",
        ["numbness", "gait_disturbance"],
        "considerations",
        ["true", "-", '"down-syndrome"'],
        ["-", "true", '"test-antibodies"'],
        ["true", "true", '"down-and-thyroid"'],
    )

    both = decide(table, {"numbness": (True,), "gait_disturbance": (True,)})
    one = decide(table, {"numbness": (True,)})
    none = decide(table, {"numbness": (False,), "gait_disturbance": (False,)})

    assert both.answers("considerations") == (
        "down-syndrome",
        "test-antibodies",
        "down-and-thyroid",
    )
    assert one.answers("considerations") == ("down-syndrome",)
    assert (ids(one.open), one.could_change) == (["R2", "R3"], ("gait_disturbance",))
    assert none.answers("considerations") == ()


@pytest.mark.parametrize("policy", ["U", "F"])
def test_gap(made: Made, policy: str) -> None:
    """Values for which no rule was written are never passed over."""
    table = made(
        policy, ["numbness", "egfr"], "anaemia", ["true", "-", "true"], ["-", "< 60", "true"]
    )
    with pytest.raises(b12lib.ProtocolError) as caught:
        decide(table, {"numbness": (False,), "egfr": (table.columns[1].domain[-1],)})

    assert str(caught.value) == (
        "the protocol is refused\n  made.md:3, table 'Made': no rule applies when "
        "numbness = false, egfr = 60\n    exactly one rule must apply"
    )


def test_gap_for_unknown(made: Made) -> None:
    """A gap that only unknown gait_disturbance into is named as well."""
    table = made(
        "U",
        ["numbness", "mma_level"],
        "anaemia",
        ["true", "-", "true"],
        ["false", '"raised"', "true"],
        ["false", '"normal", "extreme"', "false"],
        ["unknown", '"raised", "normal"', "false"],
    )
    with pytest.raises(b12lib.ProtocolError, match="no rule applies when") as caught:
        decide(table, {"mma_level": ("extreme",)})

    assert 'numbness = unknown, mma_level = "extreme"' in str(caught.value)


def test_overlap(made: Made) -> None:
    """Under U two rules for the same values are never decided between in silence."""
    table = made("U", ["egfr"], "anaemia", ["<= 60", "true"], [">= 60", "false"])
    with pytest.raises(b12lib.ProtocolError) as caught:
        decide(table, {})

    assert str(caught.value) == (
        "the protocol is refused\n  made.md:3, table 'Made': R1 and R2 apply when egfr = 60\n"
        "    exactly one rule must apply"
    )


def test_domain(made: Made) -> None:
    """A number's completions are one value for each way in which the column's cells turn out."""
    table = made(
        "U", ["egfr"], "anaemia", ["< 30", "true"], ["[30..60)", "true"], [">= 60", "false"]
    )

    assert [str(value) for value in table.columns[0].domain] == ["1", "30", "60"]


def test_several_outputs(made: Made) -> None:
    """One table may make several decisions, and each is known on its own."""
    table = made(
        "U",
        ["numbness"],
        "anaemia | leukopenia",
        ["true", "true", "false"],
        ["false", "false", "false"],
    )

    outcome = decide(table, {})

    assert outcome.answers("anaemia") == (True, False)
    assert outcome.answers("leukopenia") == (False,)
