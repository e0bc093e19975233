"""Calculators for notebooks: ipywidgets over the same assessment that everything else shows.

They are made from the data dictionary and the tables, and hold no clinical word or number. Each
shows its default state as plain tables too, which is what a static page or a reader without
JavaScript keeps.
"""

from b12lib.showing.calculators.calculator import Calculator
from b12lib.showing.calculators.case_builder import case_builder
from b12lib.showing.calculators.guidelines import guideline_comparison
from b12lib.showing.calculators.mma_reader import mma_reader
from b12lib.showing.calculators.quiz import quiz_widget
from b12lib.showing.calculators.scheduler import scheduler
from b12lib.showing.calculators.what_if import what_if

__all__ = [
    "Calculator",
    "case_builder",
    "guideline_comparison",
    "mma_reader",
    "quiz_widget",
    "scheduler",
    "what_if",
]
