"""Exposure, taper and the table of patients of the baricitinib study, against what Wang et al. 2022 printed.

Printed figures: Front Pediatr 2022;10:962585, doi 10.3389/fped.2022.962585, abstract, Methods (Patients), Results.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from myosotis.presentation.layout import Sentence, StackedBars, Steps, Swimmer, Trajectories
from myosotis.presentation.present import present
from myosotis.report.format import number
from myosotis.results.bundle import read_bundle
from myosotis.run import run_study

STUDY = Path(__file__).parents[2] / "examples" / "baricitinib_jdm"
SAFETY = ("time on baricitinib", "all events", "all")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "out"
    run_study(STUDY, out)
    return read_bundle(out)


@pytest.fixture(scope="module")
def find(bundle):
    rows = bundle.results.to_pylist()

    def found(**keys):
        matching = [row for row in rows if all(row[name] == value for name, value in keys.items())]
        assert len(matching) == 1, [(row["variable"], row["level"], row["visit"], row["method"]) for row in matching]
        return matching[0]["number"]

    return found


def three(find, decimals, **keys):
    return [number(find(**keys, statistic=name), decimals) for name in ("median", "q1", "q3")]


def test_seventeen_children_for_24_weeks_three_for_12_and_one_interruption_of_12_days(find):
    days = 17 * 168 + 3 * 84 - 12
    keys = {"analysis": "exposure", "statistic": "person_time"}
    assert find(**keys, method="patient-weeks") == days / 7
    assert find(**keys, method="patient-years") == days / 365.25
    assert find(analysis="exposure", variable="stopped", statistic="count") == 3
    assert find(analysis="exposure", variable="interrupted", statistic="count") == 1
    assert find(analysis="exposure", variable="reason for interrupting", level="herpes zoster, interrupted") == 1


def test_person_time_is_that_of_the_adverse_events(bundle):
    """Two analyses count the days on the drug; a rate and the exposure of one report must not contradict each other."""
    times = [
        row["number"]
        for row in bundle.results.to_pylist()
        if (row["statistic"], row["unit"]) == ("person_time", "patient-years")
        and (row["analysis"] == "exposure" or (row["endpoint"], row["variable"], row["level"]) == SAFETY)
    ]
    assert len(times) == 2
    assert times[0] == pytest.approx(times[1], rel=1e-12)


def test_dose_as_printed(find):
    keys = {"analysis": "exposure", "variable": "daily dose per kg", "visit": ""}
    assert three(find, 2, **keys) == ["0.05", "0.04", "0.09"]


def test_half_of_the_children_or_more_were_below_the_label(find):
    """A median of 0.05 mg/kg/day reaches the label's 4 mg only at 80 kg."""
    keys = {"analysis": "exposure", "variable": "below the label’s dose"}
    below, total = (find(**keys, statistic=name) for name in ("count", "total"))
    assert total == 20
    assert below >= total / 2


@pytest.mark.parametrize(
    ("drug", "printed"),
    [
        ("methotrexate", 15), ("hydroxychloroquine", 2), ("tacrolimus", 2), ("mycophenolate mofetil", 1),
        ("cyclosporine", 1), ("thalidomide", 1), ("infliximab", 1), ("tocilizumab", 1), ("intravenous immunoglobulin", 9),
    ],
)  # fmt: skip
def test_drugs_at_the_start_as_printed(find, drug, printed):
    assert find(analysis="concomitant", level=drug, visit="", statistic="count") == printed


def test_the_one_new_drug_is_found_in_the_treatments(find):
    keys = {"analysis": "concomitant", "variable": "immunosuppressant", "statistic": "count"}
    assert [find(**keys, visit=f"week {week}") for week in (4, 12, 24)] == [0, 0, 1]
    assert find(analysis="concomitant", level="thalidomide", visit="week 24", statistic="count") == 1


@pytest.mark.parametrize(
    ("visit", "printed"),
    [
        ("week 0", ["0.53", "0.42", "1.00"]), ("week 4", ["0.40", "0.23", "0.65"]), ("week 12", ["0.33", "0.18", "0.40"]),
        ("week 24", ["0.27", "0.17", "0.37"]),
    ],
)  # fmt: skip
def test_glucocorticoid_doses_as_printed(find, visit, printed):
    keys = {"analysis": "taper", "population": "full analysis", "endpoint": "mg/kg/day", "variable": "dose"}
    assert three(find, 2, **keys, visit=visit) == printed


