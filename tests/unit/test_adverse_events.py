"""Adverse events of hand-made patients whose counts, places in time and rates are known."""

from __future__ import annotations

import importlib.util
import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import AdverseEvents, EventsOfInterest, of_interest
from myosotis.analysis.compute_adverse_events import treatment_spans
from myosotis.analysis.patient_days import at_risk, days_within, on_treatment
from myosotis.errors import ProtocolError
from myosotis.language import Window, drugs
from myosotis.language.record import first_dose, records
from myosotis.language.values import Constant, Nearest
from myosotis.measures.derived.events_of_interest import JAK_INHIBITOR_EVENTS
from myosotis.measures.derived.seriousness import seriousness
from myosotis.measures.derived.treatment_emergent import Span
from myosotis.model.dataset import Dataset

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

START = date(2020, 1, 1)
BARICITINIB = drugs("baricitinib", names=("baricitinib",))
FOLLOW_UP = Window(label="24 weeks", target=0, first=0, last=167)
ZOSTER = of_interest("zoster", "Herpes zoster", "Herpes zoster")
CLOTS = of_interest("clots", "Venous thrombosis", "Deep vein thrombosis", "Pulmonary embolism")
DEATH = EventsOfInterest(key="death", label="Death", criteria=("death",))
NOTHING = {"hospitalised": False, "disabling": False, "life_threatening": False, "death": False}


def day(number):
    return START + timedelta(days=number)


def course(patient, first, last=None, drug="baricitinib"):
    stop = None if last is None else day(last)
    return {"patient_id": patient, "drug": drug, "start": day(first), "stop": stop}


def event(patient, number, term="Headache", organ="Nervous system", **facts):
    start = {} if number is None else {"start": day(number)}
    return {
        "patient_id": patient, "term": term.lower(), "preferred_term": term, "organ_class": organ, "grade": 1,
        **NOTHING, **start, **facts,
    }  # fmt: skip


def analysis(**changes):
    given = {
        "key": "safety", "title": "Adverse events", "treatment": BARICITINIB, "emergent_until": 30,
        "follow_up": FOLLOW_UP, "of_interest": (ZOSTER, CLOTS, DEATH), **changes,
    }  # fmt: skip
    return AdverseEvents(**given)


def data(patients, treatments, events=()):
    return Dataset.of(patients=[{"patient_id": one} for one in patients], treatments=treatments, events=events)


def computed(patients, treatments, events=(), **changes):
    chosen = analysis(**changes)
    return cohorts.section_of(chosen, cohorts.cohort_of(chosen, data(patients, treatments, events)))


def counts(section, variable, level=""):
    """Give events and patients of one line."""
    found = cohorts.numbers(section, endpoint="", method="")
    return found[variable, level, "events"], found[variable, level, "count"]


def rate(section, time, variable, level="all"):
    """Give events or patients, patient-years, rate and both limits."""
    rows = [
        row
        for row in section.rows
        if (row.endpoint, row.variable, row.level) == (time, variable, level) and row.method in ("", "Garwood")
    ]
    found = {row.statistic: row.number for row in rows}
    number = found["events"] if variable == "all events" else found["count"]
    return number, found["person_time"], found["rate"], found["conf_low"], found["conf_high"]


# --- where an event stands in time ---


@pytest.mark.parametrize(
    ("onset", "place"),
    [
        (-1, "before the first dose"),
        (0, "treatment-emergent"),  # on the day of the first dose
        (83, "treatment-emergent"),
        (113, "treatment-emergent"),  # the last day of the window
        (114, "after the treatment-emergent window"),
        (None, "onset day not known"),
    ],
)
def test_an_event_is_placed_by_its_onset(onset, place):
    section = computed(["a"], [course("a", 0, 83)], [event("a", onset)])
    assert counts(section, "onset", place) == (1, 1)
    assert counts(section, "recorded") == (1, 1)
    assert counts(section, "onset", "treatment-emergent") == ((1, 1) if place == "treatment-emergent" else (0, 0))


