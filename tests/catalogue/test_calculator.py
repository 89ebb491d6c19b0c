"""One child without a data set: what goes in, what comes out, and what is refused."""

from __future__ import annotations

import re

import pytest

from myosotis.core.definition import Example
from myosotis.errors import MissingChoiceError, MyosotisError, UnknownNameError, UsageError
from myosotis.measures import (
    baricitinib_label_dose,
    cmas_from_items,
    egfr_schwartz_2009,
    inactive_skin,
    maintenance_prednisone_equivalent,
    off_baricitinib_at_visit,
    printo_inactive_disease_2013,
    pulse_prednisone_equivalent,
    rash_improved,
    refractory_or_severe_jdm,
    response_wang_2022,
    severe_jdm,
    total_improvement_score_2016,
    total_improvement_score_2016_printo,
)
from myosotis.measures.catalogue import CATALOGUE, MEASURES, OBSERVATIONS, derivations
from myosotis.measures.describe import describe, parts_in_words, search
from myosotis.measures.examples import as_dataset
from myosotis.measures.from_text import calculate_from_text
from myosotis.measures.jdm.response_wang import RECOMMENDED, WANG_2022_LITERAL
from myosotis.measures.jdm.wang_choices import OPEN_QUESTIONS

VISITS = {**RECOMMENDED, "treatment_source": "visits"}


def test_a_verdict_comes_with_its_parts_and_its_sentence():
    got = printo_inactive_disease_2013(visit={"ck": 151, "cmas": 48, "mmt8": 78, "physician_global": 0.2})
    assert got.value is True
    assert got.contributions == {
        "ck_inactive": False, "cmas_inactive": True, "mmt8_inactive": True, "physician_global_inactive": True,
    }  # fmt: skip
    assert got.missing == ()
    assert got.sentence.startswith("at least 3 of these 4 hold: ((1) creatine kinase is at most 150 U/L;")


def test_what_is_missing_is_named():
    got = printo_inactive_disease_2013(visit={"ck": 100, "physician_global": 0.0})
    assert got.value is None
    assert got.missing == ("visit.cmas", "visit.mmt8")


def test_nothing_is_missing_once_the_verdict_is_settled():
    got = printo_inactive_disease_2013(visit={"ck": 100, "cmas": 50, "mmt8": 80})
    assert (got.value, got.missing) == (True, ())


def test_yes_and_no_may_be_words_or_truths():
    for no in (False, "no"):
        assert inactive_skin(visit={"skin_das": 1, "ulceration": no, "erythema": no}).value is True
    with pytest.raises(UsageError, match="give yes or no"):
        inactive_skin(visit={"ulceration": "perhaps"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cmas": 53}, "runs from 0 to 52"),
        ({"cmas": -1}, "runs from 0 to 52"),
        ({"physician_global": 20}, "runs from 0 to 10"),
        ({"mmt8": 81}, "runs from 0 to 80"),
        ({"mmt8": 120, "mmt_max": 100}, "end at 80, 150 or 260"),
        ({"mmt8": 151, "mmt_max": 150}, "runs from 0 to 150"),
        ({"ck": "high"}, "give a number"),
        ({"ck": float("nan")}, "give a number"),
        ({"creatin_kinase": 90}, "did you mean"),
        ({"CK": 90}, "did you mean 'ck'"),
        ({"xyzzy": 90}, "search with `myosotis catalogue WORD`"),
        ({"ck_upper_limit": "high"}, "give a number"),
        ({"age_at_onset": -3}, "give years of age, 0 to 120"),
        ({"age_at_index": 2011}, "give years of age"),
        ({"mmt8": 120}, "give mmt_max=150"),
        ({"ck": 90, "ck_upper_limit": 0}, "an upper one not 0"),
        ({"ck": 90, "ck_lower_limit": -1}, "not negative"),
    ],
)
def test_input_that_cannot_be_is_refused(given, said):
    with pytest.raises(UsageError, match=said):
        printo_inactive_disease_2013(visit=given)


def test_a_muscle_test_of_both_sides_is_no_mmt8_of_one():
    """120 of 150 is not 78 of 80, so inactive disease does not see it."""
    got = printo_inactive_disease_2013(visit={"mmt8": 120, "mmt_max": 150, "cmas": 50, "ck": 90})
    assert got.value is None
    assert got.missing == ("visit.mmt8", "visit.physician_global")


