"""Cells and formulas: what they accept, what they refuse, what they do with the unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b12lib.reading.dictionary import literal
from b12lib.reading.feel import formula, unary_tests


@pytest.mark.parametrize(
    ("cell", "below", "at", "above"),
    [
        ("< 133", True, False, False),
        ("<= 133", True, True, False),
        ("> 133", False, False, True),
        (">= 133", False, True, True),
        ("133", False, True, False),
        ("not(133)", True, False, True),
        ("not(< 133)", False, True, True),
        ("[133..258]", False, True, True),
        ("(133..258]", False, False, True),
        ("[10..133]", True, True, False),
        ("[10..133)", True, False, False),
        ("[133..133]", False, True, False),
        ("< 133, > 133", True, False, True),
        ("not(< 133, > 133)", False, True, False),
        ("-", True, True, True),
        ("unknown", False, False, False),
    ],
)
def test_limit(cell: str, below: bool, at: bool, above: bool) -> None:
    """A cell says of the values just below, at and just above its limit what it says in print."""
    tests = unary_tests(cell)

    assert [tests.matches(Decimal(n)) for n in ("132", "133", "134")] == [below, at, above]


def test_limit_is_exact() -> None:
    """Limits are decimal numbers: 0.3 is 0.3, whatever binary fractions make of it."""
    assert unary_tests("[0.3..1)").matches(Decimal("0.1") + Decimal("0.2"))
    assert not unary_tests("< 0.3").matches(Decimal("0.30"))


@pytest.mark.parametrize("value", [True, "raised", Decimal("1"), None])
def test_dash(value: object) -> None:
    """A dash matches everything, the unknown included."""
    assert unary_tests("-").matches(value)


@pytest.mark.parametrize(
    "cell",
    ["true", "false", '"raised"', "1", "< 1", ">= 1", "[0..1]", "not(true)", 'not("raised")'],
)
def test_unknown_value(cell: str) -> None:
    """What is not known satisfies no condition, not even a negated one."""
    assert not unary_tests(cell).matches(None)


@pytest.mark.parametrize("cell", ["unknown", "true, unknown", "unknown, < 1"])
def test_unknown_asked(cell: str) -> None:
    """Only the word unknown (or a dash) matches what is not known."""
    assert unary_tests(cell).matches(None)
    assert unary_tests(cell).asks_unknown


def test_unknown_is_no_known_value() -> None:
    """The word unknown matches no value that is known."""
    tests = unary_tests("unknown")

    assert not any(tests.matches(value) for value in (True, False, "unknown", Decimal("0")))


def test_not_unknown() -> None:
    """not(unknown) matches every known value and nothing else."""
    tests = unary_tests("not(unknown)")

    assert all(tests.matches(value) for value in (True, False, "raised", Decimal("0")))
    assert not tests.matches(None)
    assert tests.asks_unknown


@pytest.mark.parametrize(
    ("cell", "value"),
    [("true", Decimal("1")), ("1", True), ('"1"', Decimal("1")), ('"true"', True), ("< 5", True)],
)
def test_types_are_apart(cell: str, value: object) -> None:
    """True, 1 and "1" are three different values."""
    assert not unary_tests(cell).matches(value)


def test_words() -> None:
    """A list of quoted words matches each of them and no other."""
    tests = unary_tests('"raised", "extreme"')

    assert [tests.matches(word) for word in ("raised", "extreme", "normal")] == [True, True, False]


def test_negated_words() -> None:
    """not(...) matches the known words that it does not name, blanks or none around it."""
    tests = unary_tests('  not( "raised","extreme" ) , "raised" ')

    assert [tests.matches(word) for word in ("raised", "extreme", "normal")] == [True, False, True]


@pytest.mark.parametrize(
    ("cell", "limits"),
    [
        ("-", set()),
        ("unknown", set()),
        ('"raised"', set()),
        ("< 133", {"133"}),
        ("[133..258)", {"133", "258"}),
        ("not(5, >= 7.5)", {"5", "7.5"}),
        ("-2", {"-2"}),
    ],
)
def test_limits(cell: str, limits: set[str]) -> None:
    """A cell names the numbers at which its answer changes."""
    assert unary_tests(cell).limits == {Decimal(limit) for limit in limits}


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "nothing to read"),
        ("yes", "cannot read 'yes'"),
        ("raised", "cannot read 'raised'"),
        ('"raised', "cannot read '\"raised'"),
        ('"raised" "extreme"', "cannot read '\"extreme\"'"),
        ("true,", "nothing to read"),
        ("truer", "cannot read 'truer'"),
        ("== 5", "cannot read '== 5'"),
        ("5 .. 7", "cannot read '.. 7'"),
        ("[5..7", "cannot read '[5..7'"),
        ("[5..]", "cannot read '[5..]'"),
        ("1.5.2", "cannot read '.2'"),
        ("≤ 5", "cannot read '≤ 5'"),
        ("< ٣", "cannot read '< ٣'"),
        ("1e3", "cannot read 'e3'"),
        ("1234567890123", "cannot read '3'"),
        ("-, true", "cannot read '-, true'"),
        ("not()", "cannot read ')'"),
        ("not(true", "not( without its closing parenthesis"),
        ("not (true)", "cannot read 'not (true)'"),
        ("[7..5]", "the interval [7..5] is empty: its low end is the higher"),
        ("[5..5)", "the interval [5..5) is empty: it leaves out its own end"),
        ("(5..5]", "the interval (5..5] is empty: it leaves out its own end"),
    ],
)
def test_cell_refused(cell: str, message: str) -> None:
    """A cell that cannot be read says from where on."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        unary_tests(cell)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ('"raised"', "raised"), ("1.50", Decimal("1.50"))],
)
def test_literal(text: str, value: object) -> None:
    """An output cell states one value."""
    assert literal(text) == value
    assert type(literal(text)) is type(value)


