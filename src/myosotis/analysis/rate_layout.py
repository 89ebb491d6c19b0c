"""Layout and words of event rates and of events of special interest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.event_counts import CountLine
from myosotis.analysis.event_rates import RateLine
from myosotis.analysis.output import begin_lower, cell, table
from myosotis.results.layout import Cell, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["interest_sentences", "interest_table", "rate_methods", "rate_sentences", "rate_table"]

_POSSIBLE = (
    "Counted is what is certain. Where an onset, a day on treatment or what an event was is not exactly known, its most "
    "stands beside it, and behind a rate the lowest and the highest that is possible: the fewest events by the longest "
    "time, the most by the shortest."
)

Robust = Mapping[tuple[str, str], ResultRow]


def rate_table(of: AdverseEvents, lines: Mapping[str, Mapping[str, RateLine]], robust: Robust) -> Table:
    """Lay out the rates of all events and of first events by kind of patient-time, the robust intervals below."""
    rows: list[TableRow] = []
    for time, groups in lines.items():
        rows.append(TableRow(label=time[:1].upper() + time[1:], heading=True, cells=[None] * 6))
        for level, line in groups.items():
            label = f"{level[:1].upper()}{level[1:]} events"
            rows.append(TableRow(label=label, indent=1, cells=[*_rate(line, "all"), *_rate(line, "first")]))
            if time == next(iter(lines)) and level == next(iter(groups)):
                rows += [_robust_row(name, robust) for name in ("bootstrap", "negative binomial")]
    return table(
        f"{of.key}-rates",
        f"{of.title}: rates per 100 patient-years",
        columns=[
            TableColumn(label="Events", sub="all"),
            TableColumn(label="Patient-years", sub="all"),
            TableColumn(label="Rate", sub="exact interval"),
            TableColumn(label="Patients", sub="first event"),
            TableColumn(label="Patient-years", sub="to the first event"),
            TableColumn(label="Incidence", sub="exact interval"),
        ],
        rows=rows,
        note=f"Intervals at {of.conf_level:.0%}. The rate of all events counts every event and all patient-time; the "
        "incidence of first events counts a patient once and no time after the first event. They are not the same."
        + _possible(line for by in lines.values() for line in by.values()),
    )


def interest_table(of: AdverseEvents, counts: Mapping[str, CountLine], rates: Mapping[str, RateLine]) -> Table:
    """Lay out the events of special interest, those that did not occur with their upper limits."""
    rows = [
        TableRow(label=group.label, cells=[*counts[group.key].cells, _interval(rates[group.key].rows, "all")])
        for group in of.of_interest
    ]
    return table(
        f"{of.key}-interest",
        f"{of.title}: events of special interest",
        columns=[
            TableColumn(label="Events", sub=""),
            TableColumn(label="Patients", sub="n/N (%; exact interval)"),
            TableColumn(label="Rate of all events", sub="per 100 patient-years at risk (exact interval)"),
        ],
        rows=rows,
        note=f"Treatment-emergent events. Intervals at {of.conf_level:.0%}; without an event the upper limit says how "
        "frequent such events could be all the same." + _possible(rates.values()) + _sources(of),
    )


def rate_sentences(lines: Mapping[str, Mapping[str, RateLine]]) -> list[Sentence]:
    """Say the rate of all events and the incidence of first events in time on treatment."""
    time, groups = next(iter(lines.items()))
    every = next(iter(groups.values()))
    return [
        Sentence(
            template=f"In {{years}} patient-years ({time}) the rate of all events was {{rate}} {{unit}}; "
            "the incidence of first events, in {patients} patients, was {incidence} {unit}.",
            values={
                "years": _years(every.rows, "all"),
                "rate": _interval(every.rows, "all"),
                "unit": cell("text", every.rows["all", "rate"]),
                "patients": _count(every.rows, "first", "count"),
                "incidence": _interval(every.rows, "first"),
            },
        )
    ]


def interest_sentences(
    of: AdverseEvents,
    counts: Mapping[str, CountLine],
    rates: Mapping[str, RateLine],
    uncoded: Sequence[CountLine],
) -> list[Sentence]:
    """Say which events of interest occurred, and for those that did not how frequent they could be.

    Nothing is denied while events without a coded term are `uncoded` (see `counted_words`).
    """
    occurred = [group for group in of.of_interest if counts[group.key].rows["events"].number]
    absent = [group for group in of.of_interest if not counts[group.key].rows["events"].number]
    # A group found by recorded facts alone does not hang on anybody's words.
    doubtful = [group for group in absent if uncoded and (group.terms or group.stems or group.organ_classes)]
    absent = [group for group in absent if group not in doubtful]
    found = []
    if occurred:
        words = "; ".join(f"{begin_lower(group.label)} {{e{i}}}" for i, group in enumerate(occurred))
        values = {
            f"e{i}": cell("count_events", counts[group.key].rows["events"], counts[group.key].rows["count"])
            for i, group in enumerate(occurred)
        }
        least = "at least, since not every event has a coded term: " if uncoded else ""
        found.append(Sentence(template=f"Events of special interest: {least}{words}.", values=values))
    if doubtful:
        found.append(_undenied(", ".join(begin_lower(group.label) for group in doubtful), uncoded))
    if absent:
        names = ", ".join(begin_lower(group.label) for group in absent)
        count, rate = counts[absent[0].key], rates[absent[0].key]
        found.append(
            Sentence(
                template=f"No treatment-emergent event was recorded of: {names}. "
                "With none in {n} patients and {years} patient-years at risk, up to {share} of "
                "patients and {rate} events {unit} remain compatible with the data "
                "(upper exact limits), so their absence does not show safety.",
                values={
                    "n": cell("integer", count.rows["total"]),
                    "years": _years(rate.rows, "all"),
                    "share": cell("percent", count.rows["conf_high"], decimals=1),
                    "rate": cell("number", rate.rows["all", "conf_high"], decimals=1),
                    "unit": cell("text", rate.rows["all", "rate"]),
                },
            )
        )
    return found


def _undenied(names: str, uncoded: Sequence[CountLine]) -> Sentence:
    """Say that no absence can be told, and which words nobody has sorted."""
    every, unsorted = uncoded[0], uncoded[1:]
    words = "; ".join(f"{{w{i}}} ({{n{i}}})" for i in range(len(unsorted)))
    listed = f" In no list are: {words}." if unsorted else ""
    values = {"k": cell("integer", every.rows["events"])}
    for i, line in enumerate(unsorted):
        values |= {f"w{i}": cell("text", line.rows["events"]), f"n{i}": cell("integer", line.rows["events"])}
    return Sentence(
        template=f"Whether there was an event of {names} cannot be told from these data: events without a coded term, "
        f"whose words are in none of these lists and which nobody has declared to have looked through: {{k}}.{listed}",
        values=values,
    )


def rate_methods(of: AdverseEvents) -> list[str]:
    """Say how rates were computed and how events of interest were found."""
    drug = of.treatment.drugs.label
    told = [
        f"Time on {drug} is the days that at least one course covers, interruptions left out; its events are those with "
        f"onset on such a day. Time at risk is the days from the first dose to {of.emergent_until} days after the last, "
        "interruptions included; its events are the treatment-emergent ones. A patient-year is 365.25 days.",
        "Rates have exact Poisson intervals (Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437). Those "
        "take events of one patient as independent; the rate of all events is therefore also given with an interval from "
        "10,000 bootstrap samples of patients and from a negative binomial model.",
    ]
    if of.of_interest:
        told.append(
            "Events of special interest, found by the whole term (whatever its capitals) and no code: "
            f"{'; '.join(map(str, of.of_interest))}."
        )
    return told


def _rate(line: RateLine, kind: str) -> list[Cell]:
    name = "events" if kind == "all" else "count"
    return [_count(line.rows, kind, name), _years(line.rows, kind), _interval(line.rows, kind)]


def _count(rows: Mapping[tuple[str, str], ResultRow], kind: str, name: str) -> Cell:
    most = rows.get((kind, f"{name}_most"))
    if most is None or most.number == rows[kind, name].number:
        return cell("integer", rows[kind, name])
    return cell("count_range", rows[kind, name], most)


def _years(rows: Mapping[tuple[str, str], ResultRow], kind: str) -> Cell:
    most = rows.get((kind, "person_time_most"))
    if most is None or most.number == rows[kind, "person_time"].number:
        return cell("number", rows[kind, "person_time"], decimals=2)
    return cell("range", rows[kind, "person_time"], most, decimals=2)


def _robust_row(name: str, robust: Robust) -> TableRow:
    label = "the same, bootstrap of patients" if name == "bootstrap" else "the same, negative binomial"
    return TableRow(label=label, indent=2, cells=[None, None, _interval(robust, name), None, None, None])


def _interval(rows: Mapping[tuple[str, str], ResultRow], kind: str) -> Cell:
    names = ("rate", "conf_low", "conf_high", "rate_least", "rate_most")
    return cell("rate_interval", *(rows[kind, name] for name in names if (kind, name) in rows), decimals=1)


def _possible(lines: Iterable[RateLine]) -> str:
    """Say what stands behind a rate that has bounds, where one has."""
    return f" {_POSSIBLE}" if any(("all", "rate_most") in line.rows for line in lines) else ""


def _sources(of: AdverseEvents) -> str:
    cited: Sequence[str] = sorted({group.citation for group in of.of_interest if group.citation})
    return f" Why of interest: {'; '.join(cited)}." if cited else ""