def test_the_window_of_zero_days_ends_with_the_last_dose():
    section = computed(["a"], [course("a", 0, 83)], [event("a", 83), event("a", 84)], emergent_until=0)
    assert counts(section, "onset", "treatment-emergent") == (1, 1)
    assert counts(section, "onset", "after the treatment-emergent window") == (1, 1)


def test_a_course_without_a_stop_runs_to_the_end_of_follow_up():
    section = computed(["a"], [course("a", 0)], [event("a", 167), event("a", 168)])
    assert counts(section, "onset", "treatment-emergent") == (1, 1)
    assert counts(section, "onset", "outside follow-up") == (1, 1)
    assert rate(section, "time on baricitinib", "all events")[1] == pytest.approx(168 / 365.25)


@pytest.mark.parametrize(
    ("onset", "place", "in_rates"),
    [
        ("2020-02", "treatment-emergent", 1),  # every day of it is on the drug
        ("2019-12", "before the first dose", 0),
        ("2019", "before the first dose", 0),
        ("2020", "onset day not known", 0),  # day 0 is 1 January, and the year goes on after the last day followed
        ("2020-06", "onset day not known", 0),  # follow-up ends on 16 June
        ("2020-07", "outside follow-up", 0),
        (None, "onset day not known", 0),
    ],
)
def test_a_partial_onset_is_placed_where_every_day_of_it_is(onset, place, in_rates):
    section = computed(["a"], [course("a", 0)], [{**event("a", None), "start": onset}])
    assert counts(section, "onset", place) == (1, 1)
    unplaced = place == "onset day not known"
    assert any(row.variable == "onset unknown" for row in section.rows) is unplaced
    assert any("Without an onset known well enough" in limit.template for limit in section.limitations) is unplaced
    row = section.listings_shown[0].rows[0]
    assert (row[5], row[12]) == (onset or "not recorded", place)
    assert rate(section, "time on baricitinib", "all events")[0] == in_rates


def test_both_records_of_an_event_are_listed_though_their_rows_on_two_sheets_have_one_number():
    records = [event("a", 5, event_id="7", source="a.xlsx", sheet=sheet, source_row=4) for sheet in ("one", "two")]
    section = computed(["a"], [course("a", 0)], records)
    listed = {row["sheet"] for part in section.contributions for row in part.listing if row["source_row"] == 4}
    assert listed == {"one", "two"}


def test_an_event_known_to_have_ended_before_the_first_dose_began_before_it():
    ended = {**event("a", None), "stop": START - timedelta(days=3)}
    assert counts(computed(["a"], [course("a", 0)], [ended]), "onset", "before the first dose") == (1, 1)


def test_nothing_is_counted_after_death():
    death = event("a", 40, grade=5, death=True, stop=START + timedelta(days=40))
    section = computed(["a"], [course("a", 0)], [death, event("a", 41)])
    assert counts(section, "recorded") == (1, 1)
    assert rate(section, "time on baricitinib", "all events")[1] == pytest.approx(41 / 365.25)
    assert rate(section, "time at risk", "all events")[1] == pytest.approx(41 / 365.25)


def test_an_event_ongoing_at_the_end_counts_once_and_says_so():
    section = computed(["a"], [course("a", 0)], [event("a", 100, outcome="ongoing")])
    assert counts(section, "onset", "treatment-emergent") == (1, 1)
    assert section.listings_shown[0].rows[0][6] == "no end recorded"


def test_follow_up_ends_when_the_patient_was_last_seen():
    seen = Nearest(name="weight", label="weight", unit="kg", to=Constant(number=100.0), within=100)
    chosen = analysis(censored_at=seen)
    made = Dataset.of(
        patients=[{"patient_id": "a"}],
        treatments=[course("a", 0)],
        events=[event("a", 90), event("a", 91)],
        observations=[{"patient_id": "a", "name": "weight", "date": day(80), "number": 90.0}],
    )
    section = cohorts.section_of(chosen, cohorts.cohort_of(chosen, made))
    assert counts(section, "onset", "treatment-emergent") == (1, 1)  # the value, day 90, is the last day followed
    assert counts(section, "onset", "outside follow-up") == (1, 1)
    assert rate(section, "time on baricitinib", "all events")[:2] == (1, pytest.approx(91 / 365.25))