def test_a_maximum_stated_once_holds_at_the_other_moment():
    """120 to 123 of 150 is 2%, which earns nothing; 60 to 63 of 80 would be 3.75%, which earns 10."""
    for then, now in ((150, None), (None, 150), (150, 150)):
        given = {"baseline": {"mmt8": 60, "mmt_max": then}, "visit": {"mmt8": 63, "mmt_max": now}}
        assert total_improvement_score_2016(**given).contributions["muscle"] == 0.0
    two_scales = {"baseline": {"mmt8": 60, "mmt_max": 150}, "visit": {"mmt8": 63, "mmt_max": 80}}
    assert total_improvement_score_2016(**two_scales).contributions["muscle"] is None


def test_of_inputs_that_would_do_the_fewest_are_named():
    given = {"baseline": {"cmas": 40, "alt": 100}, "visit": {"physician_global": 1, "parent_global": 1}}
    missing = total_improvement_score_2016(**given).missing
    assert {"visit.cmas", "visit.alt", "baseline.alt_upper_limit"} < set(missing)
    assert not [name for name in missing if "mmt" in name or "ck" in name]


def test_a_moment_that_is_not_looked_at_is_refused():
    with pytest.raises(UsageError, match="does not look at baseline"):
        printo_inactive_disease_2013(baseline={}, visit={})


def test_a_choice_has_no_default():
    with pytest.raises(MissingChoiceError, match="skin_improvement"):
        rash_improved(baseline={"skin_das": 6}, visit={"skin_das": 5})
    with pytest.raises(MissingChoiceError, match="choose one of"):
        rash_improved(baseline={"skin_das": 6}, visit={"skin_das": 5}, skin_improvement="much")
    with pytest.raises(MissingChoiceError, match="physician_global_at_most"):
        response_wang_2022(baseline={}, visit={})
    with pytest.raises(UsageError, match="no choice"):
        inactive_skin(visit={}, strictly=True)


def test_every_choice_of_the_response_is_without_default():
    for choice in response_wang_2022.choices:
        rest = {key: value for key, value in VISITS.items() if key != choice.key}
        with pytest.raises(MissingChoiceError, match=choice.key):
            response_wang_2022(baseline={}, visit={}, **rest)


def test_response_of_one_child():
    baseline = {"skin_das": 6, "cmas": 41, "mmt8": 73, "muscle_involvement": "yes", "ulceration": "no",
                "glucocorticoid_dose_per_weight": 0.5}  # fmt: skip
    visit = {"skin_das": 3, "cmas": 46, "mmt8": 77, "ck": 93, "physician_global": 2.5, "ulceration": "no",
             "erythema": "yes", "glucocorticoid_dose_per_weight": 0.25, "new_immunosuppressant": "no",
             "new_immunoglobulin": "no", "new_glucocorticoid_pulse": "no"}  # fmt: skip
    got = response_wang_2022(baseline=baseline, visit=visit, **VISITS)
    assert (got.value, got.category) == ("partial response", "partial response")
    assert got.contributions["tapered"] is True
    assert got.contributions["inactive_skin"] is False
    open_ = response_wang_2022(
        baseline=baseline,
        visit={**visit, "skin_das": 1, "erythema": "no", "ck": None, "cmas": None, "mmt8": 78},
        **VISITS,
    )
    assert (open_.value, open_.category) == (None, "complete response or partial response")
    assert "visit.ck" in open_.missing


def test_a_measure_that_reads_treatments_wants_to_be_told_of_them():
    with pytest.raises(UsageError, match="give treatments"):
        response_wang_2022(baseline={}, visit={}, **WANG_2022_LITERAL)
    with pytest.raises(UsageError, match="give treatments"):
        off_baricitinib_at_visit(baseline={}, visit={"skin_das": 1}, days_tolerated=14)
    got = off_baricitinib_at_visit(baseline={}, visit={"skin_das": 1}, days_tolerated=14, treatments=[])
    assert (got.value, got.contributions["days_off"]) == (True, 169.0)


@pytest.mark.parametrize(
    ("course", "said"),
    [({"dose": 5}, "no drug"), ({"drug": "prednisone", "milligrams": 5}, "no part"),
     ({"drug": "prednisone", "dose": "5"}, "give a number")],
)  # fmt: skip
def test_a_course_that_says_nothing_is_refused(course, said):
    with pytest.raises(UsageError, match=said):
        maintenance_prednisone_equivalent(visit={}, treatments=[course])


