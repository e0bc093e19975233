"""Units: the dictionary's factors against pint, its codes against UCUM, and the printed limits."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

import b12lib
from b12lib.deciding.fields import plain, readings, unit_code

# Grams per mole. MMA C4H6O4, cyanocobalamin C63H88CoN14O14P, folic acid C19H19N7O6: PubChem
# (CID 487, 5311498, 135398658). Haemoglobin: the monomer (a quarter of the tetramer), the
# conventional value of IFCC and ICSH by which laboratories convert g/dL and mmol/L.
MOLAR_MASS = {
    "mma": 118.09,
    "mma_limit": 118.09,
    "b12": 1355.37,
    "folate": 441.4,
    "haemoglobin": 16114.5,
}

PROTOCOL = b12lib.load_protocol()
QUANTITIES = [item for item in PROTOCOL.inputs.values() if item.kind == "quantity"]
FACTORS = [
    pytest.param(item.name, unit, factor, id=f"{item.name} in {unit}")
    for item in QUANTITIES
    for unit, factor in item.factors.items()
]


@pytest.fixture(scope="module")
def from_ucum() -> Iterator[Callable[[str], object]]:
    """Return pint's reader of UCUM codes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable()
        try:
            from ucumvert import PintUcumRegistry

            yield PintUcumRegistry().from_ucum
        finally:
            logging.disable(logging.NOTSET)


@pytest.mark.parametrize("code", PROTOCOL.units)
def test_ucum(from_ucum: Callable[[str], object], code: str) -> None:
    """Every unit of units.md is a UCUM unit."""
    assert from_ucum(code) is not None


@pytest.mark.parametrize(("name", "unit", "factor"), FACTORS)
def test_factor(from_ucum: Callable[[str], object], name: str, unit: str, factor: Decimal) -> None:
    """Every conversion factor is within 0.1 % of what pint works out from UCUM and molar mass."""
    given = 1 * from_ucum(unit)
    canonical = 1 * from_ucum(PROTOCOL.inputs[name].unit)
    gram_per_litre = from_ucum("g/L")
    mole_per_litre = from_ucum("mol/L")
    if given.dimensionality != canonical.dimensionality:
        if given.is_compatible_with(gram_per_litre):
            moles = given.to("gram/liter").magnitude / MOLAR_MASS[name]
            given = moles * mole_per_litre
        else:
            grams = given.to("mole/liter").magnitude * MOLAR_MASS[name]
            given = grams * gram_per_litre

    expected = (given / canonical).to("dimensionless").magnitude

    assert float(factor) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("name", "unit", "factor"), FACTORS)
def test_spellings(name: str, unit: str, factor: Decimal) -> None:
    """Every spelling of a unit is read as that unit, whatever the micro sign, case and blanks."""
    item = PROTOCOL.inputs[name]
    known = PROTOCOL.units[unit]
    middle = readings(item, Decimal(1))[unit]
    number = sum(item.range) / 2 / middle
    for spelling in (known.code, known.printed, *known.spellings):
        for variant in (spelling, f" {spelling} "):
            assert unit_code(variant, item, PROTOCOL) == unit
        for variant in (spelling.upper(), spelling.lower()):
            # Only where capitals would make two units one, such as G/L and g/L, do they matter.
            others = spelling.lower() == "g/l" and variant != spelling
            assert unit_code(variant, item, PROTOCOL) == (None if others else unit)
        if (not spelling[0].isdigit() or spelling.startswith("10")) and item.may_be_given:
            given = b12lib.read_case({name: f"{number:.12f} {spelling}"}).given[name]
            assert given.value == item.round(Decimal(f"{number:.12f}") * factor)


@pytest.mark.parametrize("micro", ["u", "\u00b5", "\u03bc"])
def test_micro(micro: str) -> None:
    """The two look-alike signs for micro, and u, are one."""
    assert b12lib.read_case({"mma": f"90 {micro}mol/L"}).given["mma"].value == 90000