def test_events_of_a_patient_without_a_dose_are_in_no_other_count():
    section = computed(["a", "b"], [course("a", 0)], [event("a", 5), event("b", 5)])
    assert counts(section, "recorded") == (1, 1)
    assert counts(section, "without a dose") == (1, 1)
    totals = {row.number for row in section.rows if row.statistic == "total"}
    assert totals == {1.0}
    assert [row.number for row in section.rows if row.variable == "untreated"] == [1.0]


# --- patients and events ---


def test_two_events_of_one_term_are_two_events_of_one_patient():
    section = computed(["a", "b"], [course("a", 0), course("b", 0)], [event("a", 5), event("a", 40), event("b", 9)])
    assert counts(section, "term: Nervous system", "Headache") == (3, 2)
    assert counts(section, "organ class", "Nervous system") == (3, 2)


def test_every_row_without_an_identifier_counts_even_where_all_that_is_mapped_is_equal():
    """The rows differ in a column that is not mapped, else the later would have been refused as a duplicate."""
    rows = [event("a", 5), event("a", 5), event("a", 5), event("a", 5, grade=2)]
    section = computed(["a"], [course("a", 0)], rows)
    assert counts(section, "onset", "treatment-emergent") == (4, 1)
    assert counts(section, "possible repeats") == (4, 1)


def test_identifiers_tell_events_of_one_term_and_day_apart():
    rows = [event("a", 5, event_id="1"), event("a", 5, event_id="2"), event("b", 5, event_id="1")]
    section = computed(["a", "b"], [course("a", 0), course("b", 0)], rows)
    assert counts(section, "onset", "treatment-emergent") == (3, 2)
    assert not any(row.variable in ("possible repeats", "several records") for row in section.rows)


def test_rows_of_one_identifier_are_one_event_at_its_highest_grade_from_its_first_onset():
    rows = [
        event("a", 9, event_id="7", grade=1), event("a", 5, event_id="7", grade=2, outcome="not recovered"),
        event("a", 20, event_id="7", grade=3, hospitalised=True, stop=day(30), outcome="recovered"),
        event("a", 20, event_id="7", grade=None),
    ]  # fmt: skip
    section = computed(["a"], [course("a", 0)], rows)
    assert counts(section, "term: Nervous system", "Headache") == (1, 1)
    assert counts(section, "grade", "grade 3") == (1, 1)
    assert not any(row.variable == "grade" and row.level in ("grade 1", "grade 2") for row in section.rows)
    assert counts(section, "seriousness", "serious") == (1, 1)
    assert counts(section, "outcome", "recovered") == (1, 1)
    assert counts(section, "several records") == (1, 1)
    (listed,) = section.listings_shown[0].rows
    assert listed[4] == "5"
    assert "of 4 rows" in listed[12]
    every = next(part for part in section.contributions if part.name.endswith("every event"))
    assert len(every.listing) == 4


def test_an_event_that_worsened_under_treatment_is_treatment_emergent_and_is_told():
    rows = [event("a", -3, event_id="7", grade=1), event("a", 20, event_id="7", grade=3)]
    section = computed(["a"], [course("a", 0)], rows)
    assert counts(section, "onset", "before the first dose") == (0, 0)
    assert counts(section, "onset", "treatment-emergent") == (1, 1)
    no_worse = computed(["a"], [course("a", 0)], [{**row, "grade": 3} for row in rows])
    assert counts(no_worse, "onset", "before the first dose") == (1, 1)
    assert counts(section, "worsened") == (1, 1)
    apart = computed(["a"], [course("a", 0)], [{**row, "event_id": None} for row in rows])
    assert counts(apart, "onset", "treatment-emergent") == (1, 1)


