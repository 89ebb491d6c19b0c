"""Compute laboratory safety: the worst grade of each patient and test, shifts, raised muscle enzymes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, Listing, evidence_row
from myosotis.analysis.estimators import count_row, proportion
from myosotis.analysis.laboratory_safety import (
    AMINOTRANSFERASES,
    ANY_GRADE,
    CREATINE_KINASE,
    NOT_RAISED,
    RAISED_CK,
    SEVERE,
    SHIFT,
    WORST,
    LaboratorySafety,
    baseline_group,
    lines_key,
)
from myosotis.analysis.output import AnalysisOutput
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import PatientRecord
from myosotis.language.windows import Window
from myosotis.measures.derived.worst_grade import (
    NOT_EVALUABLE,
    NOT_MEASURED,
    LaboratoryTest,
    WorstGrade,
    worst_grade,
)
from myosotis.measures.safety_grades import transaminases_may_be_muscle
from myosotis.results.listing import PatientLines
from myosotis.results.schema import ResultRow

__all__ = ["beside_ck", "compute_laboratory", "worst_grades"]


Rows = Mapping[tuple[str, str], ResultRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graded:
    """Hold one test's worst grades and its results by level and statistic, or by baseline and worst grade."""

    found: Sequence[WorstGrade]
    rows: Rows
    contributions: tuple[Contribution, ...]


def compute_laboratory(analysis: LaboratorySafety, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    parts = [_test(analysis, cohort, test) for test in analysis.tests]
    found = {test.key: part.found for test, part in zip(analysis.tests, parts, strict=True)}
    return AnalysisOutput(
        rows=tuple(row for part in parts for row in part.rows.values()),
        contributions=tuple(one for part in parts for one in part.contributions),
        listings_shown=(_listing(analysis, found),),
    )


def worst_grades(analysis: LaboratorySafety, cohort: Cohort, test: LaboratoryTest) -> list[WorstGrade]:
    """Find the worst grade of a test of each patient of the analysis."""
    before = cohort.outcomes[analysis.name(test, "at baseline")]
    return [
        worst_grade(cohort.records[patient], test, analysis.baseline, analysis.follow_up, before[patient])
        for patient in cohort.patients(analysis.population.key)
    ]


def beside_ck(one: WorstGrade, record: PatientRecord) -> bool | None:
    """Say whether creatine kinase was raised on the day of a raised aminotransferase's worst grade.

    None where that cannot be told: also where the worst grade is at least 1 by its bounds, and no day is its own.
    """
    if one.day is None or not one.at_least(1):
        return None
    day = Window(label=f"day {one.day}", target=one.day, first=one.day, last=one.day)
    verdict = evaluate_patient(transaminases_may_be_muscle.at(day), record).result
    assert verdict is None or isinstance(verdict, bool)
    return verdict


def _test(analysis: LaboratorySafety, cohort: Cohort, test: LaboratoryTest) -> _Graded:
    found = worst_grades(analysis, cohort, test)
    base: dict[str, Any] = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": test.key, "population": analysis.population.key,
    }  # fmt: skip
    every = _part(analysis, cohort, test, "all patients", found)
    parts = [every]
    unmeasured = sum(one.after == NOT_MEASURED for one in found)
    rows = {("all", "n_missing"): count_row({**base, "provenance_id": every.id}, "n_missing", unmeasured)}
    for label, lowest in ((ANY_GRADE, 1), (SEVERE, 3)):
        members = [one for one in found if one.at_least(lowest) is True]
        open_ = sum(one.at_least(lowest) is None and one.after != NOT_MEASURED for one in found)
        settled = sum(one.at_least(lowest) is not None for one in found)
        part = _part(analysis, cohort, test, label, members)
        parts.append(part)
        keys = {**base, "variable": WORST, "level": label}
        untold = {**keys, "provenance_id": every.id}
        rows[label, "n_not_evaluable"] = count_row(untold, "n_not_evaluable", open_)
        rows |= _share(analysis, keys, part, every, len(members), settled)
    for before_, after in sorted({(one.before, one.after) for one in found}):
        members = [one for one in found if (one.before, one.after) == (before_, after)]
        part = _part(analysis, cohort, test, f"{before_} to {after}", members)
        parts.append(part)
        moved = {"variable": SHIFT, "groups": baseline_group(before_), "level": after, "provenance_id": part.id}
        rows[before_, after] = count_row({**base, **moved}, "count", len(members))
    rows |= _muscle(analysis, cohort, test, base, [one for one in found if one.at_least(1)], parts, every)
    return _Graded(found=found, rows=rows, contributions=tuple(parts))


