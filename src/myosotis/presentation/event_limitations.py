"""What the records of adverse events contradict or lack, said only where it occurs."""

from __future__ import annotations

from myosotis.analysis import event_names as names
from myosotis.presentation.cells import cell
from myosotis.presentation.event_lines import line_of
from myosotis.presentation.layout import Sentence
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["event_limitations"]

_DOUBTS = {
    names.CONTRADICTED: "Recorded as not serious although the facts recorded meet a criterion of seriousness; counted as "
    "serious: {n}.",
    names.SEVERAL_RECORDS: "With several rows that share an event identifier: {n}; each was counted once, at its highest "
    "grade and from its first onset.",
    names.WORSENED: "Begun before the first dose and worsened in the treatment-emergent window: {n}; counted as "
    "treatment-emergent.",
    names.RENAMED: "With rows of one event identifier that name different terms: {n}; counted under the term at the highest "
    "grade, check the identifiers.",
    names.POSSIBLE_REPEATS: "Of one patient with the same term and onset, or without an onset day, and no identifiers to "
    "tell them apart: {n}; all were counted, check them against the chart.",
    names.ONSET_UNKNOWN: "Without an onset known well enough to tell whether they are treatment-emergent, and so not in the "
    "rates: {n}.",
    names.INTEREST_ELSEWHERE: "Of special interest, but not placed in the treatment-emergent window and so in no rate: {n}.",
    names.GRADE_UNKNOWN: "Treatment-emergent without a grade: {n}.",
    names.SERIOUSNESS_UNKNOWN: "Seriousness could not be told, since no criterion was met and not every fact was recorded: "
    "{n}.",
    names.SERIOUSNESS_UNREAD: "With words for seriousness that name no criterion of it: {n}.",
}


def event_limitations(own: Results) -> list[Sentence]:
    """Say what in the records contradicts itself or is missing; nothing is said of what does not occur."""
    found = set(own.values("variable"))
    told = [
        Sentence(template=template, values={"n": line_of(own, name).events})
        for name, template in _DOUBTS.items()
        if name in found
    ]
    if names.UNTREATED_PATIENTS in found:
        told.append(_untreated(own))
    for name, say in ((names.NO_STOP, _open_course), (names.INEXACT_TIME, _inexact_time)):
        if name in found and (row := own.by_statistic(variable=name)["n"]).number:
            told.append(say(row))
    return told


def _untreated(own: Results) -> Sentence:
    return Sentence(
        template="Patients of the population without a day on the treatment within follow-up: {n}. They are in "
        "no denominator, and their {events} in no other count.",
        values={
            "n": cell("integer", own.by_statistic(variable=names.UNTREATED_PATIENTS)["n"]),
            "events": line_of(own, names.UNDOSED).events,
        },
    )


def _inexact_time(row: ResultRow) -> Sentence:
    """Say of how many patients the time on treatment is not exactly known, and which way the rates lean for it."""
    return Sentence(
        template="Patients whose days on treatment are not exactly known (a start, stop, death or last contact known to "
        "the month, or a stop on an unknown day): {n}. Their shortest time was counted; the longest, and how far the rates "
        "go, stand beside it.",
        values={"n": cell("integer", row)},
    )


def _open_course(row: ResultRow) -> Sentence:
    """Say for how many patients the end of treatment is unknown, so that their time may be counted too long."""
    return Sentence(
        template="Patients whose last course has no stop date, which was taken as running to the end of follow-up: {n}. "
        "Where one of them had stopped or was lost, the time counted is too long and the rates are too low.",
        values={"n": cell("integer", row)},
    )