def test_an_event_with_a_record_of_unknown_onset_is_not_placed():
    rows = [event("a", 5, event_id="7", grade=1), event("a", None, event_id="7", grade=3)]
    section = computed(["a"], [course("a", 0)], rows)
    assert counts(section, "onset", "onset day not known") == (1, 1)


def test_rows_of_one_identifier_that_name_different_terms_are_told():
    rows = [event("a", 5, "Headache", event_id="7"), event("a", 6, "Migraine", event_id="7", grade=2)]
    section = computed(["a"], [course("a", 0)], rows)
    assert counts(section, "term: Nervous system", "Migraine") == (1, 1)
    assert counts(section, "renamed") == (1, 1)


def test_identical_rows_without_an_onset_day_cannot_be_told_apart_and_both_count():
    section = computed(["a"], [course("a", 0)], [event("a", None), event("a", None)])
    assert counts(section, "onset", "onset day not known") == (2, 1)
    assert counts(section, "possible repeats") == (2, 1)


def test_capitals_and_spaces_do_not_make_another_term():
    section = computed(["a"], [course("a", 0)], [event("a", 5, "Headache"), event("a", 9, "headache ")])
    assert counts(section, "term: Nervous system", "Headache") == (2, 1)


def test_the_words_of_the_source_stand_in_for_a_missing_preferred_term():
    section = computed(["a"], [course("a", 0)], [event("a", 5, preferred_term=None, organ_class=None)])
    assert counts(section, "term: organ class not recorded", "headache") == (1, 1)


def test_highest_grade_counts_each_patient_once():
    rows = [event("a", 5, grade=1), event("a", 6, grade=3), event("b", 7, grade=None), event("c", 8, grade=1)]
    section = computed(["a", "b", "c"], [course(one, 0) for one in "abc"], rows)
    assert counts(section, "highest grade", "grade 3") == (1, 1)
    assert counts(section, "highest grade", "grade 1") == (1, 1)
    assert counts(section, "highest grade", "not recorded") == (1, 1)
    assert counts(section, "grade", "grade 1") == (2, 2)
    assert counts(section, "grade unknown") == (1, 1)


def test_relation_and_action_are_counted_with_what_was_not_recorded():
    rows = [event("a", 5, related="Possible", action="interrupted"), event("a", 6, related="possible"), event("a", 7)]
    section = computed(["a"], [course("a", 0)], rows)
    assert counts(section, "relation", "possible") == (2, 1)
    assert counts(section, "relation", "not recorded") == (1, 1)
    assert counts(section, "action", "interrupted") == (1, 1)


# --- seriousness ---


@pytest.mark.parametrize(
    ("facts", "serious", "criteria", "contradicted"),
    [
        ({**NOTHING}, False, (), False),
        ({**NOTHING, "hospitalised": True, "grade": 1}, True, ("hospitalisation",), False),
        ({**NOTHING, "hospitalised": True, "serious": False}, True, ("hospitalisation",), True),
        ({**NOTHING, "grade": 4}, False, (), False),  # severity is another axis
        ({**NOTHING, "grade": 5}, True, ("death",), False),
        ({**NOTHING, "outcome": "Fatal"}, True, ("death",), False),
        ({**NOTHING, "serious": True}, True, ("as recorded",), False),
        ({"seriousness": "medically important"}, True, ("medically important",), False),
        ({"seriousness": "Hospitalisation; life-threatening"}, True, ("hospitalisation", "life-threatening"), False),
        ({"serious": False}, False, (), False),
        ({"hospitalised": False}, None, (), False),  # three facts unknown
        ({}, None, (), False),
        ({**NOTHING, "seriousness": "bad"}, None, (), False),  # words that name no criterion
        ({**NOTHING, "life_threatening": True, "disabling": True}, True, ("life-threatening", "disability"), False),
    ],
)
def test_seriousness_follows_the_facts(facts, serious, criteria, contradicted):
    judged = seriousness(facts)
    assert (judged.serious, judged.criteria, judged.contradicted) == (serious, criteria, contradicted)


