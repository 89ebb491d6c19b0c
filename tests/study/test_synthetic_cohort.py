"""The example's synthetic cohort: reproducible to the byte, marked as synthetic, and true to the printed figures."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "baricitinib_jdm"
SCRIPT = EXAMPLE / "make_synthetic_cohort.py"
SHIPPED = EXAMPLE / "data" / "synthetic_cohort.xlsx"
TABLES = ("Patients", "Visits", "Treatments", "Conditions", "Adverse events")
ANALYSED = [f"P{i}" for i in range(1, 21)]
MUSCLE = ("P1", "P3", "P7", "P9", "P15", "P16", "P18")


@pytest.fixture(scope="module")
def drawn_again(tmp_path_factory):
    """Run the script twice at the same time, in two processes with different hash seeds."""
    folder = tmp_path_factory.mktemp("cohort")
    paths = [folder / "first.xlsx", folder / "second.xlsx"]
    runs = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), "--out", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONDONTWRITEBYTECODE": "1"},
            text=True,
        )
        for seed, path in enumerate(paths)
    ]
    outputs = [run.communicate(timeout=300) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs[0][1]
    return paths, outputs[0][0]


def cells(path: Path) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(path)
    return {(s.title, c.coordinate): c.value for s in book for row in s.iter_rows() for c in row if c.value is not None}


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(SHIPPED)


@pytest.fixture(scope="module")
def tables(book):
    result = {}
    for name in TABLES:
        header, *rows = book[name].iter_rows(values_only=True)
        result[name] = [dict(zip(header, row, strict=True)) for row in rows]
    return result


@pytest.fixture(scope="module")
def visits(tables):
    return {(row["Patient"], row["Visit"]): row for row in tables["Visits"] if row["Visit"] is not None}


def column(visits, name, week, keys=ANALYSED):
    return np.array([visits[key, week][name] for key in keys], dtype=float)


def test_two_runs_write_equal_bytes(drawn_again):
    (first, second), _ = drawn_again
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)}
    assert len(digests) == 1


def test_the_shipped_workbook_is_what_the_script_writes_cell_by_cell(drawn_again):
    (first, _), _ = drawn_again
    fresh, shipped = cells(first), cells(SHIPPED)
    different = {key for key in fresh.keys() | shipped.keys() if fresh.get(key) != shipped.get(key)}
    assert different == set()
    assert len(shipped) > 3000


def test_the_script_prints_target_beside_achieved(drawn_again):
    _, printed = drawn_again
    lines = [line for line in printed.splitlines() if "  |  " in line]
    assert len(lines) > 50
    assert any(line.startswith("steroid 4-24, Dunn-Bonferroni p") for line in lines)


def test_no_clock_is_stored(book):
    assert book.properties.created == datetime(2022, 9, 20)
    with zipfile.ZipFile(SHIPPED) as archive:
        assert {info.date_time[:2] for info in archive.infolist()} == {(1980, 1)}


def test_every_sheet_says_that_no_patient_is_real(book):
    assert book.sheetnames == ["Read me", *TABLES]
    assert "SYNTHETIC" in book["Read me"]["A1"].value
    assert "real patient" in book["Read me"]["A1"].value
    assert "10.3389/fped.2022.962585" in book["Read me"]["A2"].value
    for name in TABLES:
        assert "SYNTHETIC DATA: no real patient" in book[name]["A1"].comment.text


def test_dates_are_excel_dates_and_births_precede_onset_diagnosis_and_treatment(tables):
    first = {}
    for row in tables["Treatments"]:
        if row["Drug"] == "baricitinib":
            first.setdefault(row["Patient"], row["Start"])
    for row in tables["Patients"]:
        days = [row["Birth date"], row["Onset date"], row["Diagnosis date"], first[row["Patient"]]]
        assert all(isinstance(day, datetime) for day in days)
        assert days == sorted(days)


def test_visits_are_near_their_nominal_day_and_week_0_is_the_first_day_of_baricitinib(tables, visits):
    for (patient, week), row in visits.items():
        late = (row["Date"] - visits[patient, 0]["Date"]).days - 7 * week
        assert abs(late) <= {0: 0, 4: 10, 12: 20, 24: 20}[week]
    for row in tables["Treatments"]:
        if (
            row["Drug"] == "baricitinib"
            and row["Stop reason"] != "herpes zoster, interrupted"
            and row["Patient"] != "P6"
        ):
            assert row["Start"] == visits[row["Patient"], 0]["Date"]
    assert sum(row["Visit"] is None for row in tables["Visits"]) == 3


def test_courses_of_one_drug_do_not_overlap(tables):
    courses = {}
    for row in tables["Treatments"]:
        courses.setdefault((row["Patient"], row["Class"], row["Drug"]), []).append(row)
    for rows in courses.values():
        rows.sort(key=lambda row: row["Start"])
        for earlier, later in itertools.pairwise(rows):
            assert earlier["Stop"] is not None
            assert earlier["Stop"] < later["Start"]


def test_effectiveness_measures_are_complete_and_in_range(visits):
    ranges = {
        "Skin-DAS": (0, 9),
        "CMAS": (0, 52),
        "MMT-8": (0, 80),
        "Physician global (0-10 cm)": (0, 10),
        "CK (U/L)": (1, 1000),
    }
    for name, (low, high) in ranges.items():
        for week in (0, 4, 12, 24):
            values = column(visits, name, week)
            assert low <= values.min() <= values.max() <= high


def test_skin_scores_give_the_printed_quartiles_under_the_named_definitions(visits):
    assert np.quantile(column(visits, "Skin-DAS", 0), (0.25, 0.5, 0.75)).tolist() == [4.0, 6.0, 7.25]
    by_type_6 = [np.quantile(column(visits, "Skin-DAS", w), (0.25, 0.5, 0.75), method="weibull") for w in (12, 24)]
    assert [quartiles.tolist() for quartiles in by_type_6] == [[0.0, 2.0, 3.0], [0.0, 0.0, 1.0]]


@pytest.mark.parametrize(
    ("name", "week", "expected"), [("CMAS", 12, 0.0225), ("CMAS", 24, 0.0056), ("MMT-8", 24, 0.0114)]
)
def test_muscle_scores_give_the_printed_p_values(visits, name, week, expected):
    from scipy.stats import norm, rankdata

    ranks = rankdata(np.column_stack([column(visits, name, w, MUSCLE) for w in (0, 4, 12, 24)]), axis=1)
    difference = ranks[:, (0, 4, 12, 24).index(week)].mean() - ranks[:, 0].mean()
    p = 6 * 2 * norm.sf(difference / np.sqrt(4 * 5 / (6 * 7)))
    assert p == pytest.approx(expected, abs=5e-5)  # the figure is given to four decimals


def test_steroid_per_kilogram_gives_the_printed_quartiles(tables, visits):
    printed = {0: (0.42, 0.53, 1.0), 4: (0.23, 0.40, 0.65), 12: (0.18, 0.33, 0.40), 24: (0.17, 0.27, 0.37)}
    for week, expected in printed.items():
        doses = []
        for patient in ANALYSED:
            visit = visits[patient, week]
            covering = [
                row["Dose"] * row["Times per day"] * (1.25 if row["Drug"] == "methylprednisolone" else 1.0)
                for row in tables["Treatments"]
                if row["Patient"] == patient
                and row["Class"] == "glucocorticoid"
                and row["Start"] <= visit["Date"]
                and (row["Stop"] is None or row["Stop"] >= visit["Date"])
            ]
            assert len(covering) == 1
            doses.append(covering[0] / visit["Weight (kg)"])
        found = np.quantile(doses, (0.25, 0.5, 0.75), method="weibull")
        assert found == pytest.approx(expected, abs=0.005)  # printed to two decimals


def test_every_analysed_child_is_eligible_and_the_figures_that_make_it_so_agree(tables, visits):
    courses = {}
    for row in tables["Treatments"]:
        if row["Drug"] == "baricitinib":
            courses.setdefault(row["Patient"], []).append(row)
    patients = {row["Patient"]: row for row in tables["Patients"]}
    ill = {(row["Patient"], row["Condition"]) for row in tables["Conditions"]}
    for key in ANALYSED:
        row = patients[key]
        muscle = [row[name] == "yes" for name in ("Proximal weakness", "Biopsy", "Raised enzymes", "EMG")]
        assert row["Typical rash"] == "yes"
        assert sum(muscle) >= 2
        refractory = (
            row["Inadequate response to glucocorticoid"] == row["Inadequate response to first-line agent"] == "yes"
        )
        assert refractory or {(key, "ILD"), (key, "MAS")} <= ill
        assert (row["Inadequate response to first-line agent"] == "yes") == (row["Agent failed"] is not None)
        for name in ("Overlap syndrome", "Other infection", "Malignancy", "Hypersensitivity to baricitinib"):
            assert row[name] == "no"
        last = courses[key][-1]["Stop"]
        assert last is None or (last - courses[key][0]["Start"]).days + 1 >= 84
        assert (key, 24) in visits
    assert [len(courses[key]) for key in ANALYSED] == [2 if key == "P6" else 1 for key in ANALYSED]


def test_one_antibody_intensity_lies_between_the_cut_offs(tables):
    names = list(tables["Patients"][0])[-16:]
    values = [row[name] for row in tables["Patients"] for name in names]
    assert len(names) == 16
    assert sum(11 <= value <= 15 for value in values) == 1
    assert all(0 <= value <= 100 for value in values)


def test_the_two_left_out_are_left_out_for_the_published_reasons(visits):
    assert [week for week in (0, 4, 12, 24) if ("P22", week) in visits] == [0, 4]
    assert [visits["P21", 0][name] for name in ("Skin-DAS", "CK (U/L)", "Physician global (0-10 cm)")] == [None] * 3


def test_adverse_events_count_26_in_10_children_and_one_is_serious(tables):
    rows = tables["Adverse events"]
    assert (len(rows), len({row["Patient"] for row in rows})) == (26, 10)
    assert [(row["Patient"], row["Preferred term"]) for row in rows if row["Hospitalised"] == "yes"] == [
        ("P6", "Herpes zoster")
    ]
    assert sum(row["Preferred term"] == "Upper respiratory tract infection" for row in rows) >= 14
    assert any(row["Stop"] is None for row in rows)
    assert {row["Death"] for row in rows} == {"no"}


def test_the_check_fails_loudly_when_a_figure_is_missed(tmp_path):
    code = (
        "from synthesis import check, sheets, targets\n"
        "table = sheets.Table(header=('Patient', 'Sex'), rows=[('P1', 'F')])\n"
        "line = check.Line(figure='girls', target='15', achieved='14')\n"
        "assert not line.met\n"
        "check.score_lines = lambda cohort: [line]\n"
        "check.person_lines = lambda cohort: []\n"
        "check.read = lambda tables: None\n"
        "check.check({})\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=EXAMPLE, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode != 0
    assert "MissedTargetError: girls: 14, wanted 15" in run.stderr.replace("synthesis.check.", "")
