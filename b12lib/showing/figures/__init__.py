"""Figures of an assessment, a comparison or a protocol, for a cell, a report or a page.

>>> import b12lib
>>> b12lib.assess({"mma": "90 umol/L"}).figure("ruler").alt[:42]
"This patient's MMA is 90 µmol/L (90,000 nm"
"""

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.calendar import calendar as planned
from b12lib.showing.figures.calendar import calendar
from b12lib.showing.figures.coverage import coverage_map
from b12lib.showing.figures.figure import Figure
from b12lib.showing.figures.guidelines import guidelines
from b12lib.showing.figures.path import path
from b12lib.showing.figures.ruler import ruler
from b12lib.showing.figures.timeline import timeline

__all__ = [
    "OF_ASSESSMENT",
    "Figure",
    "calendar",
    "coverage_map",
    "guidelines",
    "of_assessment",
    "path",
    "ruler",
    "timeline",
]

OF_ASSESSMENT = {
    "ruler": ruler,
    "path": path,
    "calendar": lambda assessment: calendar(planned(assessment)),
    "timeline": timeline,
}
"""The figures that one case has, by name."""


def of_assessment(assessment: Assessment, name: str) -> Figure:
    """Return one of the figures of a case; ``KeyError`` names them when ``name`` is none."""
    if name not in OF_ASSESSMENT:
        raise KeyError(f"{name!r} is no figure; there are {', '.join(OF_ASSESSMENT)}")
    return OF_ASSESSMENT[name](assessment)