def test_a_recorded_no_that_the_facts_contradict_is_told():
    section = computed(["a"], [course("a", 0)], [event("a", 5, hospitalised=True, serious=False)])
    assert counts(section, "seriousness", "serious") == (1, 1)
    assert counts(section, "contradicted") == (1, 1)
    assert section.limitations[0].template.startswith("Recorded as not serious although")
    clean = computed(["a"], [course("a", 0, 83)], [event("a", 5)])
    assert clean.limitations == ()


def test_courses_without_a_stop_date_are_told():
    section = computed(["a", "b", "c"], [course("a", 0), course("b", 0, 83), course("c", 0, 20), course("c", 40)])
    assert [row.number for row in section.rows if row.variable == "no stop date"] == [2]
    assert "taken as running to the end of follow-up" in section.limitations[-1].template


# --- patient-time and rates ---


def span(**changes):
    whole = {"first_dose": 0, "last_dose": None, "followed_from": 0, "followed_until": 167, **changes}
    days = {
        name: None if whole[name] is None else (whole[name],) * 2
        for name in ("first_dose", "last_dose", "followed_until")
    }
    return Span(**{**whole, **days})


@pytest.mark.parametrize(
    ("courses", "stretches"),
    [
        ([(0, 83)], ((0, 83),)),
        ([(0, None)], ((0, 167),)),
        ([(0, 50), (63, None)], ((0, 50), (63, 167))),  # an interruption of 12 days
        ([(0, 60), (40, 80)], ((0, 80),)),  # overlapping courses count their days once
        ([(0, 100), (40, 60)], ((0, 100),)),  # one inside the other
        ([(0, 50), (51, 83)], ((0, 83),)),  # a change of dose from one day to the next
        ([(0, 200)], ((0, 167),)),  # beyond follow-up
        ([(-20, 10)], ((0, 10),)),  # begun before it
        ([(200, 250)], ()),
        ([], ()),
    ],
)
def test_days_on_treatment(courses, stretches):
    made = data(["a"], [course("a", -30, -25, "other"), *(course("a", first, last) for first, last in courses)])
    # The index is the first dose of anything, so that days stay as written.
    record = next(records(made, first_dose("other")))
    shifted = on_treatment(record, BARICITINIB.drugs, span(followed_from=30, followed_until=197))
    assert shifted.certain == shifted.possible == tuple((first + 30, last + 30) for first, last in stretches)


def test_time_at_risk_holds_the_days_after_the_last_dose_within_follow_up():
    assert at_risk(span(last_dose=83), 30).certain == at_risk(span(last_dose=83), 30).possible == ((0, 113),)
    assert at_risk(span(last_dose=150), 30).certain == at_risk(span(last_dose=150), 30).possible == ((0, 167),)
    assert at_risk(span(), 30).certain == at_risk(span(), 30).possible == ((0, 167),)
    assert at_risk(span(first_dose=None), 30).certain == at_risk(span(first_dose=None), 30).possible == ()
    assert days_within(((0, 50), (63, 167))) == 156


def test_rates_count_each_time_with_its_own_events():
    """One patient with 156 days on drug (12 without) and one with 84; events on day 55 (interruption) and 100."""
    treatments = [course("a", 0, 50), course("a", 63), course("b", 0, 83)]
    events = [event("a", 55), event("a", 100), event("b", 90)]
    section = computed(["a", "b"], treatments, events)
    number, years, found, _, _ = rate(section, "time on baricitinib", "all events")
    assert (number, years) == (1, pytest.approx((156 + 84) / 365.25))
    assert found == pytest.approx(100 / years)
    number, years, *_ = rate(section, "time at risk", "all events")
    assert (number, years) == (3, pytest.approx((168 + 114) / 365.25))
    # First events: day 55 of a and day 90 of b, the day of onset included.
    number, years, *_ = rate(section, "time at risk", "first event")
    assert (number, years) == (2, pytest.approx((56 + 91) / 365.25))
    # On the drug the first event of a is that of day 100: 51 days and 38 more; b has none.
    number, years, *_ = rate(section, "time on baricitinib", "first event")
    assert (number, years) == (1, pytest.approx((51 + 38 + 84) / 365.25))