def test_the_response_from_courses():
    choices = {**WANG_2022_LITERAL, "physician_global_at_most": 0.2}
    baseline = {"skin_das": 6, "cmas": 41, "mmt8": 73, "weight": 20}
    visit = {"skin_das": 3, "cmas": 46, "mmt8": 77, "weight": 25, "ulceration": "no", "erythema": "no",
             "physician_global": 4, "ck": 200}  # fmt: skip
    courses = [
        {"drug": "prednisone", "drug_class": "glucocorticoid", "start_day": -30, "stop_day": 90, "dose": 20,
         "times_per_day": 1},
        {"drug": "prednisone", "drug_class": "glucocorticoid", "start_day": 91, "dose": 12.5, "times_per_day": 1},
    ]  # fmt: skip
    got = response_wang_2022(baseline=baseline, visit=visit, treatments=courses, **choices)
    assert got.value == "partial response"
    unweighed = {name: value for name, value in visit.items() if name != "weight"}
    missing = response_wang_2022(baseline=baseline, visit=unweighed, treatments=courses, **choices)
    assert (missing.value, "visit.weight" in missing.missing) == (None, True)


def test_the_dose_at_diagnosis_needs_the_time_since():
    choices = {**VISITS, "treatment_source": "treatments", "initial_dose": "diagnosis", "dose_unit": "mg/day"}
    courses = [
        {"drug": "prednisone", "drug_class": "glucocorticoid", "start_day": -365, "stop_day": -300, "dose": 40,
         "times_per_day": 1},
        {"drug": "prednisone", "drug_class": "glucocorticoid", "start_day": -299, "dose": 20, "times_per_day": 1},
    ]  # fmt: skip
    now = {
        "skin_das": 3,
        "cmas": 46,
        "mmt8": 77,
        "ulceration": "no",
        "erythema": "yes",
        "ck": 200,
        "physician_global": 4,
    }
    before = {"skin_das": 6, "cmas": 41, "mmt8": 73, "ulceration": "no", "muscle_involvement": "yes"}
    for months, expected in ((12.0, "partial response"), (1.0, "no response"), (None, None)):
        baseline = {**before, "time_since_diagnosis": months}
        got = response_wang_2022(baseline=baseline, visit=now, treatments=courses, **choices)
        assert got.value == expected, months


def test_severe_says_why():
    got = severe_jdm(visit={"cmas": 12}, conditions=["ILD"])
    assert got.value is True
    assert [key for key, met in got.contributions.items() if met] == ["cmas_below_15", "lung"]
    either = refractory_or_severe_jdm(visit={}, conditions=["calcinosis"])
    assert (either.value, either.contributions["severe"], either.contributions["calcinosis"]) == (True, True, True)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ild", "ILD"),
        ("calcinosys", "calcinosis"),
        ("Calcinosis", "calcinosis"),
        ("interstital", "interstitial lung disease"),
        ("ulceration", "skin ulceration"),
    ],
)
def test_a_condition_that_is_nearly_one_asked_for_is_refused(name, meant):
    """It would count as absent, and the child as not severe."""
    with pytest.raises(UsageError, match=f"did you mean '{meant}'"):
        severe_jdm(visit={}, conditions=[name])


def test_a_condition_that_is_another_one_is_no_error():
    assert severe_jdm(visit={}, conditions=["MAS"]).contributions["lung"] is False


def test_a_pulse_is_no_maintenance():
    courses = [
        {"drug": "methylprednisolone", "drug_class": "glucocorticoid pulse", "start_day": 166, "stop_day": 170,
         "dose": 600, "times_per_day": 1},
        {"drug": "methylprednisolone", "drug_class": "glucocorticoid", "start_day": 0, "dose": 8, "times_per_day": 2},
    ]  # fmt: skip
    assert maintenance_prednisone_equivalent(visit={}, treatments=courses).value == 20.0
    assert pulse_prednisone_equivalent(visit={}, treatments=courses).value == 750.0


def test_cmas_shows_the_points_of_each_item():
    got = cmas_from_items(visit={"cmas_head_elevation_time": 12.0, "cmas_sit_ups": 4})
    assert got.value is None
    assert got.contributions["cmas_head_elevation_points"] == 2.0
    assert got.contributions["cmas_sit_ups_points"] == 4.0
    assert "visit.cmas_leg_raise" in got.missing


def test_a_timed_item_goes_before_its_score():
    given = {"cmas_head_elevation": 5, "cmas_head_elevation_time": 12.0}
    assert cmas_from_items(visit=given).contributions["cmas_head_elevation_points"] == 2.0


def words(measure, *given):
    return list(calculate_from_text(measure, given))


def test_courses_are_told_in_words():
    course = (
        "course=drug:methylprednisolone,drug_class:glucocorticoid,start_day:168,stop_day:168,dose:8,times_per_day:2"
    )
    assert words(maintenance_prednisone_equivalent, course)[0] == "maintenance_prednisone_equivalent = 20 mg"
    assert words(maintenance_prednisone_equivalent, course, course)[0].endswith("= 40 mg")
    assert words(maintenance_prednisone_equivalent, "treatments=none")[0].endswith("= 0 mg")