@pytest.mark.parametrize("item", QUANTITIES, ids=lambda item: item.name)
def test_no_ambiguous_spelling(item: object) -> None:
    """No spelling means two units of one field that differ in size."""
    sizes: dict[str, set[Decimal]] = {}
    for code, factor in item.factors.items():
        unit = PROTOCOL.units[code]
        for spelling in (unit.code, unit.printed, *unit.spellings):
            folded = spelling.replace("µ", "u").lower()
            sizes.setdefault(folded, set()).add(factor)

    assert not {spelling for spelling, factors in sizes.items() if len(factors) > 1}


@pytest.mark.parametrize(
    "written",
    [
        *("3.2 10*9/L", "3.2 10^9/L", "3.2x10^9/L", "3.2 ×10⁹/L", "3.2 10e9/L", "3.2 10E9/L"),
        *("3.2 K/uL", "3.2 K/µL", "3.2 10*3/uL", "3200 /uL", "3200/mm3", "3200 cells/uL"),
        *("3.2e3 /uL", "3.2 G/L", "+3.2 x10^9/L", "3.20 Gpt/L"),
    ],
)
def test_white_cells(written: str) -> None:
    """One count in the ways in which laboratories print it is one value; K is thousands."""
    assert b12lib.read_case({"wbc": written}).given["wbc"].value == Decimal("3.20")


@pytest.mark.parametrize("written", ["510*9/L", "5 100 /uL", "5 1000", "5 10/uL", "5 10 x10^9/L"])
def test_no_split_numbers(case_refused: Callable[..., str], written: str) -> None:
    """A power of ten is a unit only behind a space; digits apart are never put together."""
    assert case_refused({"wbc": written}).startswith(f"wbc = {written}: ")


def test_mapping() -> None:
    """A value may come as number and unit apart."""
    given = b12lib.read_case({"mma": {"value": 90, "unit": "umol/L"}}).given["mma"]

    assert (given.value, given.number, given.written) == (90000, 90, "90 umol/L")
    assert given.unit == "umol/L"


@pytest.mark.parametrize(
    ("number", "written"),
    [("100", "100"), ("1E+3", "1000"), ("2.0", "2"), ("1.50", "1.5"), ("0.05", "0.05")],
)
def test_numbers_are_written_plainly(number: str, written: str) -> None:
    """A number is written without exponent and without zeros that only fill places."""
    assert plain(Decimal(number)) == written


@pytest.mark.parametrize(
    ("written", "value", "level"),
    [
        ("179 ng/L", 132, "low"),
        ("180 ng/L", 133, "indeterminate"),
        ("350 ng/L", 258, "indeterminate"),
        ("351 ng/L", 259, "normal"),
        ("180 pg/mL", 133, "indeterminate"),
        ("132 pmol/L", 132, "low"),
        ("133 pmol/L", 133, "indeterminate"),
        ("258 pmol/L", 258, "indeterminate"),
        ("259 pmol/L", 259, "normal"),
        ("132.4 pmol/L", 132, "low"),
        ("132.5 pmol/L", 133, "indeterminate"),
    ],
)
def test_total_b12(written: str, value: int, level: str) -> None:
    """Total B12 falls on the same side of each limit in both of the units that NICE prints."""
    assessment = b12lib.assess({"b12": written})

    assert assessment.values["b12"] == value
    assert assessment["b12_level"].value == level


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("24.9 pmol/L", "low"),
        ("25 pmol/L", "indeterminate"),
        ("70 pmol/L", "indeterminate"),
        ("70.1 pmol/L", "normal"),
    ],
)
def test_active_b12(written: str, level: str) -> None:
    """Active B12 is low below 25 and normal above 70 pmol/L."""
    assert b12lib.assess({"active_b12": written})["active_b12_level"].value == level


@pytest.mark.parametrize(
    ("written", "value"),
    [("7.6 g/dL", 76), ("4.7 mmol/L", 76), ("76.49 g/L", 76), ("76.5 g/L", 77)],
)
def test_haemoglobin(written: str, value: int) -> None:
    """Haemoglobin is converted once and rounded to whole grams, halves upwards."""
    assert b12lib.assess({"haemoglobin": written}).values["haemoglobin"] == value