def test_events_on_the_first_and_last_day_of_a_stretch_are_on_the_drug():
    events = [event("a", number) for number in (0, 50, 51, 62, 63, 167)]
    section = computed(["a"], [course("a", 0, 50), course("a", 63)], events)
    assert rate(section, "time on baricitinib", "all events")[0] == 4
    assert rate(section, "time at risk", "all events")[0] == 6


def test_a_course_that_ended_before_follow_up_is_no_exposure():
    later = Window(label="later", target=10, first=10, last=167)
    section = computed(
        ["a", "b"], [course("a", 0, 5), course("b", 0, 40)], [event("a", 12), event("b", 12)], follow_up=later
    )
    assert counts(section, "recorded") == (1, 1)
    assert counts(section, "without a dose") == (1, 1)
    assert rate(section, "time on baricitinib", "all events")[1] == pytest.approx(31 / 365.25)


def test_the_share_is_of_the_treated():
    section = computed(["a", "b", "c", "d"], [course(one, 0) for one in "abcd"], [event("a", 5)])
    share = {row.statistic: row for row in section.rows if (row.variable, row.level) == ("onset", "treatment-emergent")}
    assert share["proportion"].number == pytest.approx(1 / 4)
    assert share["conf_low"].number == pytest.approx(1 - 0.975 ** (1 / 4))  # Clopper-Pearson for 1 of 4


def test_intervals_are_garwood_by_the_chi_square_quantiles():
    from scipy.stats import chi2

    section = computed(["a"], [course("a", 0)], [event("a", number) for number in (5, 50, 90, 120)])
    number, years, _, low, high = rate(section, "time on baricitinib", "all events")
    assert number == 4
    assert low == pytest.approx(100 * chi2.ppf(0.025, 8) / 2 / years)
    assert high == pytest.approx(100 * chi2.ppf(0.975, 10) / 2 / years)


def test_no_events_have_an_upper_limit():
    patients = [f"p{i:02}" for i in range(20)]
    section = computed(patients, [course(one, 0) for one in patients])
    number, years, found, low, high = rate(section, "time on baricitinib", "all events")
    assert (number, found, low) == (0, 0, 0)
    assert years == pytest.approx(20 * 168 / 365.25)
    assert high == pytest.approx(100 * -math.log(0.025) / years)  # 3.6889 events
    shares = [row for row in section.rows if row.level == "Venous thrombosis" and row.statistic == "conf_high"]
    share = next(row for row in shares if row.method == "Clopper-Pearson")
    assert share.number == pytest.approx(1 - 0.025 ** (1 / 20))  # 16.8 % of 20 patients
    text = section.findings[0].sentences[-1].template
    assert "No treatment-emergent event was recorded of: herpes zoster, venous thrombosis, death" in text


def said(section):
    return " ".join(sentence.template for finding in section.findings for sentence in finding.sentences)


def uncoded(patient, number, words, **facts):
    return {**event(patient, number, **facts), "term": words, "preferred_term": None}


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("DVT", "venous thromboembolism"),
        ("Deep vein thrombosis of the left leg", "venous thromboembolism"),
        ("Acute lymphoblastic leukaemia", "malignancy"),
        ("Shingles (thoracic)", "herpes zoster"),
        ("Zoster, left T6", "herpes zoster"),
        ("Wilms tumour", "malignancy"),
        ("arterial thrombosis", None),
        ("benign tumour of the skin", None),
        ("zoster vaccination", None),
        ("microthrombi", None),
    ],
)
def test_events_in_a_doctors_words_are_found_by_the_beginnings_of_words(words, group):
    section = computed(["a"], [course("a", 0)], [uncoded("a", 5, words)], of_interest=JAK_INHIBITOR_EVENTS)
    label = {one.key: one.label for one in JAK_INHIBITOR_EVENTS}
    found = {
        row.level for row in section.rows if row.variable == "of interest" and row.statistic == "events" and row.number
    }
    assert found == ({label[group]} if group else set())