def test_what_has_no_value_though_nothing_is_missing_says_why():
    assert "almost surely in mg/dL" in words(egfr_schwartz_2009, "height=120", "creatinine=0.5")[-1]
    assert words(egfr_schwartz_2009, "height=120")[-1] == "missing: visit.creatinine"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("basline.ck=90",), "no moment 'basline'; write baseline.ck or visit.ck"),
        (("ck=90",), "looks at two moments; write baseline.ck=90 or visit.ck=90"),
        (("visit.ck=90", "visit.ck=91"), "ck is given twice"),
        (("chq_phs_rang=100",), "did you mean 'chq_phs_range'"),
        (("treatments=some",), "write treatments=none, or a course="),
        (("course=prednisone",), "not of the form name:value"),
        (("visit.ck",), "not of the form name=value"),
        (("visit.ck=90",), r"chq_phs_range: .* \(a number\)"),
    ],
)
def test_words_that_say_nothing_are_refused_with_what_to_write(given, said):
    with pytest.raises(MyosotisError, match=said):
        words(total_improvement_score_2016_printo, *given)


def test_an_open_choice_is_named_with_its_options():
    with pytest.raises(MissingChoiceError, match=r"'halved' or 'not halved' or 'weight only'"):
        words(baricitinib_label_dose, "weight=20")


@pytest.mark.parametrize("key", ["response_wang_2022", "cmas", "severe_jdm", "das28", "cmas_version"])
def test_a_description_says_everything(key):
    text = describe(key)
    definition = CATALOGUE[key]
    assert text.startswith(f"{key}  {definition.label}")
    for word in (definition.version, definition.missing, *(str(one) for one in definition.citations)):
        assert word in text
    if key in MEASURES:
        assert MEASURES[key].sentence in text
        for choice in MEASURES[key].choices:
            assert f"{choice.key}: {choice.label}" in text
            assert all(meaning in text for _, meaning in choice.options)
        for part in parts_in_words(MEASURES[key]):
            assert f"{part}: " in text


def test_a_description_of_an_unknown_key_names_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'cmas'"):
        describe("cmass")


@pytest.mark.parametrize(
    ("words", "first"),
    [("creatine kinase", "ck"), ("INACTIVE almeida", "inactive_disease_almeida_2015"), ("skin das", "skin_das")],
)
def test_search_finds_by_words_in_any_case(words, first):
    assert search(words)[0].key == first


def test_search_finds_by_source_and_finds_nothing_for_nonsense():
    assert "inactive_disease_wang_2022" in {one.key for one in search("10.3389/fped.2022.962585")}
    assert search("no such thing at all") == ()
    assert len(search("")) == len(CATALOGUE)


def test_the_catalogue_is_in_key_order_and_whole():
    assert list(OBSERVATIONS) == sorted(OBSERVATIONS)
    assert list(MEASURES) == sorted(MEASURES)
    assert list(derivations()) == sorted(derivations())
    assert {one.key for one in CATALOGUE} == {*OBSERVATIONS, *MEASURES, *derivations()}
    for name in ("skin_das", "cmas", "mmt8", "physician_global", "parent_global", "chaq", "extramuscular_global", "ck",
                 "alt", "creatinine", "weight", "height", "das28", "haq", "radai"):  # fmt: skip
        assert name in OBSERVATIONS


def test_an_example_with_a_name_that_is_no_observation_is_refused():
    with pytest.raises(UsageError, match="no observation"):
        as_dataset({"a": Example(inputs={"visit": {"cmass": 3}}, expected=None)})


@pytest.mark.parametrize("key", ["mmt8", "cmas", "skin_das", "chaq", "physician_global"])
def test_published_ranges_and_directions(key):
    expected = {
        "mmt8": (0, 80, "higher is better"), "cmas": (0, 52, "higher is better"), "skin_das": (0, 9, "lower is better"),
        "chaq": (0, 3, "lower is better"), "physician_global": (0, 10, "lower is better"),
    }[key]  # fmt: skip
    definition = OBSERVATIONS[key]
    assert (definition.range.low, definition.range.high, definition.direction) == expected


def test_every_open_question_is_decided_by_something_that_exists():
    keys = {choice.key for measure in MEASURES.values() for choice in measure.choices}
    for question, answer in OPEN_QUESTIONS.items():
        for word, found in (("choice", keys), ("definition", MEASURES), ("observation", OBSERVATIONS)):
            for named in re.findall(rf"\b{word} (\w+)", answer):
                assert named in found, (question, named)
    decided = " ".join(OPEN_QUESTIONS.values())
    assert all(f"choice {choice.key}" in decided for choice in response_wang_2022.choices)