@pytest.mark.parametrize("text", ["-", "unknown", "< 5", "true, false", 'not("raised")'])
def test_literal_refused(text: str) -> None:
    """An output cell that states no single value is refused."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        literal(text)

    expected = f"{text!r} is not a single value; write true, false or a quoted word"
    assert str(caught.value) == expected


VALUES = {
    "yes": True,
    "no": False,
    "two": Decimal("2"),
    "three": Decimal("3"),
    "zero": Decimal("0"),
    "word": "raised",
    "open": None,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("two + three", Decimal("5")),
        ("two - three", Decimal("-1")),
        ("two * three / 4", Decimal("1.5")),
        ("(two + three) * 0.1", Decimal("0.5")),
        ("two / zero", None),
        ("zero / two", Decimal("0")),
        ("two + open", None),
        ("open * zero", None),
        ("two + missing", None),
        ("two + yes", None),
        ("word - two", None),
        ("yes or no", True),
        ("no or no", False),
        ("yes or open", True),
        ("open or yes", True),
        ("no or open", None),
        ("open or open", None),
        ("no or no or yes", True),
        ("yes and yes", True),
        ("yes and no", False),
        ("no and open", False),
        ("open and no", False),
        ("yes and open", None),
        ("no or yes and open", None),
    ],
)
def test_formula(text: str, value: object) -> None:
    """A formula is known exactly when what is unknown in it cannot matter."""
    assert formula(text).value(VALUES, {}) == value


def test_number_as_written() -> None:
    """number(x) is the number of x as it was written, and unknown when none was."""
    written = formula("number(two) / 3")

    assert written.value(VALUES, {"two": Decimal("90")}) == Decimal("30")
    assert written.value(VALUES, {}) is None
    assert written.names == {"two"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("two +", "cannot read 'two +' as a formula"),
        ("", "cannot read '' as a formula"),
        ("not yes", "'not yes' is not allowed in a formula"),
        ("-two", "'-two' is not allowed in a formula"),
        ("two ** 2", "'two ** 2' is not allowed in a formula"),
        ("two < three", "'two < three' is not allowed in a formula"),
        ("two + True", "'True' is not allowed in a formula"),
        ("two + 'x'", "\"'x'\" is not allowed in a formula"),
        ("two + 1j", "'1j' is not allowed in a formula"),
        ("two + 1e3", "'1000.0' is not allowed in a formula"),
        ("two + 0x10", "'16' is not allowed in a formula"),
        ("two + 1_0", "'10' is not allowed in a formula"),
        (" two * 1e3", "'1000.0' is not allowed in a formula"),
        ("1", "the formula '1' uses no input"),
        ("1 + 1", "the formula '1 + 1' uses no input"),
        ("open('x')", "\"open('x')\" is not allowed in a formula"),
        ("number(2)", "'number(2)' is not allowed in a formula"),
        ("number(two, three)", "'number(two, three)' is not allowed in a formula"),
        ("number(two, unit=yes)", "'number(two, unit=yes)' is not allowed in a formula"),
        ("two.real", "'two.real' is not allowed in a formula"),
        ("yes or (lambda: no)()", "'(lambda: no)()' is not allowed in a formula"),
    ],
)
def test_formula_refused(text: str, message: str) -> None:
    """A formula that is more than arithmetic, or, and, and number(x) is refused."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        formula(text)

    assert str(caught.value) == message