def test_nothing_is_denied_while_words_that_nobody_coded_match_no_list():
    rows = [uncoded("a", 5, "Blood clot"), uncoded("b", 6, "blood clot"), event("a", 7, "Herpes zoster")]
    section = computed(["a", "b"], [course("a", 0), course("b", 0)], rows)
    assert "No treatment-emergent event was recorded of: death" in said(section)  # a fact, not a word
    assert "Whether there was an event of venous thrombosis cannot be told from these data" in said(section)
    assert counts(section, "without a coded term") == (2, 2)
    assert counts(section, "in no list", "Blood clot") == (2, 2)
    # The words stand in the results, never in a sentence.
    assert "Blood clot" not in said(section)
    listed = [row.text for row in section.rows if row.variable == "in no list"]
    assert set(listed) == {"Blood clot"}


def test_an_event_without_a_known_onset_may_be_the_one_that_is_denied():
    section = computed(["a"], [course("a", 0)], [uncoded("a", None, "Blood clot")])
    assert "cannot be told from these data" in said(section)


def test_absence_is_told_where_every_event_is_coded_or_somebody_has_looked_the_words_through():
    absent = "No treatment-emergent event was recorded of: herpes zoster, venous thrombosis, death"
    assert absent in said(computed(["a"], [course("a", 0)], [event("a", 5)]))
    assert absent in said(computed(["a"], [course("a", 0)], []))
    assert absent in said(computed(["a"], [course("a", 0)], [uncoded("a", 5, "Blood clot")], looked_through=True))
    assert absent not in said(computed(["a"], [course("a", 0)], [uncoded("a", 5, "Blood clot")]))


def test_groups_of_interest_are_found_by_whole_terms_and_facts():
    events = [
        event("a", 5, "herpes ZOSTER", "Infections"),
        event("a", 6, "Herpes zoster oticus", "Infections"),  # a longer term is another term
        event("a", 7, "Sepsis", "Infections", death=True),
        event("a", 300, "Pulmonary embolism", "Vascular"),
    ]
    section = computed(["a"], [course("a", 0)], events)
    assert counts(section, "of interest", "Herpes zoster") == (1, 1)
    assert counts(section, "of interest", "Death") == (1, 1)
    assert counts(section, "of interest", "Venous thrombosis") == (0, 0)
    assert counts(section, "interest elsewhere") == (1, 1)  # after follow-up, so told apart


def test_an_abbreviation_keeps_its_capitals_in_a_sentence():
    groups = (of_interest("mace", "MACE", "Stroke"), of_interest("clots", "Venous thrombosis", "Pulmonary embolism"))
    section = computed(["a"], [course("a", 0)], of_interest=groups)
    assert "recorded of: MACE, venous thrombosis." in section.findings[0].sentences[-1].template


def test_groups_for_serious_events_only():
    group = EventsOfInterest(key="s", label="Serious infection", organ_classes=("Infections",), serious_only=True)
    events = [event("a", 5, "Cold", "Infections"), event("a", 9, "Zoster", "infections", hospitalised=True)]
    section = computed(["a"], [course("a", 0)], events, of_interest=(group,))
    assert counts(section, "of interest", "Serious infection") == (1, 1)


def test_robust_intervals_stand_beside_the_exact_one():
    events = [event("a", number) for number in range(5, 165, 10)] + [event("b", 7)]
    section = computed(list("abcd"), [course(one, 0) for one in "abcd"], events)
    methods = {row.method: row for row in section.rows if row.statistic == "conf_low" and row.variable == "all events"}
    robust = [row for name, row in methods.items() if name.startswith(("percentile", "negative"))]
    exact = rate(section, "time on baricitinib", "all events")
    assert len(robust) == 2
    # Sixteen of seventeen events lie in one patient: intervals that see this are wider.
    assert all(row.number < exact[3] for row in robust)