def test_what_the_paper_prints_as_reductions_are_changes_of_medians(find):
    """37 and 49 percent are printed. The printed medians give 37.7 and 49.1; unrounded ones can give 37 without truncation.

    Medians that print as 0.53, 0.33 and 0.27 allow 36.2 to 39.3 and 47.6 to 50.5 percent.
    """
    keys = {
        "analysis": "taper", "population": "full analysis", "endpoint": "mg/kg/day", "variable": "change of medians",
        "statistic": "estimate",
    }  # fmt: skip
    at_12, at_24 = (find(**keys, visit=visit) for visit in ("week 12", "week 24"))
    assert number(100 * (0.53 - 0.33) / 0.53, 1) == "37.7"
    assert number(100 * (0.53 - 0.27) / 0.53, 1) == "49.1"
    assert 100 * (1 - 0.335 / 0.525) < at_12 < 100 * (1 - 0.325 / 0.535)
    assert 100 * (1 - 0.275 / 0.525) < at_24 < 100 * (1 - 0.265 / 0.535)
    assert (number(at_12, 0), number(at_24, 0)) == ("37", "49")


def test_the_median_of_own_reductions_is_another_number(find):
    keys = {
        "analysis": "taper", "population": "full analysis", "endpoint": "mg/kg/day", "visit": "week 24",
        "comparison": "week 24 vs week 0",
    }  # fmt: skip
    own = find(**keys, variable="own reduction", statistic="median")
    assert own - find(**keys, variable="change of medians", statistic="estimate") > 10


def test_responders_are_shown_apart_with_the_warning_that_taper_defines_them(bundle, find):
    keys = {"analysis": "taper", "population": "responders", "endpoint": "mg/kg/day", "variable": "dose"}
    assert find(**keys, visit="week 24", statistic="n") == 18
    limits = [limit.template for limit in present(bundle).limitations if isinstance(limit, Sentence)]
    assert any(limit.startswith("Responders at week 24: a reduced glucocorticoid dose") for limit in limits)


@pytest.fixture(scope="module")
def table(bundle):
    listing = next(one for one in bundle.manifest["listings"] if one["key"] == "patients")
    return {row[0]: dict(zip(["Patient", *listing["columns"][1:]], row, strict=True)) for row in listing["rows"]}


def test_one_line_for_each_of_the_twenty_patients_and_no_date(table):
    assert list(table) == [f"P{i}" for i in range(1, 21)]
    assert Counter(row["Sex"] for row in table.values()) == {"female": 15, "male": 5}
    assert not any("20" in str(cell) and "-" in str(cell) for row in table.values() for cell in row.values())


def test_organs_and_courses_as_the_paper_tells_them(table):
    def with_(organ):
        return {patient for patient, row in table.items() if organ in row["Organ involvement"]}

    assert with_("calcinosis") == {"P2", "P3", "P12"}
    assert with_("ILD") == {"P4", "P5", "P9", "P14", "P17"}
    assert (with_("MAS"), with_("CADM")) == ({"P9"}, {"P11"})
    weeks = Counter(round(row["Baricitinib (weeks)"]["number"], 1) for row in table.values())
    assert weeks == {24.0: 16, 12.0: 3, 22.3: 1}
    without = {patient for patient, row in table.items() if row["Response, week 24"] == "no response"}
    assert without == {"P2", "P5"}


def test_the_figures_of_the_paper_are_all_there(bundle):
    """Figure 1: A response, B skin score, C CMAS, D MMT-8, E glucocorticoid dose."""
    keys = {figure.key: type(figure) for figure in present(bundle).figures}
    assert keys["response-bars"] is StackedBars
    for key in ("skin-skin_das", "muscle-cmas", "muscle-mmt8", "glucocorticoid-glucocorticoid"):
        assert keys[key] is Trajectories
    assert (keys["swimmer"], keys["curves"]) == (Swimmer, Steps)
