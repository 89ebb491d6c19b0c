"""Short words make the same records as those written out, and what neither they nor the study say is told."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

import myosotis
from myosotis.analysis import (
    AdverseEvents,
    ChangeOverVisits,
    Characteristics,
    ConcomitantDrugs,
    DoseCurves,
    Exposure,
    Friedman,
    GlucocorticoidTaper,
    Heading,
    LaboratorySafety,
    LaboratoryTest,
    Number,
    OrganOutcomes,
    Outcome,
    OutcomeOverVisits,
    PatientTable,
    Share,
    SwimmerPlot,
)
from myosotis.core.definition import Citation
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.language import Visit, Window, baseline_window, condition, drugs, recorded_days, visit_day, week
from myosotis.language.criteria import PatientIs
from myosotis.language.values import PatientNumber
from myosotis.measures.catalogue import measures
from myosotis.measures.declare import measured, told
from myosotis.measures.jdm.instruments import cmas, muscle_involvement, skin_das
from myosotis.measures.jdm.severity import severe_jdm
from myosotis.measures.jdm.skin import rash_improved
from myosotis.measures.observations import alt, ck, das28, haemoglobin, weight
from myosotis.measures.safety_grades import ctcae_5_alt, ctcae_5_anaemia
from myosotis.plan import (
    Defaults,
    adverse_events,
    change,
    column,
    count,
    dose_curves,
    drug_names,
    endpoint,
    exclude,
    exposure,
    include,
    laboratory_safety,
    mean_sd,
    median_iqr,
    new_drugs,
    on_drugs,
    organs,
    outcome,
    patient,
    patient_table,
    present,
    recorded,
    share,
    swimmer,
    table_one,
    taper,
    with_conditions,
)
from myosotis.protocol import Protocol
from myosotis.study import Eligibility, Endpoint, Population, Rule

W0, W4, W24 = VISITS = baseline_window(days=28), week(4, give_or_take=14), week(24, give_or_take=28)
SEEN = visit_day(Visit(), skin_das)
FOLLOWED = Window(label="24 weeks", target=0, first=0, last=167)
FRIEDMAN = Friedman(p="exact", pairwise="dunn", adjust="holm", against="first")
DEFAULTS = Defaults(
    visit_day=SEEN, follow_up=FOLLOWED, weight_within=28, quartiles=6, test=FRIEDMAN, conf_level=0.9,
    if_not_evaluable=("leave_out", "keep"),
)  # fmt: skip
DRUG = drugs("MTX", names=("methotrexate",))
GRIP = measured("grip", "grip strength", unit="kg", low=0, high=90, step=0.5, source=Citation(text="The ward, 2019"))
TIRED = told("tired", "tired", source=Citation(text="The ward, 2019"))


def protocol(*analyses, eligibility=(), defaults=DEFAULTS, windows=VISITS):
    return Protocol(
        key="p", version="1", title="t", question="q", index=recorded_days(), windows=windows, eligibility=eligibility,
        analyses=analyses or (table_one("T", ck),), seed=1, defaults=defaults,
    )  # fmt: skip


def made(word, **more):
    return protocol(word, **more).analyses[0]


RESPONSE = Endpoint(key="rash", label="rash", variable=rash_improved.between(W0, Visit(), skin_improvement="one point"),
                    at=(W4, W24), if_not_evaluable="no")  # fmt: skip

WRITTEN_OUT = {
    "table_one": (
        table_one("T", patient.female, "Disease", severe_jdm, ck, mean_sd(patient.age), muscle_involvement),
        Characteristics(key="characteristics", title="T", quartiles=6, lines=(
            Share(key="female", label="Female", criterion=PatientIs(field="sex", texts=("female",))),
            Heading(label="Disease"),
            Share(key="severe_jdm", label="Severe juvenile dermatomyositis", criterion=severe_jdm.at(W0)),
            Number(key="ck", label="Creatine kinase", unit="U/L", value=ck.at(W0), summary="median_iqr", decimals=1),
            Number(key="age", label="Age", unit="years", value=PatientNumber(field="age_at_index"),
                summary="mean_sd", decimals=1),
            Share(key="muscle_involvement", label="Muscle involvement", criterion=muscle_involvement.at(W0)),
        )),
    ),
    "change": (
        change(cmas, das28, key="k", title="t"),
        ChangeOverVisits(key="k", title="t", visits=VISITS, test=FRIEDMAN, quartiles=6, outcomes=(
            Outcome(key="cmas", label="CMAS", unit="points", value=cmas.at(Visit()), decimals=1, precision=0, low=0,
                high=52),
            Outcome(key="das28", label="DAS28", unit="points", value=das28.at(Visit()), decimals=2, precision=9,
                low=0, high=10),
        )),
    ),
    "count": (
        count(rash_improved.between(W0, Visit(), skin_improvement="one point"), key="rash", label="rash",
            if_not_evaluable="no"),
        OutcomeOverVisits(key="rash", title="rash", endpoint=RESPONSE, conf_level=0.9),
    ),
    "count of an endpoint": (
        count(RESPONSE, title="t", together={"either": ("yes",)}, figure=False),
        OutcomeOverVisits(key="rash", title="t", endpoint=RESPONSE, together=(("either", ("yes",)),), conf_level=0.9,
            figure=False),
    ),
    "exposure": (
        exposure(DRUG),
        Exposure(key="exposure", title="Exposure to MTX", treatment=DRUG, last_day=167, weight=weight, weight_within=28,
                 quartiles=6, visits=(W4, W24), visit_day=SEEN, conf_level=0.9),
    ),
    "new_drugs": (
        new_drugs(DRUG),
        ConcomitantDrugs(key="concomitant", title="Concomitant MTX", treatment=DRUG, visits=(W4, W24),
            visit_day=SEEN, conf_level=0.9),
    ),
    "taper": (
        taper(),
        GlucocorticoidTaper(key="taper", title="Glucocorticoid taper", visits=VISITS, visit_day=SEEN, weight_within=28,
                            last_day=W24.target, quartiles=6, conf_level=0.9),
    ),
    "dose_curves": (
        dose_curves(first_day=-28),
        DoseCurves(key="curves", title="Glucocorticoid dose of every patient", last_day=W24.target, weight_within=28,
            first_day=-28),
    ),
    "swimmer": (
        swimmer(DRUG, endpoint=RESPONSE),
        SwimmerPlot(key="swimmer", title="Treatment, response and adverse events of every patient", treatments=(DRUG,),
                    last_day=W24.last, endpoint=RESPONSE, visit_day=SEEN),
    ),
    "organs": (
        organs("ILD"),
        OrganOutcomes(key="organs", title="Organ outcomes", conditions=("ILD",), baseline=W0, visit=W24, conf_level=0.9),
    ),
    "adverse_events": (
        adverse_events(DRUG, emergent_until=30),
        AdverseEvents(key="safety", title="Adverse events", treatment=DRUG, emergent_until=30, follow_up=FOLLOWED,
            conf_level=0.9),
    ),
    "laboratory_safety": (
        laboratory_safety(ctcae_5_alt, ctcae_5_anaemia),
        LaboratorySafety(key="laboratory", title="Laboratory safety", baseline=W0, conf_level=0.9,
                         follow_up=Window(label="follow-up", target=W24.target, first=1, last=W24.last),
                         tests=(LaboratoryTest(series=alt, grade=ctcae_5_alt), LaboratoryTest(series=haemoglobin,
                             grade=ctcae_5_anaemia))),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("word", "whole"), WRITTEN_OUT.values(), ids=WRITTEN_OUT.keys())
def test_a_short_word_is_the_analysis_written_out(word, whole):
    assert made(word) == whole


def test_rules_are_the_eligibility_written_out():
    short = protocol(eligibility=(
        include("severe", severe_jdm, reason="mild"), exclude("weak", cmas.at(W0) < 40),
        include("seen", recorded(skin_das, ck)), include("answered", recorded(muscle_involvement, at=W4),
            if_not_evaluable="keep"),
    ))  # fmt: skip
    assert short.eligibility == Eligibility(
        include=(
            Rule(name="severe", criterion=severe_jdm.at(W0), if_not_evaluable="leave_out", reason="mild"),
            Rule(name="seen", criterion=myosotis.all_of(skin_das.at(W0).recorded(), ck.at(W0).recorded()),
                if_not_evaluable="leave_out"),
            Rule(name="answered", criterion=muscle_involvement.recorded_at(W4), if_not_evaluable="keep"),
        ),
        exclude=(Rule(name="weak", criterion=cmas.at(W0) < 40, if_not_evaluable="keep"),),
    )  # fmt: skip


def test_columns_and_lines_are_those_written_out():
    table = made(patient_table(
        "P", column("Severe", severe_jdm), column("CK", ck, decimals=2), drug_names("Before", DRUG, "before"),
        present("Organs", ("ILD", condition("ILD").by(0))),
    ))  # fmt: skip
    assert isinstance(table, PatientTable)
    assert [one.key for one in table.columns] == ["severe", "ck", "before", "organs"]
    assert table.columns[0].of == severe_jdm.at(W0)
    assert table.columns[1].decimals == 2
    lines = made(table_one("T", on_drugs("folic acid"), with_conditions("ILD", MAS="Activation"), share(TIRED))).lines
    assert [(one.key, one.label) for one in lines] == [
        ("folic_acid", "Folic acid"), ("ILD", "ILD"), ("MAS", "Activation"), ("tired", "Tired")
    ]  # fmt: skip


def test_an_observation_of_the_study_s_own_says_its_label_unit_and_steps():
    followed = made(change(GRIP)).outcomes[0]
    assert followed == Outcome(
        key="grip", label="grip strength", unit="kg", value=GRIP.at(Visit()), decimals=2, precision=1, low=0, high=90
    )
    assert made(change(GRIP)).title == "grip strength"


@pytest.mark.parametrize("name", [measure.key for measure in measures().values() if not measure.choices])
def test_every_number_and_verdict_of_the_catalogue_makes_a_line_without_more_words(name):
    measure = measures()[name]
    if len(measure.moments) == 2:
        with pytest.raises(ProtocolError, match="compares two visits; write"):
            made(table_one("T", measure))
        return
    kind = type(measure.at(W0)).__name__
    if kind == "Categories":
        with pytest.raises(MyosotisError):
            made(table_one("T", measure))
        return
    line = made(table_one("T", measure)).lines[0]
    assert line.key == name
    assert line.label.lower() == measure.definition.label.lower()


@pytest.mark.parametrize(
    ("word", "changed", "told"),
    [
        (exposure(DRUG), {"follow_up": None}, "exposure: last_day is not given; give it there, or once for the study: "
         "Protocol(defaults=Defaults(follow_up=...))"),
        (exposure(DRUG), {"weight_within": None}, "exposure: weight_within is not given"),
        (change(cmas), {"test": None}, "change: test is not given; give it there, or once for the study: "
         "Protocol(defaults=Defaults(test=...))"),
        (table_one("T", ck), {"quartiles": None}, "table_one: quartiles is not given"),
        (taper(), {"visit_day": None}, "taper: visit_day is not given"),
        (adverse_events(DRUG, emergent_until=30), {"follow_up": None}, "adverse_events: follow_up is not given"),
    ],
)  # fmt: skip
def test_what_neither_the_word_nor_the_study_says_is_told_with_both_places(word, changed, told):
    with pytest.raises(ProtocolError) as caught:
        protocol(word, defaults=dataclasses.replace(DEFAULTS, **changed))
    assert told in str(caught.value)


def test_what_a_rule_makes_of_the_not_evaluable_must_be_said():
    rules = (include("severe", severe_jdm),)
    with pytest.raises(ProtocolError, match=r"include\('severe'\): if_not_evaluable is not given"):
        protocol(eligibility=rules, defaults=dataclasses.replace(DEFAULTS, if_not_evaluable=None))


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (change, "change was given nothing to follow"),
        (lambda: on_drugs(["a", "b"]), "on_drugs: names is ['a', 'b']; give a text"),
        (lambda: table_one(3, ck), "table_one: title is 3; give a text"),
        (lambda: exposure(cmas), "exposure: treatment is cmas, without a visit"),
        (lambda: with_conditions("a", ILD=3), "with_conditions: ILD is 3; give a text"),
        (lambda: change(cmas, titel="x"), "change has no 'titel'; did you mean 'title'?"),
        (lambda: count(), "count was not given of; write count(of"),
        (lambda: made(count(RESPONSE, together={"either": "yes"})), "together"),
        (lambda: change(cmas, ck, label="x"), "describe each by outcome"),
        (lambda: made(change(cmas.at(Visit()) / 2)), "no definition says the key of this number; give key="),
        (lambda: made(change(cmas.at(Visit()) / 2, key="k", label="x", unit="points")),
            "says the decimals of this number; give decimals="),
        (lambda: made(change(severe_jdm)), "is no number and cannot be followed as one"),
        (lambda: count(severe_jdm), "count: if_not_evaluable is not given"),
        (lambda: count(RESPONSE, label="x"), "says all of itself"),
        (lambda: made(table_one("T", share(cmas.at(W0) > 3))), "share: no definition says the label of this criterion"),
        (lambda: made(table_one("T", median_iqr(cmas.at(W0) + 1))), "median_iqr: no definition says the label"),
        (lambda: made(table_one("T", 3)), "a int was given where an observation, a measure or an expression is asked"),
        (lambda: made(laboratory_safety(severe_jdm)), "is a grade of"),
        (lambda: laboratory_safety(ck), "laboratory_safety: grades is ck, without a visit; give a measure"),
        (lambda: protocol(eligibility=(recorded(),)), "recorded was given nothing"),
        (lambda: protocol(eligibility=("severe",)), "something that is no rule"),
        (lambda: protocol(table_one("T", ck), windows=()), "at is not given"),
        (lambda: protocol(exposure(DRUG), defaults=3), "defaults is 3"),
    ],
)  # fmt: skip
def test_a_slip_in_a_short_word_is_told_with_its_fix(write, told):
    with pytest.raises(ProtocolError) as caught:
        write()
    assert told in str(caught.value)


def test_an_outcome_says_what_its_definition_does_not():
    said = outcome(
        cmas.at(Visit()) / 52, key="k", label="share of CMAS", unit="1", decimals=2, precision=5, low=0, high=1
    )
    followed = made(change(said, key="k", title="t")).outcomes[0]
    assert (followed.key, followed.decimals, followed.precision, followed.high) == ("k", 2, 5, 1)
    assert made(count(endpoint(severe_jdm, if_not_evaluable="leave_out"))).endpoint.at == (W4, W24)


def test_a_word_that_says_it_itself_is_not_overruled():
    assert made(exposure(DRUG, last_day=10)).last_day == 10
    assert made(change(cmas, visits=(W0, W24))).visits == (W0, W24)
    assert made(table_one("T", ck, quartiles="spss", population=Population(key="p", label="p"))).quartiles == "spss"


# --- the face ---------------------------------------------------------------------------------------------------------


def test_every_word_of_the_package_can_be_imported_from_it_and_is_the_one_of_its_module():
    assert len(myosotis.__all__) > 50
    for name in myosotis.__all__:
        assert getattr(myosotis, name).__module__.startswith("myosotis.")
    with pytest.raises(AttributeError, match="no attribute 'chnage'"):
        myosotis.chnage  # noqa: B018
    assert set(myosotis.__all__) <= set(dir(myosotis))


def test_importing_the_package_loads_none_of_it():
    code = "import sys, myosotis; print(sum(name.startswith('myosotis.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "0\n"
