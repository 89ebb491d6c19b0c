"""Bad input gets a clear error or a listed finding: never a traceback, never a silent drop, never an identity."""

from __future__ import annotations

import json
import textwrap

import pytest

from myosotis.cli import main

PATIENTS = "Patient,Sex,Start\nAnna Meier,F,2020-01-01\nBodo Kurz,M,2020-02-01\n"
VISITS = (
    "Patient,Date,CMAS,CK,Note\n"
    "Anna Meier,2020-01-01,41,93.5,\n"
    "Anna Meier,2020-01-29,46,120,\n"
    "Bodo Kurz,2020-02-01,29,400,\n"
    "Bodo Kurz,2020-02-29,44,150,\n"
)
LAST = "Bodo Kurz,2020-02-29,44,150,\n"
MAPPING = """
[missing]
texts = ["n.d."]
[[table]]
feeds = "patients"
file = "patients.csv"
patient_id = "Patient"
[table.columns]
sex = { column = "Sex", codes = { F = "female", M = "male" } }
diagnosis_date = "Start"
[[table]]
feeds = "observations"
layout = "one row per visit"
file = "visits.csv"
patient_id = "Patient"
date = "Date"
ignore = ["Note"]
[table.observations]
cmas = { column = "CMAS", unit = "points" }
ck = { column = "CK", unit = "U/L" }
"""
PROTOCOL = """
from myosotis.analysis import ChangeOverVisits, Friedman, Outcome
from myosotis.language import baseline_window, date_of, week, Visit
from myosotis.measures.jdm.instruments import cmas
from myosotis.protocol import Protocol
from myosotis.study import Eligibility, Rule

visits = (baseline_window(days=28), week(4, give_or_take=14))
protocol = Protocol(
    key="small", version="1", title="Small", question="Does it change?", index=date_of("diagnosis_date"), windows=visits,
    eligibility=Eligibility(include=(
        Rule(name="CMAS at the start", criterion=cmas.at(visits[0]).recorded(), if_not_evaluable="leave_out"),
    )),
    analyses=(ChangeOverVisits(
        key="cmas", title="CMAS",
        outcomes=(Outcome(key="cmas", label="CMAS", unit="points", value=cmas.at(Visit()), decimals=1, precision=0),),
        visits=visits, test=Friedman(p="exact", pairwise="dunn", adjust="holm", against="first"), quartiles=6,
    ),),
    seed=1, synthetic="Invented for a test.",
)
"""


@pytest.fixture
def study(tmp_path):
    files = {"patients.csv": PATIENTS, "visits.csv": VISITS, "mapping.toml": MAPPING, "protocol.py": PROTOCOL}
    for name, text in files.items():
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return tmp_path


