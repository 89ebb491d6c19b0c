"""A study brings observations of its own: declared in its protocol, named by its mapping, set down in its bundle."""

from __future__ import annotations

import pytest

from myosotis.errors import ProtocolError
from myosotis.protocol import load_protocol
from myosotis.run import compute, open_study

PROTOCOL = """
from myosotis.analysis import ChangeOverVisits, Friedman, Outcome
from myosotis.core.definition import Citation
from myosotis.language import recorded_days, week
from myosotis.measures.declare import measured, told, written
from myosotis.protocol import Protocol
from myosotis.study import Eligibility, Rule

paper = Citation(text="A scale of the ward, 2019")
mood = measured("mood", "mood", unit="points", low=0, high=52, step=1, direction="lower is better", source=paper)
slept = told("slept", "slept through", source=paper)
remark = written("remark", "remark", source=paper)
visits = (week(0, give_or_take=0), week(4, give_or_take=0))
protocol = Protocol(
    key="ward", version="1", title="Mood", question="Does mood improve?", seed=1, index=recorded_days(), windows=visits,
    eligibility=Eligibility(include=(Rule(name="slept", criterion=slept.at(visits[0]), if_not_evaluable="leave_out"),)),
    analyses=(ChangeOverVisits(key="mood", title="Mood", visits=visits, quartiles=7,
        outcomes=(Outcome(key="mood", label="mood", unit="points", at=mood.at, decimals=1, precision=0),),
        test=Friedman(p="exact", pairwise="exact", adjust="holm", against="first")),),{more}
)
"""
MAPPING = """
[[table]]
feeds = "patients"
file = "d.csv"
patient_id = "id"
repeated = true
[table.columns]
sex = "sex"

[[table]]
feeds = "observations"
layout = "one row per visit"
file = "d.csv"
patient_id = "id"
week = "week"
[table.observations]
mood = {{ column = "mood", unit = "{unit}" }}
slept = "slept"
{name} = "remark"
"""
DATA = "id,sex,week,mood,slept,remark\na,female,0,30,yes,tired\na,female,4,20,yes,\nb,male,0,26,yes,\nb,male,4,21,no,\n"


@pytest.fixture
def study(tmp_path):
    def write(protocol=PROTOCOL, *, more="", data=DATA, unit="points", name="remark"):
        (tmp_path / "protocol.py").write_text(protocol.replace("{more}", more), encoding="utf-8")
        (tmp_path / "mapping.toml").write_text(MAPPING.format(unit=unit, name=name), encoding="utf-8")
        (tmp_path / "d.csv").write_text(data, encoding="utf-8")
        return tmp_path

    return write


def test_what_the_protocol_declares_at_its_top_can_be_mapped_and_analysed(study):
    opened = open_study(study())
    assert sorted({row["name"] for row in opened.data.observations.to_pylist()}) == ["mood", "remark", "slept"]
    bundle = compute(opened)
    medians = {
        (row["variable"], row["visit"]): row["number"]
        for row in bundle.results.to_pylist()
        if row["statistic"] == "median"
    }
    assert (medians["value", "week 0"], medians["value", "week 4"]) == (28.0, 20.5)
    assert medians["change", "week 4"] == -7.5
    described = {row["key"]: row for row in bundle.definitions.to_pylist()}
    assert described["mood"]["range"] == "0 to 52, in steps of 1"
    assert described["mood"]["citation"] == "A scale of the ward, 2019"


def test_its_range_and_grid_are_held_like_those_of_the_catalogue(study):
    findings = open_study(study(data=DATA.replace("30", "53").replace("26", "26.5"))).data.findings
    assert {finding.rule for finding in findings if finding.severity == "error"} == {"out of range", "off the grid"}


def test_its_unit_is_not_guessed(study):
    findings = open_study(study(unit="cm")).data.findings
    assert {finding.rule for finding in findings if finding.severity == "error"} == {"wrong unit"}


def test_a_name_that_nobody_declared_is_refused_with_what_to_do(study):
    with pytest.raises(ProtocolError, match=r"no observation 'zzqx'; declare one .* at the top of protocol.py"):
        open_study(study(name="zzqx"))
    with pytest.raises(ProtocolError, match=r"no observation 'moood'; did you mean 'mood'"):
        open_study(study(name="moood"))


def test_an_observation_of_the_catalogue_cannot_be_declared_anew(study):
    folder = study(more="\n    observations=(measured('ck', 'CK', unit='U/L', source=paper),),")
    with pytest.raises(ProtocolError, match="'ck' are in the catalogue already"):
        load_protocol(folder)
    twice = study(more="\n    observations=(mood, mood),")
    with pytest.raises(ProtocolError, match="observations 'mood' are declared twice"):
        load_protocol(twice)