def test_without_patients_on_the_drug_nothing_is_estimated():
    section = computed(["a"], [], [event("a", 5)])
    shares = [row for row in section.rows if row.statistic in ("proportion", "rate", "conf_low", "conf_high")]
    assert shares
    assert all(row.status == "not_estimable" and row.note for row in shares)


def test_days_of_the_engine_are_those_of_the_stretches():
    treatments = [course("a", 0, 50), course("a", 40, 60), course("a", 63), course("b", 0, 83), course("c", 0, 150)]
    chosen = analysis()
    cohort = cohorts.cohort_of(chosen, data(["a", "b", "c"], treatments))
    spans = treatment_spans(chosen, cohort)
    for patient, one in spans.items():
        taken = on_treatment(cohort.records[patient], BARICITINIB.drugs, one)
        assert cohort.results["safety: days on treatment"][patient] == days_within(taken.certain)
        assert cohort.results["safety: days at risk"][patient] == days_within(at_risk(one, 30).certain)


# --- what must hold for any data ---

_EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "patient_id": st.sampled_from("abcd"),
            "event_id": st.one_of(st.none(), st.sampled_from("123")),
            "term": st.sampled_from(["cold", "headache", "rash"]),
            "organ_class": st.sampled_from(["Infections", "Skin", None]),
            "start_day": st.one_of(st.none(), st.integers(-20, 220)),
            "grade": st.one_of(st.none(), st.integers(1, 5)),
            "hospitalised": st.one_of(st.none(), st.booleans()),
            "serious": st.one_of(st.none(), st.booleans()),
        }
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(events=_EVENTS, stop=st.one_of(st.none(), st.integers(10, 200)))
def test_totals_add_up(events, stop):
    """Every event is placed once; classes, terms, grades and seriousness each add up to the emergent events."""
    section = computed(list("abcd"), [course(one, 0, stop) for one in "abc"], events)
    rows = [row for row in section.rows if row.endpoint == ""]

    def total(variable, statistic="events"):
        return sum(row.number for row in rows if row.variable == variable and row.statistic == statistic)

    emergent = counts(section, "onset", "treatment-emergent")
    assert total("recorded") == total("onset")
    for variable in ("organ class", "grade", "seriousness", "relation", "action", "outcome"):
        assert total(variable) == emergent[0]
    assert (
        sum(row.number for row in rows if row.variable.startswith("term: ") and row.statistic == "events")
        == emergent[0]
    )
    assert total("highest grade", "count") == emergent[1]
    treated = [one for one in events if one["patient_id"] in "abc"]
    identified = {(one["patient_id"], one["event_id"]) for one in treated if one["event_id"] is not None}
    assert total("recorded") == len(identified) + sum(one["event_id"] is None for one in treated)
    for row in rows:
        if row.statistic == "count":
            assert row.number <= next(
                one.number
                for one in rows
                if one.statistic == "events" and (one.variable, one.level) == (row.variable, row.level)
            )
    ids = [row.id for row in section.rows]
    assert len(ids) == len(set(ids))
    assert cohorts.untraced(section) == set()


# --- declarations ---


def test_a_negative_window_and_equal_groups_are_refused():
    with pytest.raises(ProtocolError, match="give the days as a number from 0"):
        analysis(emergent_until=-1)
    with pytest.raises(ProtocolError, match="share a key or label"):
        analysis(of_interest=(ZOSTER, ZOSTER))
    with pytest.raises(ProtocolError, match="name no term, organ class or criterion"):
        EventsOfInterest(key="x", label="X")
    with pytest.raises(TypeError, match="emergent_until"):
        AdverseEvents(key="x", title="X", treatment=BARICITINIB, follow_up=FOLLOW_UP)


def test_the_shipped_groups_have_their_source_and_are_told_apart():
    assert len({group.key for group in JAK_INHIBITOR_EVENTS}) == len(JAK_INHIBITOR_EVENTS)
    assert all(group.citation for group in JAK_INHIBITOR_EVENTS)
    analysis(of_interest=JAK_INHIBITOR_EVENTS)