def _share(
    analysis: LaboratorySafety, keys: Mapping[str, Any], part: Contribution, every: Contribution, count: int, total: int
) -> dict[tuple[str, str], ResultRow]:
    found = proportion(
        count,
        total,
        {**keys, "provenance_id": every.id},
        conf_level=analysis.conf_level,
        nobody="no patient could be graded",
        # A count of nothing leads to the patients in whom nothing was found.
        count_from=part.id if count else "",
    )
    return {(keys["level"], statistic): row for statistic, row in found.items()}


def _muscle(
    analysis: LaboratorySafety,
    cohort: Cohort,
    test: LaboratoryTest,
    base: Mapping[str, Any],
    raised: Sequence[WorstGrade],
    parts: list[Contribution],
    every: Contribution,
) -> dict[tuple[str, str], ResultRow]:
    """Sort patients with a raised aminotransferase by creatine kinase on the day of the worst grade."""
    if test.key not in AMINOTRANSFERASES:
        return {}
    sorted_: dict[str, list[WorstGrade]] = {RAISED_CK: [], NOT_RAISED: [], NOT_EVALUABLE: []}
    for one in raised:
        verdict = beside_ck(one, cohort.records[one.patient])
        sorted_[{True: RAISED_CK, False: NOT_RAISED, None: NOT_EVALUABLE}[verdict]].append(one)
    rows = {}
    for level, members in sorted_.items():
        part = _part(analysis, cohort, test, f"creatine kinase {level}", members)
        parts.append(part)
        source = part.id if members else every.id
        own = {**base, "variable": CREATINE_KINASE, "level": level, "provenance_id": source}
        rows["muscle", level] = count_row(own, "count", len(members))
    return rows


def _part(
    analysis: LaboratorySafety, cohort: Cohort, test: LaboratoryTest, what: str, found: Sequence[WorstGrade]
) -> Contribution:
    return cohort.of_rows(
        f"{analysis.key}: {analysis.population.key}: {test.key}: {what}",
        [row for one in found for row in _rows(test, one)],
        f"Worst grade of {test.label} after baseline: {what}",
    )


def _rows(test: LaboratoryTest, one: WorstGrade) -> list[Listing]:
    """Make the listing rows of a worst grade: the grade, and the cells of baseline and of the worst value."""
    read = [*one.baseline.rows(), *(one.outcome.rows() if one.outcome is not None else ())]
    places = {(row.source, row.sheet, row.source_row, row.source_column): row for row in read}
    value = {
        "item": test.label,
        "number": None if one.outcome is None or one.low is None else float(one.low),
        "text": f"baseline {one.before}, worst {one.after}",
        "unit": "" if one.outcome is None else "grade",
        "day": one.day,
        "source_row": None,
    }
    return [
        evidence_row(one.patient, "value", value),
        *(evidence_row(one.patient, "evidence", asdict(row)) for row in places.values()),
    ]


def _listing(analysis: LaboratorySafety, found: Mapping[str, Sequence[WorstGrade]]) -> PatientLines:
    """List the patients with any grade or without one that could be told, test by test."""
    return PatientLines(
        key=lines_key(analysis),
        columns=["patient", "test", "baseline", "worst_grade", "value", "day", "values_not_graded"],
        rows=[
            [
                one.patient,
                test.label,
                one.before,
                one.after,
                "" if one.value is None else f"{one.value:g} {test.series.definition.unit}",
                "" if one.day is None else str(one.day),
                str(one.open),
            ]
            for test in analysis.tests
            for one in found[test.key]
            if one.at_least(1) or (one.at_least(3) is None and one.after != NOT_MEASURED)
        ],
    )
