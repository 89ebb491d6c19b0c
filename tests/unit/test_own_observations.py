"""A study brings observations of its own: declared in its protocol, named by its mapping, set down in its bundle."""

from __future__ import annotations

import pytest

from myosotis.errors import MyosotisError, ProtocolError
from myosotis.loading import load_protocol
from myosotis.run import compute, open_study

PROTOCOL = """
from myosotis.analysis import ChangeOverVisits, Friedman, Outcome
from myosotis.core.definition import Citation
from myosotis.language import recorded_days, week, Visit
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
        outcomes=(Outcome(key="mood", label="mood", unit="points", value=mood.at(Visit()), decimals=1, precision=0),),
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


def test_rows_after_the_last_contact_by_their_week_are_told(study):
    folder = study(data="id,sex,week,mood,slept,remark,seen\na,female,0,30,yes,,20\na,female,4,20,yes,,20\n")
    mapping = folder / "mapping.toml"
    mapping.write_text(mapping.read_text().replace('sex = "sex"', 'sex = "sex"\nlast_contact_day = "seen"'))
    [told] = [one for one in open_study(folder).data.findings if one.rule == "after the end of follow-up"]
    assert (told.severity, told.source, told.source_row, told.count) == ("warning", "d.csv", 3, 2)
    assert "2 of observations" in told.message


def test_rows_within_follow_up_are_not_told_as_after_it(study):
    assert "after the end of follow-up" not in {one.rule for one in open_study(study()).data.findings}


EVENTS = """
[[table]]
feeds = "events"
file = "e.csv"
patient_id = "id"
may_be_empty = true
[table.columns]
term = "term"
"""
COUNTED = """
    notes=(),
)
from dataclasses import replace
from myosotis.analysis import AdverseEvents
from myosotis.language import drugs
protocol = replace(protocol, analyses=(AdverseEvents(
    key='events', title='Events', treatment=drugs('x', names=('x',)), emergent_until=0, follow_up=visits[1]),)
"""


def test_events_that_nobody_collected_are_not_counted_as_none(study):
    with pytest.raises(ProtocolError, match="'events' counts events, and the mapping feeds no table 'events'"):
        open_study(study(more=COUNTED))


def test_an_empty_sheet_of_events_that_may_be_empty_is_an_answer(study):
    folder = study(more=COUNTED)
    mapping = folder / "mapping.toml"
    mapping.write_text(mapping.read_text() + EVENTS)
    (folder / "e.csv").write_text("id,term\n")
    assert open_study(folder).data.events.num_rows == 0


def test_a_sheet_without_a_header_shows_nothing_of_its_first_patient(study):
    with pytest.raises(MyosotisError, match="holds numbers or dates as rows of data do") as told:
        open_study(study(data="Anna Beispiel,female,0,30,yes,\nBea Muster,male,0,26,yes,\n"))
    assert "Beispiel" not in str(told.value)
