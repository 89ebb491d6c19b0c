"""Write one patient's course on one page: who, treatments, response, events, scores and dose, from the listings alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from markupsafe import Markup

from myosotis.errors import BundleError, UnknownNameError, UsageError
from myosotis.presentation.layout import Mark, Steps, Swimmer, Trajectories, VisitSummary
from myosotis.presentation.present import present
from myosotis.report.figures import to_svg
from myosotis.report.format import exact, number
from myosotis.report.html import page_environment
from myosotis.report.listing_cell import listing_cell
from myosotis.report.lookup import Lookup, Row, lookup
from myosotis.report.page import printed_decimals
from myosotis.report.palette import ACCENT, CONFIG, GREY, SCHEMA
from myosotis.report.patient_axes import DAYS_PER_WEEK
from myosotis.report.steps import steps
from myosotis.report.swimmer import swimmer
from myosotis.report.trajectories import values_by_patient
from myosotis.results import Bundle
from myosotis.results.files import add_file, patient_folder

__all__ = ["keep_profile", "profile_of", "profile_page", "write_profile"]

CHART, CHARTS = (196, 104), 3

Spec = dict[str, Any]
Drawn = TypeVar("Drawn", Trajectories, Swimmer, Steps)


def write_profile(bundle: Bundle, patient: str, folder: Path) -> Path:
    """Write `patient_level/profiles/PATIENT.html` into a folder and give its path; errors as for `profile_page`.

    Only the owner of the folder may read it, and a bundle notes it among the pages made of it. What a file system may
    refuse in the patient's identifier is replaced by a low line.
    """
    return keep_profile(profile_page(bundle, patient), patient, folder)


def keep_profile(page: str, patient: str, folder: Path) -> Path:
    """Write the page of a patient into the folder of a bundle, as `write_profile` does."""
    path = patient_folder(folder) / "profiles" / f"{_file_name(patient)}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    add_file(folder, path)
    return path


def _file_name(patient: str) -> str:
    """Name a patient's page by the identifier; where that has signs a file name lacks, a digest tells it from its like."""
    plain = re.sub(r"[^0-9A-Za-z._-]", "_", patient).lstrip(".") or "_"
    return plain if plain == patient else f"{plain}-{hashlib.sha256(patient.encode()).hexdigest()[:8]}"


def profile_page(bundle: Bundle, patient: str) -> str:
    """Write the page of a patient as HTML that needs no network, no script and no other file.

    It shows the patient's line of the table of patients, lane, scores beside the median of all, dose curve, courses of
    treatment, levels reached and adverse events, as far as the study has them; days and weeks are counted from the
    index date and no date is printed. Equal input gives equal text.

    Raises `UnknownNameError` for a patient the bundle has no row of, `UsageError` for a bundle with suppressed numbers,
    `BundleError` for one without its patient-level part.
    """
    return profile_of(lookup(bundle, present(bundle)), patient)


