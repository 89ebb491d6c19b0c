"""A cohort with everything that safety data can have wrong still gives a report, and the report says what it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from myosotis.analysis import JAK_INHIBITOR_EVENTS, AdverseEvents, LaboratorySafety, LaboratoryTest, OrganOutcomes
from myosotis.language import Window, baseline_window, condition, drugs, first_dose, week
from myosotis.language.record import records
from myosotis.measures.observations import alt, neutrophils
from myosotis.measures.safety_grades import ctcae_5_alt, ctcae_5_neutrophils
from myosotis.model.dataset import Dataset
from myosotis.presentation.present import present
from myosotis.protocol import Protocol
from myosotis.report import write_report
from myosotis.results.bundle import write_bundle
from myosotis.run import Study, compute
from myosotis.study import Eligibility, Rule, assign_visits

START = date(2020, 1, 1)
WEEK_0, WEEK_24 = baseline_window(days=28), week(24, give_or_take=28)
NOTHING = {"hospitalised": False, "disabling": False, "life_threatening": False, "death": False}


def day(number):
    return START + timedelta(days=number)


def event(patient, number, term, **facts):
    start = {"start": day(number)} if number is not None else {"start": "2020"}
    return {"patient_id": patient, "term": term, "organ_class": "Infections", "grade": 1, **start, **NOTHING, **facts}


def value(patient, name, number, result, upper=None):
    return {"patient_id": patient, "name": name, "date": day(number), "number": result, "upper_limit": upper}


EVENTS = [
    event("a", 5, "COVID-19 {first}"),
    event("a", 5, "COVID-19 {first}"),
    event("a", 5, "COVID-19 {first}", grade=None),
    event("b", -9, "Rash", event_id="7"),
    event("b", 5, "Rash, worse", event_id="7", grade=3),
    event("a", 9, "Zoster", hospitalised=True, serious=False),
    event("a", None, "Pulmonary embolism"),
    event("b", -3, "Headache"),
    event("b", 7, "Fever", hospitalised=None, seriousness="awful"),
    event("b", 199, "Fever"),
    event("none", 5, "Fever"),
]
STATUSES = [
    ("a", "ILD", 0, "present"), ("a", "ILD", 168, "improved"), ("a", "ILD", 168, "worse"), ("b", "ILD", 0, "absent"),
    ("b", "ILD", 0, "present"), ("b", "MAS", 160, "present"),
]  # fmt: skip


def dataset(events, statuses, values):
    return Dataset.of(
        patients=[{"patient_id": one} for one in ("a", "b", "none")],
        treatments=[
            {"patient_id": "a", "drug": "baricitinib", "start": day(0)},
            {"patient_id": "b", "drug": "baricitinib", "start": day(0), "stop": day(83)},
        ],
        events=events,
        conditions=[
            {"patient_id": patient, "name": name, "date": day(number), "status": status}
            for patient, name, number, status in statuses
        ],
        observations=values,
    )


def bundle_of(data):
    follow_up = Window(label="24 weeks", target=0, first=0, last=167)
    protocol = Protocol(
        key="safety",
        version="1",
        title="Safety",
        question="Is it safe?",
        index=first_dose("baricitinib"),
        windows=(WEEK_0, WEEK_24),
        eligibility=Eligibility(
            include=(),
            exclude=(Rule(name="overlap", criterion=condition("overlap").ever(), if_not_evaluable="keep"),),
        ),
        analyses=(
            AdverseEvents(
                key="events",
                title="Adverse events",
                treatment=drugs("baricitinib", names=("baricitinib",)),
                emergent_until=30,
                follow_up=follow_up,
                of_interest=JAK_INHIBITOR_EVENTS,
            ),
            OrganOutcomes(
                key="organs", title="Organs", conditions=("ILD", "MAS", "calcinosis"), baseline=WEEK_0, visit=WEEK_24
            ),
            LaboratorySafety(
                key="laboratory",
                title="Laboratory",
                tests=(
                    LaboratoryTest(series=alt, grade=ctcae_5_alt),
                    LaboratoryTest(series=neutrophils, grade=ctcae_5_neutrophils),
                ),
                baseline=WEEK_0,
                follow_up=Window(label="follow-up", target=84, first=1, last=196),
            ),
        ),
        seed=1,
    )
    found = {record.patient_id: record for record in records(data, protocol.index)}
    return compute(
        Study(protocol=protocol, data=data, visits=assign_visits(found.values(), protocol.windows), records=found)
    )


def page(bundle, folder):
    folder.mkdir()
    write_bundle(bundle, folder)
    write_report(bundle, folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_everything_that_can_be_wrong_is_told(tmp_path):
    values = [value("a", "alt", 0, 30.0, 40.0), value("a", "alt", 30, 90.0, 40.0), value("b", "neutrophils", 30, 1.6)]
    bundle = bundle_of(dataset(EVENTS, STATUSES, values))
    text = page(bundle, tmp_path / "out")
    limits = " ".join(limit.template for limit in present(bundle).limitations)
    for words in (
        "meet a criterion of seriousness", "several rows that share an event identifier", "same term and onset",
        "worsened in the treatment-emergent window", "that name different terms",
        "Without an onset known well enough", "without a grade", "Seriousness could not be told", "that name no criterion",
        "not placed in the treatment-emergent window", "without a day on the treatment", "no stop date",
        "also a muscle enzyme", "contradicts itself",
    ):  # fmt: skip
        assert words in limits, words
    assert "COVID-19 {first}" in text


def test_a_bare_code_for_a_term_stays_in_the_table(tmp_path):
    text = page(bundle_of(dataset([event("a", 5, "10019211")], [], [])), tmp_path / "out")
    assert "10019211" in text
    assert "Most frequent" not in text


@pytest.mark.parametrize("events", [[], [event("none", 5, "Fever")]])
def test_a_cohort_without_any_event_or_value_gives_a_report(tmp_path, events):
    assert "Adverse events" in page(bundle_of(dataset(events, [], [])), tmp_path / "out")


def test_nobody_treated_gives_a_report(tmp_path):
    data = Dataset.of(patients=[{"patient_id": "a"}], events=[event("a", 5, "Fever")])
    assert "not estimable" in page(bundle_of(data), tmp_path / "out")


def test_every_sentence_of_the_findings_is_said_once():
    bundle = bundle_of(dataset(EVENTS, STATUSES, []))
    said = [repr(sentence) for part in present(bundle).findings for sentence in part.sentences]
    assert any("Events of special interest" in sentence for sentence in said)
    assert len(said) == len(set(said))