@pytest.fixture
def command(study, capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([argument.format(study=study) for argument in arguments])
        told = capsys.readouterr()
        text = told.out + told.err
        assert "Traceback" not in text
        assert "Meier" not in text
        assert "Kurz" not in text
        return ended.value.code, text

    return call


def edit(study, file, old, new):
    path = study / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_good_input_has_nothing_to_report(command):
    code, text = command("check", "{study}")
    assert code == 0
    assert "visits.csv: 16 cells read = 16 used + 0 converted + 0 ignored + 0 rejected" in text
    assert "2 patients; 0 kinds of error" in text
    assert (
        "table 2, observations from visits.csv: 4 rows read = 4 kept + 0 merged + 0 rejected + 0 ignored + 0 empty; "
        "8 records = 8 kept + 0 merged + 0 rejected"
    ) in text


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "told"),
    [
        ("visits.csv", ",46,", ",53,", 5, ["CMAS", "53", "0 to 52", "row 3"]),
        ("visits.csv", ",46,", ",about 40,", 5, ["CMAS", "row 3", "number"]),
        ("visits.csv", ",46,", ",NaN,", 5, ["CMAS", "row 3", "finite"]),
        ("visits.csv", ",46,", ",46.5,", 5, ["CMAS", "row 3", "steps of 1"]),
        ("visits.csv", "Bodo Kurz,2020-02-29", "Carl,2020-02-29", 5, ["patient", "row 5"]),
        ("visits.csv", "2020-02-29", "2020-02-30", 5, ["Date", "row 5"]),
        ("visits.csv", "2020-02-29", "2020-06-29", 0, ["day 149 lies in no window", "visits.csv row 5"]),
        ("visits.csv", LAST, LAST * 2, 0, ["row 6", "duplicate row", "remove the later row"]),
        ("mapping.toml", 'unit = "U/L"', 'unit = "mg/dL"', 5, ["CK", "mg/dL", "U/L"]),
        ("mapping.toml", ' unit = "U/L"', ' unit = "furlong"', 5, ["not known", "U/L", "row"]),
        ("visits.csv", "CMAS", "CMAS score", 3, ["CMAS", "visits.csv", "CMAS score"]),
        ("mapping.toml", '"visits.csv"', '"visit.csv"', 3, ["visit.csv", "visits.csv"]),
        ("visits.csv", VISITS, "", 3, ["visits.csv"]),
        ("visits.csv", VISITS, "Patient,Date,CMAS,CK,Note\n", 3, ["visits.csv", "no row"]),
        ("patients.csv", "M,2020-02-01", "X,2020-02-01", 5, ["Sex", "row 3"]),
        ("mapping.toml", 'layout = "one row per visit"', 'layout = "one row per vist"', 4, ["one row per visit"]),
        ("mapping.toml", "[table.columns]", "[table.columns", 4, ["mapping.toml", "TOML"]),
        ("mapping.toml", "cmas =", "cmass =", 4, ["cmass", "cmas"]),
        ("protocol.py", "give_or_take=14", "give_or_take=", 4, ["protocol.py, line"]),
        ("protocol.py", "cmas.at(visits[0]).recorded()", "cmas.at(visits[0])", 4, ["protocol.py, line", "compare it"]),
        ("protocol.py", "protocol = Protocol(", "other = Protocol(", 4, ["declares no protocol"]),
        ("protocol.py", 'if_not_evaluable="leave_out"', 'if_not_evaluable="maybe"', 4, ["maybe", "'leave_out', 'keep'"]),
        ("protocol.py", "import cmas", "import cmaas", 4, ["protocol.py, line", "cmaas"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(study, command, file, old, new, code, told):
    edit(study, file, old, new)
    found, text = command("check", "{study}")
    for one in told:
        assert one.lower() in text.lower(), f"{one!r} is not in: {text}"
    assert found == code, text


def test_a_rejected_value_is_in_the_ledger_and_the_study_still_runs(study, command):
    edit(study, "visits.csv", ",46,", ",53,")
    code, text = command("run", "{study}", "--out", "{study}/out")
    assert code == 0
    assert "1 warnings and errors" in text
    counts = json.loads((study / "out" / "manifest.json").read_text(encoding="utf-8"))["records"]
    assert [(c["table"], c["feeds"], c["records"], c["records_kept"], c["records_rejected"]) for c in counts] == [
        (1, "patients", 2, 2, 0), (2, "observations", 8, 7, 1),
    ]  # fmt: skip
    code, text = command("check", "{study}")
    assert "16 cells read = 15 used + 0 converted + 0 ignored + 1 rejected" in text
    assert "8 records = 7 kept + 0 merged + 1 rejected" in text


def test_a_missing_study_folder_or_command(command):
    assert command("run", "{study}/nowhere", "--out", "{study}/out")[0] == 4
    assert command("run", "{study}")[0] == 2
    assert command("rum", "{study}")[0] == 2
    assert command("trace", "{study}", "abc")[0] == 2
    assert command("compare", "{study}", "{study}")[0] == 2
    assert command("catalogue", "cmass")[0] == 2


def test_a_failed_run_leaves_the_previous_results(study, command):
    assert command("run", "{study}", "--out", "{study}/out")[0] == 0
    before = {path.name: path.read_bytes() for path in (study / "out").iterdir() if path.is_file()}
    edit(study, "visits.csv", "CMAS", "CMAS score")
    assert command("run", "{study}", "--out", "{study}/out")[0] == 3
    assert {path.name: path.read_bytes() for path in (study / "out").iterdir() if path.is_file()} == before