def profile_of(index: Lookup, patient: str) -> str:
    """Write the page of a patient of a presented bundle, as `profile_page` does."""
    if not index.persons and not index.withheld:
        raise BundleError(
            "the patient-level part is not there (the folder patient_level of the bundle), and no patient can be shown "
            "without it; use the bundle of the run"
        )
    if index.withheld:
        raise UsageError("the bundle holds suppressed numbers, so no patient of it is shown; use the bundle of the run")
    found = {row["patient_id"] for rows in index.listings.values() for row in rows}
    if patient not in found:
        raise UnknownNameError(
            f"the bundle has no row of the patient asked for, but rows of {len(found)} patients; give an identifier as the "
            "source writes it"
        )
    template = page_environment().get_template("profile.j2")
    return template.render(
        patient=patient,
        study=index.document.study,
        index_date=index.document.index_date,
        style=Markup((Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")),
        line=_line(patient, index),
        lanes=[_svg(swimmer(one, [patient], index)) for one in _figures(Swimmer, index) if _draws(one, patient, index)],
        charts=_charts(patient, index),
        visits=_visits(index),
        scores=_scores(patient, index),
        levels=_levels(patient, index),
        courses=_rows(patient, [one.courses for one in _figures(Swimmer, index)], index),
        events=_rows(patient, [mark.listing_id for mark in _marks("event", index)], index),
    )


def _line(patient: str, index: Lookup) -> list[tuple[str, str]]:
    """Give the patient's line of the listing that has one line for each patient."""
    for listing in index.document.listings:
        for row in listing.rows if listing.one_line_per_patient else ():
            if row[0] == patient:
                return [(label, listing_cell(cell)) for label, cell in zip(listing.columns[1:], row[1:], strict=True)]
    return []


def _figures(kind: type[Drawn], index: Lookup) -> list[Drawn]:
    return [figure for figure in index.document.figures if isinstance(figure, kind)]


def _draws(figure: Swimmer | Steps, patient: str, index: Lookup) -> bool:
    return patient in index.members.get(figure.population, ())


def _marks(kind: str, index: Lookup) -> list[Mark]:
    return [mark for figure in _figures(Swimmer, index) for mark in figure.marks if mark.kind == kind]


def _svg(spec: Spec) -> Markup:
    return Markup(to_svg(spec).replace("<svg ", '<svg aria-hidden="true" ', 1))


def _charts(patient: str, index: Lookup) -> Markup:
    """Draw the scores and the dose in one picture, three charts a row."""
    charts = [_score_chart(figure, patient, index) for figure in _figures(Trajectories, index)]
    charts = [chart for chart in charts if chart is not None]
    for figure in _figures(Steps, index):
        if not _draws(figure, patient, index):
            continue
        made = steps(figure, [patient], index)
        width, height = CHART
        if "spec" in made:
            title = {"text": f"{figure.y.label}, {figure.y.unit}", **_TITLE}
            charts.append({"data": made["data"], "title": title, "width": width, "height": height, **_layers(made)})
    if not charts:
        return Markup("")
    return _svg({"$schema": SCHEMA, "concat": charts, "columns": CHARTS, "spacing": 26, "config": CONFIG})


_TITLE: Spec = {"anchor": "start", "fontSize": 12, "fontWeight": "normal"}


def _layers(made: Mapping[str, Any]) -> Spec:
    return {"layer": made["spec"]["layer"]}


def _score_chart(figure: Trajectories, patient: str, index: Lookup) -> Spec | None:
    visits = sorted(figure.series, key=lambda visit: visit.week)
    own = [{"week": visit.week, "value": values_by_patient(visit, index).get(patient)} for visit in visits]
    if all(row["value"] is None for row in own):
        return None
    medians = [{"week": visit.week, "value": _median(visit, index)} for visit in visits]
    declared = [bound for bound in (figure.y.low, figure.y.high) if bound is not None]
    reach = [row["value"] for row in [*own, *medians] if row["value"] is not None] + declared
    low, high = min(reach), max(reach)
    x = {
        "field": "week", "type": "quantitative", "scale": {"zero": False, "nice": False, "padding": 6},
        "axis": {"title": "Weeks", "values": [visit.week for visit in visits], "grid": False, "format": ".0f"},
    }  # fmt: skip
    y = {
        "field": "value", "type": "quantitative", "axis": {"title": None, "tickCount": 3},
        "scale": {"domain": [low, high if high > low else low + 1], "nice": False, "zero": False},
    }  # fmt: skip
    broken = {"type": "line", "invalid": "break-paths-show-domains"}
    width, height = CHART
    unit = f", {figure.y.unit}" if figure.y.unit else ""
    return {
        "width": width,
        "height": height,
        "title": {"text": f"{figure.y.label}{unit}", **_TITLE},
        "layer": [
            _layer(medians, {**broken, "stroke": GREY, "strokeDash": [4, 3], "strokeWidth": 1.2}, x, y),
            _layer(own, {**broken, "stroke": ACCENT, "strokeWidth": 2}, x, y),
            _layer(
                [row for row in own if row["value"] is not None],
                {"type": "circle", "fill": ACCENT, "size": 44, "opacity": 1}, x, y,
            ),
        ],
    }  # fmt: skip


def _layer(rows: Sequence[Spec], mark: Spec, x: Spec, y: Spec) -> Spec:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": {"x": x, "y": y}}


def _median(visit: VisitSummary, index: Lookup) -> float | None:
    row = index.results.get(visit.median)
    found: float | None = None if row is None else row["number"]
    return found


def _visits(index: Lookup) -> list[str]:
    """Name every visit of the score figures once, in order of time."""
    weeks = {visit.visit: visit.week for one in _figures(Trajectories, index) for visit in one.series}
    return sorted(weeks, key=lambda visit: weeks[visit])


def _scores(patient: str, index: Lookup) -> list[tuple[str, list[str]]]:
    lines = []
    for figure in _figures(Trajectories, index):
        found = {visit.visit: values_by_patient(visit, index).get(patient) for visit in figure.series}
        unit = f", {figure.y.unit}" if figure.y.unit not in ("", "points") else ""
        decimals = printed_decimals(figure, index)
        shown = [found.get(visit) for visit in _visits(index)]
        if all(value is None for value in shown):
            continue  # the analysis of the score leaves the patient out
        cells = ["–" if value is None else number(value, decimals) for value in shown]
        lines.append((f"{figure.y.label}{unit}", cells))
    return lines


def _levels(patient: str, index: Lookup) -> list[tuple[str, str, str]]:
    rows = [row for mark in _marks("level", index) for row in _own(patient, mark.listing_id, index)]
    return [(row["item"], _week(row["day"]), row["text"]) for row in sorted(rows, key=lambda row: row["day"])]


def _rows(patient: str, listings: Sequence[str], index: Lookup) -> list[tuple[str, str, str, str]]:
    """Give (name, week, number with its unit, text) of the patient's rows, in order of time."""
    rows = [row for listing in dict.fromkeys(listings) for row in _own(patient, listing, index)]
    rows.sort(key=lambda row: (row["day"] is None, row["day"] or 0, row["item"]))
    return [(row["item"], _week(row["day"]), _quantity(row), _in_weeks(row["text"])) for row in rows]


def _own(patient: str, listing: str, index: Lookup) -> list[Row]:
    return [row for row in index.listings.get(listing, ()) if row["role"] == "value" and row["patient_id"] == patient]


def _quantity(row: Row) -> str:
    if row["number"] is None:
        return ""
    text = exact(row["number"])
    return f"{row['unit']} {text}" if row["unit"] == "grade" else f"{text} {row['unit']}".strip()


def _week(day: int | None) -> str:
    """Print a day as weeks since the index date."""
    return "not recorded" if day is None else number(day / DAYS_PER_WEEK, 1)


def _in_weeks(text: str) -> str:
    return re.sub(r"\bto day (-?\d+)", lambda m: f"to week {_week(int(m[1]))}", text)
