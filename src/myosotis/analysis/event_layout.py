"""Layout and words of adverse events: tables, sentences, the listing of every event, and what the data cannot show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.event_counts import Counting, CountLine
from myosotis.analysis.output import cell, table, text_cell
from myosotis.analysis.safety_events import NOT_RECORDED, SafetyEvent
from myosotis.core.spans import told_date
from myosotis.language.sentences import sentence
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.measures.derived.treatment_emergent import EMERGENT, NOT_EVALUABLE, UNTREATED
from myosotis.results.layout import Cell, ListingTable, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = [
    "class_table",
    "event_limits",
    "event_listing",
    "event_sentences",
    "feature_table",
    "inexact_time_limit",
    "method_sentences",
    "open_course_limit",
]

Lines = Mapping[str, Sequence[CountLine]]

_COLUMNS = [TableColumn(label="Events", sub=""), TableColumn(label="Patients", sub="n/N (%; exact interval)")]


def class_table(of: AdverseEvents, lines: Lines) -> Table:
    """Lay out treatment-emergent events by organ class and term, and below them the events not counted there."""
    emergent, *apart = lines["onset"]
    rows = [_line("All treatment-emergent events", emergent)]
    for organ_class in lines["organ class"]:
        rows.append(_line(organ_class.level, organ_class))
        rows += [_line(term.level, term, 1) for term in lines[f"term: {organ_class.level}"]]
    rows.append(_heading("Not counted above"))
    rows += [_line(line.level, line, 1) for line in apart]
    rows.append(_line("All recorded events", lines["recorded"][0]))
    return table(
        of.key,
        of.title,
        columns=_COLUMNS,
        rows=rows,
        note=f"A patient counts once in each line. {_window(of)} Intervals at {of.conf_level:.0%}. {of.note}".strip(),
    )


def feature_table(of: AdverseEvents, lines: Lines) -> Table:
    """Lay out treatment-emergent events by seriousness, grade, relation, action and outcome."""
    rows = []
    for name, label in (
        ("seriousness", "Seriousness (ICH E2A)"),
        ("criterion", "Criterion of seriousness"),
        ("grade", "Grade"),
        ("highest grade", "Highest grade of each patient"),
        ("relation", f"Relation to {of.treatment.drugs.label}"),
        ("action", f"Action taken with {of.treatment.drugs.label}"),
        ("outcome", "Outcome"),
    ):
        if lines[name]:
            rows += [_heading(label), *(_line(line.level, line, 1) for line in lines[name])]
    return table(
        f"{of.key}-features",
        f"{of.title}: seriousness, grade, relation, action and outcome",
        columns=_COLUMNS,
        rows=rows,
        note="Treatment-emergent events. A patient counts once in each line and so may count in several; under the "
        "highest grade each patient counts in one line only.",
    )


def event_sentences(lines: Lines) -> list[Sentence]:
    """Say how many events there were, the most frequent class and term, and the serious ones."""
    emergent = lines["onset"][0]
    found = [
        Sentence(
            template="Treatment-emergent: {all}; {share} of patients had at least one.",
            values={"all": _events(emergent), "share": emergent.cells[1]},
        ),
        Sentence(
            template="Serious: {serious}; {share} of patients had at least one.",
            values={"serious": _events(lines["seriousness"][0]), "share": lines["seriousness"][0].cells[1]},
        ),
    ]
    if lines["organ class"]:
        first = lines["organ class"][0]
        term = max((line for name, group in lines.items() if name.startswith("term: ") for line in group), key=_size)
        # Names come from the source and may hold anything, so they are values and no part of the template. A bare code
        # could be taken for a result, so it is left to the table.
        if all(any(letter.isalpha() for letter in line.level) for line in (first, term)):
            sentence_ = Sentence(
                template="Most frequent organ class: {class}, {in_class}; most frequent event: {term}, {of_term}.",
                values={
                    "class": text_cell(first.level),
                    "in_class": _events(first),
                    "term": text_cell(term.level),
                    "of_term": _events(term),
                },
            )
            found.insert(1, sentence_)
    return found


def method_sentences(of: AdverseEvents) -> list[str]:
    """Say how events were counted."""
    drug = of.treatment.drugs.label
    until = (
        ""
        if of.censored_at is None
        else f" or until {sentence(of.censored_at)}, whichever is earlier (day {of.follow_up.last} where that is missing)"
    )
    return [
        f"Events and person-time were counted from day {of.follow_up.first} to day {of.follow_up.last}{until}, in those of "
        f"{of.population.label.lower()} who had at least one day on {drug}.",
        f"{_window(of)} A course without a stop date was taken as ongoing. An event without an onset day was counted but "
        "not placed. An event known to the month or year was placed where every day of it is. An event that began before "
        "the first dose and worsened after it is treatment-emergent from the record with the higher grade on; where no "
        "identifier joins that record to the first it counts as an event of its own.",
        "Rows of one patient that share an event identifier are one event, at its highest grade and with its first "
        "onset; any other row is an event of its own. Events were grouped by "
        "preferred term, or by the words of the source without one, and by the organ class in the source, whatever "
        "their capitals; a patient counts once for each term and each class.",
        "An event is serious if it was fatal (or of grade 5), life-threatening, led to hospitalisation or disability, or "
        "was recorded as serious or under another criterion of ICH E2A (1994, section II.B), whatever its grade; not "
        "serious if recorded so or if all four facts were recorded as absent; otherwise not evaluable.",
        f"Shares of patients have exact (Clopper-Pearson) {of.conf_level:.0%} intervals.",
    ]


def event_limits(
    counting: Counting, events: Sequence[SafetyEvent], of_interest: Sequence[EventsOfInterest]
) -> tuple[list[Sentence], list[CountLine]]:
    """Say what in the records contradicts itself or is missing; nothing is said of what does not occur."""
    told = (
        ("contradicted", [e for e in events if e.judged.contradicted],
         "Recorded as not serious although the facts recorded meet a criterion of seriousness; counted as serious: {n}."),
        ("several records", [e for e in events if len(e.records) > 1],
         "With several rows that share an event identifier: {n}; each was counted once, at its highest grade and from "
         "its first onset."),
        ("worsened", [e for e in events if e.worsened],
         "Begun before the first dose and worsened in the treatment-emergent window: {n}; counted as treatment-emergent."),
        ("renamed", [e for e in events if e.renamed],
         "With rows of one event identifier that name different terms: {n}; counted under the term at the highest grade, "
         "check the identifiers."),
        ("possible repeats", [e for e in events if e.alike],
         "Of one patient with the same term and onset, or without an onset day, and no identifiers to tell them apart: "
         "{n}; all were counted, check them against the chart."),
        ("onset unknown", [e for e in events if e.place == NOT_EVALUABLE],
         "Without an onset known well enough to tell whether they are treatment-emergent, and so not in the rates: {n}."),
        ("interest elsewhere",
         [e for e in events if e.place != EMERGENT and any(group.holds(e) for group in of_interest)],
         "Of special interest, but not placed in the treatment-emergent window and so in no rate: {n}."),
        ("grade unknown", [e for e in events if e.place == EMERGENT and e.grade is None],
         "Treatment-emergent without a grade: {n}."),
        ("seriousness unknown", [e for e in events if e.judged.serious is None],
         "Seriousness could not be told, since no criterion was met and not every fact was recorded: {n}."),
        ("seriousness unread", [e for e in events if e.judged.unread],
         "With words for seriousness that name no criterion of it: {n}."),
    )  # fmt: skip
    limits, lines = [], []
    for name, found, template in told:
        if found:
            line = counting.bare(name, "", found)
            lines.append(line)
            limits.append(Sentence(template=template, values={"n": _events(line)}))
    without = [event for event in events if event.place == UNTREATED]
    if without or counting.total < len(counting.treated.results):
        line, number = counting.bare("without a dose", "", without), counting.untreated()
        lines += [line, number]
        limits.append(
            Sentence(
                template="Patients of the population without a day on the treatment within follow-up: {n}. They are in "
                "no denominator, and their {events} in no other count.",
                values={"n": cell("integer", number.rows["n"]), "events": _events(line)},
            )
        )
    return limits, lines


def inexact_time_limit(row: ResultRow) -> Sentence:
    """Say of how many patients the time on treatment is not exactly known, and which way the rates lean for it."""
    return Sentence(
        template="Patients whose days on treatment are not exactly known (a start, stop, death or last contact known to "
        "the month, or a stop on an unknown day): {n}. Their shortest time was counted; the longest, and how far the rates "
        "go, stand beside it.",
        values={"n": cell("integer", row)},
    )


def open_course_limit(row: ResultRow) -> Sentence:
    """Say for how many patients the end of treatment is unknown, so that their time may be counted too long."""
    return Sentence(
        template="Patients whose last course has no stop date, which was taken as running to the end of follow-up: {n}. "
        "Where one of them had stopped or was lost, the time counted is too long and the rates are too low.",
        values={"n": cell("integer", row)},
    )


def event_listing(of: AdverseEvents, events: Sequence[SafetyEvent]) -> ListingTable:
    """List every event with its facts, its place in time and where it stands in the source."""
    return ListingTable(
        key=f"{of.key}-events",
        title=f"{of.title}, event by event",
        columns=[
            "Patient", "Event", "Term", "Organ class", "Onset day", "Onset", "End", "Grade", "Serious", "Relation",
            "Action", "Outcome", "Counted as", "Source",
        ],
        rows=[_listed(event) for event in events],
    )  # fmt: skip


def _listed(event: SafetyEvent) -> list[str]:
    row, judged = event.row, event.judged
    serious = {True: f"yes: {', '.join(judged.criteria)}", False: "no", None: "not evaluable"}[judged.serious]
    remarks = [event.place]
    remarks += ["recorded as not serious"] if judged.contradicted else []
    remarks += [f"of {len(event.records)} rows"] if len(event.records) > 1 else []
    remarks += ["worsened under treatment"] if event.worsened else []
    remarks += ["same term and onset as another event"] if event.alike else []
    return [
        event.patient,
        row["term"],
        event.term,
        event.organ_class,
        "" if event.day is None else str(event.day),
        _date(row, "start") or NOT_RECORDED,
        _date(row, "stop") or "no end recorded",
        "" if event.grade is None else str(event.grade),
        serious,
        event.text("related"),
        event.text("action"),
        event.text("outcome"),
        "; ".join(remarks),
        f"{row['sheet'] or row['source']} row {', '.join(str(one['source_row']) for one in event.records)}",
    ]


def _date(row: Mapping[str, Any], name: str) -> str:
    told = told_date(row[name], row[f"{name}_earliest"], row[f"{name}_latest"])
    if told:
        return told
    return "" if row[f"{name}_day"] is None else f"day {row[f'{name}_day']}"


def _window(of: AdverseEvents) -> str:
    days = "on the day of the last" if of.emergent_until == 0 else f"{of.emergent_until} days after the last"
    return (
        f"Treatment-emergent: onset from the day of the first dose of {of.treatment.drugs.label} to {days}, both "
        "included, interruptions and all."
    )


def _events(line: CountLine) -> Cell:
    return cell("count_events", line.rows["events"], line.rows["count"])


def _line(label: str, line: CountLine, indent: int = 0) -> TableRow:
    return TableRow(label=f"{label[:1].upper()}{label[1:]}", indent=indent, cells=line.cells)


def _heading(label: str) -> TableRow:
    return TableRow(label=label, heading=True, cells=[None, None])


def _size(line: CountLine) -> tuple[float, float]:
    return (line.rows["events"].number or 0.0, line.rows["count"].number or 0.0)
