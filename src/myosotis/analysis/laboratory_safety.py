"""Laboratory safety: the worst grade of every test after baseline, and its shift from baseline."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared
from myosotis.language.structure import Node
from myosotis.language.windows import Window
from myosotis.measures.derived.worst_grade import (
    LaboratoryTest,
)
from myosotis.study.population import EVERYONE, Population

__all__ = [
    "AMINOTRANSFERASES", "ANY_GRADE", "CREATINE_KINASE", "NOT_RAISED", "RAISED_CK", "SEVERE", "SHIFT", "WORST",
    "LaboratorySafety", "baseline_group", "lines_key",
]  # fmt: skip

AMINOTRANSFERASES = ("alt", "ast")

# What the results are of, by which they are found again.
WORST, SHIFT, CREATINE_KINASE = "worst grade", "shift", "creatine kinase on that day"
ANY_GRADE, SEVERE = "any grade", "grade 3 or 4"
RAISED_CK, NOT_RAISED = "raised", "not raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratorySafety:
    """Grade laboratory tests after baseline: the worst grade of each patient and the shift from baseline.

    Every value from the first to the last day of `follow_up` is graded, planned visit or not. Raises `ProtocolError`
    when follow-up begins before the baseline's window has ended, or a test is named twice or not at all.

    >>> from myosotis.language import baseline_window
    >>> from myosotis.measures.observations import alt
    >>> from myosotis.measures.safety_grades import ctcae_5_alt
    >>> LaboratorySafety(
    ...     key="laboratory",
    ...     title="Laboratory safety",
    ...     tests=(LaboratoryTest(series=alt, grade=ctcae_5_alt),),
    ...     baseline=baseline_window(days=28),
    ...     follow_up=Window(label="follow-up", target=84, first=1, last=168),
    ... ).tests[0].compares
    True
    """

    key: str
    title: str
    tests: tuple[LaboratoryTest, ...]
    baseline: Window
    follow_up: Window
    population: Population = EVERYONE
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if self.follow_up.first <= self.baseline.last:
            raise ProtocolError(
                f"in {self.key!r} follow-up begins on day {self.follow_up.first}, before {self.baseline.label} has ended "
                f"(day {self.baseline.last}); a baseline value would be graded as harm"
            )
        if not self.tests or len({test.key for test in self.tests}) != len(self.tests):
            raise ProtocolError(f"the analysis {self.key!r} needs at least one laboratory test, and each once")

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated: each test at baseline and at the value nearest to follow-up's target.

        The second is not counted; it holds the grading rule to the same result on the engine and in plain Python.
        """
        named: dict[str, Node] = {}
        for test in self.tests:
            named[self.name(test, "at baseline")] = test.before(self.baseline)
            named[self.name(test, f"at {self.follow_up.label}")] = test.at(self.baseline, self.follow_up)
        return named

    def name(self, test: LaboratoryTest, what: str) -> str:
        """Name the expression of a part of a test."""
        return f"{self.key}: {test.key} {what}"


def baseline_group(before: str) -> str:
    """Name the group of patients who were so at baseline, as the results of a shift do."""
    return f"baseline={before}"


def lines_key(analysis: LaboratorySafety) -> str:
    """Name the lines of patients by which a report finds them."""
    return f"{analysis.key}-patients"
