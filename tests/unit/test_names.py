"""A name that no row of the data has is told with its place and the nearest names, and never just counted as 0."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import AdverseEvents, Characteristics, ConcomitantDrugs, OrganOutcomes, Share, of_interest
from myosotis.errors import ProtocolError
from myosotis.language import Visit, Window, condition, drugs, first_dose, visit_day, week
from myosotis.language.criteria import NamedCriterion, PatientIs, all_of
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.observations import ck
from myosotis.model.facts import _FACT_READERS
from myosotis.model.layout import Field
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset
from myosotis.names import names_without_rows
from myosotis.protocol import Protocol
from myosotis.run import check_study
from myosotis.study import Eligibility, Population, Rule

FILES = {
    "p": "id,sex,site\na,female,Xian\nb,female,Beijing\n",
    "t": "id,drug,class,start\na,methotrexate,csDMARD,2020-01-01\nb,prednisone,glucocorticoid,2020-01-01\n",
    "c": "id,name,status\na,ILD,present\nb,calcinosis,absent\n",
    "e": "id,term,pt\na,shingles,Herpes zoster\nb,had a cold last week,\n",
    "v": "id,date,cmas\na,2020-01-01,40\n",
}
TABLES = {
    "p": {"feeds": "patients", "columns": {"sex": "sex", "site": "site"}},
    "t": {"feeds": "treatments", "columns": {"drug": "drug", "drug_class": "class", "start": "start"}},
    "c": {"feeds": "conditions", "columns": {"name": "name", "status": "status"}},
    "e": {"feeds": "events", "columns": {"term": "term", "preferred_term": "pt"}},
    "v": {"feeds": "observations", "layout": "one row per visit", "date": "date",
          "observations": {"cmas": {"column": "cmas", "unit": "points"}}},
}  # fmt: skip
START = week(0, give_or_take=7)
EVER = Window(label="ever", target=0, first=-1000, last=1000)
HERE = PatientIs(field="sex", texts=("female",))


def data(*only):
    names = only or tuple(TABLES)
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            Path(folder, f"{name}.csv").write_text(FILES[name], encoding="utf-8")
        tables = [{**TABLES[name], "file": f"{name}.csv", "patient_id": "id"} for name in names]
        return read_dataset(folder, parse_mapping({"table": tables}), observation_catalogue())


def protocol(*criteria, analyses=(), index="methotrexate", rule=HERE, populations=()):
    lines = tuple(Share(key=f"k{i}", label=f"k{i}", criterion=one) for i, one in enumerate(criteria, start=1))
    table = (Characteristics(key="start", title="Start", quartiles=7, lines=lines),) if lines or not analyses else ()
    return Protocol(
        key="x", version="1", title="x", question="x?", seed=1, index=first_dose(index), windows=(START,),
        eligibility=Eligibility(include=(Rule(name="here", criterion=rule, if_not_evaluable="leave_out"),)),
        analyses=(*table, *analyses), populations=populations,
    )  # fmt: skip


def told(study, found=None):
    return [(f.severity, f.message) for f in names_without_rows(study, data() if found is None else found)]


def taking(*names, classes=(), **more):
    return drugs("the drugs", names=names, classes=classes, **more).taken_on(0)


@pytest.mark.parametrize(
    "criterion",
    [
        taking("methotrexate"), taking(classes=("glucocorticoid",)), condition("ILD").ever(), HERE,
        PatientIs(field="site", texts=("Xian", "Beijing")), cmas.at(START).recorded(),
        condition("calcinosis").with_status("absent", window=EVER),
    ],
)  # fmt: skip
def test_names_that_rows_have_are_not_told(criterion):
    assert told(protocol(criterion)) == []


@pytest.mark.parametrize(
    ("criterion", "parts"),
    [
        (taking("Methotrexat"), ["no row of treatments has the drug of 'the drugs' 'Methotrexat'", "'methotrexate'"]),
        (taking("Methotrexate"), ["'Methotrexate' (did you mean 'methotrexate'?)"]),
        (taking("xyz"), ["'xyz' (the data have 'methotrexate', 'prednisone')"]),
        (taking(classes=("glucocorticoids",)), ["the drug class", "did you mean 'glucocorticoid'?"]),
        (drugs("d", names=("mtx",)).started_between(0, 9), ["'mtx'"]),
        (drugs("d", names=("mtx",)).dose_at(0) <= 5, ["'mtx'"]),
        (condition("Transplant").ever(), ["the condition 'Transplant' (the data have 'ILD', 'calcinosis')"]),
        (
            condition("ILD").with_status("severe", window=EVER),
            ["the status of 'ILD' 'severe' (the data have 'present')"],
        ),
        (PatientIs(field="sex", texts=("male",)), ["no row of patients has the sex 'male' (the data have 'female')"]),
        (PatientIs(field="site", texts=("Xi'an",)), ["the site", "did you mean 'Xian'?"]),
        (ck.at(START).recorded(), ["no row of observations has the observation 'ck'"]),
        (ck.nearest(0, within=3) <= 5, ["the observation 'ck'"]),
        (visit_day(START, ck) <= 5, ["the observation 'ck'"]),
        (all_of(HERE, cmas.at(START) <= 5, condition("Transplant").ever()), ["'Transplant'"]),
    ],
)
def test_a_name_that_no_row_has_is_a_warning_with_what_is_near_and_who_asks(criterion, parts):
    ((severity, message),) = told(protocol(criterion))
    assert severity == "warning"
    for part in [*parts, "asked for by the analysis 'start'"]:
        assert part in message


def test_the_place_is_that_of_the_protocol():
    nobody = Population(key="ill", label="Ill", criterion=condition("Transplant").ever())
    study = protocol(condition("Transplant").ever(), rule=condition("Transplant").ever(), populations=(nobody,))
    ((_, message),) = told(study)
    assert "asked for by the rule 'here', the population 'ill', the analysis 'start'" in message
    ((_, message),) = told(protocol(HERE, index="baricitinib"))
    assert "'baricitinib'" in message
    assert "asked for by the index date" in message


def test_a_list_of_the_catalogue_is_a_note_though_the_protocol_misses_a_name_that_it_begins_with():
    shared = NamedCriterion(key="rule", version="1", label="a rule", of=taking("a1", "b2"))
    found = told(protocol(taking("a1"), shared))
    assert sorted(severity for severity, _ in found) == ["note", "warning"]


def test_names_beside_which_others_of_the_list_have_rows_share_one_note():
    ((severity, message),) = told(protocol(taking("methotrexate", "prednison", "ivig"), taking("methotrexate", "mmf")))
    assert severity == "note"
    assert "'prednison' (did you mean 'prednisone'?), asked for by the analysis 'start'" in message
    assert "'ivig', asked for" in message
    assert "'mmf', asked for" in message


def test_a_synonym_that_the_list_holds_is_not_offered():
    ((_, message),) = told(protocol(taking("methotrexate", "methotrexat")))
    assert "did you mean" not in message


def test_a_name_left_out_that_no_row_has_is_told():
    study = protocol(taking(classes=("glucocorticoid",), except_names=("prednison",)))
    ((_, message),) = told(study)
    assert "'prednison' (did you mean 'prednisone'?)" in message


def test_lists_of_events_that_no_event_meets_are_told_together():
    groups = (
        of_interest("zoster", "Zoster", "Herpes zoster"),
        of_interest("simplex", "Simplex", "Herpes simplex"),
        of_interest("clots", "Clots", "Deep vein thrombosis"),
    )
    safety = AdverseEvents(
        key="safety", title="Safety", treatment=drugs("d", names=("methotrexate",)), emergent_until=30, follow_up=EVER,
        of_interest=groups,
    )  # fmt: skip
    ((severity, message),) = told(protocol(analyses=(safety,)))
    assert severity == "note"
    assert (
        "the lists 'Simplex', 'Clots'; nearest in the data are 'herpes zoster', asked for by the analysis 'safety'"
        in (message)
    )
    ((severity, message),) = told(protocol(analyses=(safety,)), data("p", "t"))
    assert (severity, "the mapping feeds no events" in message) == ("note", True)


def test_what_an_analysis_declares_without_an_expression_is_looked_at():
    analysis = ConcomitantDrugs(
        key="with", title="With", treatment=drugs("d", classes=("csDMARDs",)), visits=(START,),
        visit_day=visit_day(Visit(), cmas),
    )  # fmt: skip
    ((_, message),) = told(protocol(analyses=(analysis,)))
    assert "'csDMARDs' (did you mean 'csDMARD'?)" in message


def test_each_condition_whose_outcome_is_asked_for_is_looked_at():
    organs = OrganOutcomes(
        key="organs", title="Organs", conditions=("ILD", "MAS"), baseline=START, visit=week(24, give_or_take=7)
    )
    ((severity, message),) = told(protocol(analyses=(organs,)))
    assert (severity, "the condition 'MAS'" in message, "analysis 'organs'" in message) == ("warning", True, True)


@pytest.mark.parametrize(
    ("criterion", "without"),
    [(condition("Transplant").ever(), "c"), (cmas.at(START).recorded(), "v"), (taking("mtx"), "t")],
)
def test_a_table_that_the_mapping_does_not_feed_makes_it_a_note(criterion, without):
    found = told(protocol(criterion), data(*(name for name in TABLES if name != without)))
    assert {severity for severity, _ in found} == {"note"}
    assert all("the mapping feeds no" in message for _, message in found)


def test_a_study_tells_them_with_the_other_findings(tmp_path):
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(
        '[[table]]\nfeeds = "patients"\nfile = "p.csv"\npatient_id = "id"\ncolumns = { sex = "sex", site = "site" }\n',
        encoding="utf-8",
    )
    (tmp_path / "protocol.py").write_text(
        "from myosotis.analysis import Characteristics, Share\n"
        "from myosotis.language import recorded_days, week\n"
        "from myosotis.language.criteria import PatientIs\n"
        "from myosotis.protocol import Protocol\n"
        "from myosotis.study import Eligibility, Rule\n"
        "here = PatientIs(field='site', texts=('Xi an',))\n"
        "rule = Rule(name='here', criterion=here, if_not_evaluable='leave_out')\n"
        "protocol = Protocol(key='x', version='1', title='x', question='x?', seed=1, index=recorded_days(),\n"
        "    windows=(week(0, give_or_take=1),), eligibility=Eligibility(include=(rule,)),\n"
        "    analyses=(Characteristics(key='c', title='c', quartiles=7,\n"
        "        lines=(Share(key='h', label='h', criterion=here),)),))\n",
        encoding="utf-8",
    )
    (finding,) = check_study(tmp_path).data.findings
    assert (finding.rule, finding.source) == ("name without rows", "protocol")
    assert "'Xi an' (did you mean 'Xian'?), asked for by the rule 'here', the analysis 'c'" in finding.message


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("Female",), "its first is 'Female'; did you mean 'female'? give one of 'female', 'male'"),
        (("female", "m"), "its second is 'm'; give one of 'female', 'male'"),
        (("F",), "its first is 'F'; give one of 'female', 'male'"),
    ],
)
def test_a_sex_that_nobody_can_have_is_refused_where_it_is_written(texts, said):
    with pytest.raises(ProtocolError) as refused:
        PatientIs(field="sex", texts=texts)
    assert str(refused.value).startswith("PatientIs(field='sex'): texts is ")
    assert str(refused.value).endswith(said)


@pytest.mark.parametrize("texts", [("female", "male"), ("male",)])
def test_a_sex_that_patients_have_may_be_asked_for(texts):
    assert PatientIs(field="sex", texts=texts).texts == texts


def test_one_text_without_its_comma_is_refused_where_it_is_written():
    with pytest.raises(ProtocolError, match=r"one text in a tuple needs a comma: \('female',\)"):
        PatientIs(field="sex", texts="female")


def test_the_sexes_are_those_that_the_patients_table_can_hold():
    reader = _FACT_READERS["patients", "sex"]
    for sex in ("female", "male", "Female", "other", "f"):
        try:
            written = PatientIs(field="sex", texts=(sex,)).texts == (sex,)
        except ProtocolError:
            written = False
        assert hasattr(reader(sex, Field(), "."), "value") is written


@settings(deadline=None, max_examples=40)
@given(asked=st.lists(st.sampled_from(["methotrexate", "prednisone", "mtx", "ivig", "mmf"]), min_size=1, unique=True))
def test_exactly_the_names_without_rows_are_told(asked):
    messages = " ".join(message for _, message in told(protocol(*(taking(name) for name in asked))))
    for name in asked:
        assert (f"'{name}'" in messages.replace("(the data have 'methotrexate', 'prednisone')", "")) == (
            name not in ("methotrexate", "prednisone")
        )
