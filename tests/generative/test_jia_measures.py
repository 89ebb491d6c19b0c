"""JADAS and inactive arthritis agree with a second implementation, on values that are there and values that are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.measures.catalogue import measures
from myosotis.packs import jia

settings.register_profile("jia", max_examples=150, deadline=None)
settings.load_profile("jia")

tenths = st.integers(0, 100).map(lambda n: n / 10)


def maybe(values):
    return st.none() | values


inputs = st.fixed_dictionaries({
    "physician_global": maybe(st.sampled_from([0, 0.0, 0.1]) | tenths), "parent_global": maybe(tenths),
    "active_joints": maybe(st.sampled_from([0, 1, 9, 10, 11, 71])), "active_joints_27": maybe(st.integers(0, 27)),
    "erythrocyte_sedimentation_rate": maybe(st.sampled_from([0, 19, 20, 21, 70, 119, 120, 121, 150])),
    "erythrocyte_sedimentation_rate_upper_limit": maybe(st.sampled_from([15, 20])),
    "crp": maybe(st.sampled_from([0, 4.9, 5, 5.1, 10, 11, 60, 110, 111])), "crp_upper_limit": maybe(st.just(5)),
    "jia_systemic_features": maybe(st.sampled_from(["no", "no", "yes"])),
        "active_uveitis": maybe(st.sampled_from(["no", "no", "yes"])),
    "morning_stiffness": maybe(st.sampled_from([0, 15, 16])),
        "raised_markers_not_from_jia": maybe(st.sampled_from(["yes", "no"])),
    "jia_polyarthritis": maybe(st.sampled_from(["yes", "no"])),
}).map(lambda values: {name: value for name, value in values.items() if value is not None})  # fmt: skip


def points(value, floor):
    """Normalise a marker: in exact decimals, cut at 0 and 10."""
    return min(max((Decimal(str(value)) - floor) / 10, Decimal(0)), Decimal(10))


def score(given, joints, marker):
    """Add up what is there, or nothing when a part is missing."""
    name, most = {"10": ("active_joints", 10), "27": ("active_joints_27", 27), "71": ("active_joints", 71)}[joints]
    parts = [given.get("physician_global"), given.get("parent_global"), given.get(name)]
    parts += [given.get(marker)] if marker else []
    if None in parts:
        return None
    total = sum((Decimal(str(part)) for part in parts[:2]), Decimal(min(parts[2], most)))
    return float(total + (points(parts[3], 20 if marker != "crp" else 10) if marker else 0))


@pytest.mark.parametrize("joints", ["10", "27", "71"])
@pytest.mark.parametrize(
    ("form", "marker"), [("jadas{}", "erythrocyte_sedimentation_rate"), ("jadas{}_crp", "crp"), ("cjadas{}", "")]
)
@given(given_=inputs)
def test_a_score_is_the_sum_of_its_parts(joints, form, marker, given_):
    found = measures()[form.format(joints)](visit=given_).value
    expected = score(given_, joints, marker)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-9))


CUTS = {"jadas10": {"no": (1.4, 4, 13), "yes": (2.7, 6, 17)}, "cjadas10": {"no": (1.1, 4, 12), "yes": (2.5, 5, 16)}}


@pytest.mark.parametrize("name", ["jadas10", "cjadas10"])
@given(given_=inputs)
def test_a_state_is_that_of_each_course_that_is_possible(name, given_):
    total = score(given_, "10", "erythrocyte_sedimentation_rate" if name == "jadas10" else "")
    course = given_.get("jia_polyarthritis")
    states = ("inactive disease", "minimal activity", "moderate activity", "high activity")
    possible = set() if total is None else {
        states[sum(round(total, 9) > cut for cut in CUTS[name][one])] for one in ([course] if course else ["yes", "no"])
    }  # fmt: skip
    found = measures()[f"{name}_state_acr_2021"](visit=given_).value
    assert found == (next(iter(possible)) if len(possible) == 1 else None)


def all_of(*verdicts):
    return False if False in verdicts else None if None in verdicts else True


def any_of(*verdicts):
    return True if True in verdicts else None if None in verdicts else False


def said(given, name, test):
    return None if name not in given else test(given[name])


def normal(given, name):
    limit = given.get(f"{name}_upper_limit")
    return None if name not in given or limit is None else given[name] <= limit


def markers(given, choice):
    names = [name for name in ("erythrocyte_sedimentation_rate", "crp") if name in given]
    verdicts = [normal(given, name) for name in names]
    if choice == "either":
        return any_of(*(normal(given, name) for name in ("erythrocyte_sedimentation_rate", "crp")))
    return all_of(*verdicts) if names else None


def clinical(given):
    return (
        said(given, "active_joints", lambda n: n == 0), said(given, "jia_systemic_features",
            lambda answer: answer == "no"),
        said(given, "active_uveitis", lambda answer: answer == "no"), said(given, "physician_global", lambda cm: cm == 0),
    )  # fmt: skip


@pytest.mark.parametrize("choice", ["both", "either"])
@given(given_=inputs)
def test_wallace_2004_is_every_criterion_together(choice, given_):
    found = jia.inactive_disease_wallace_2004(visit=given_, markers=choice).value
    assert found is all_of(*clinical(given_), markers(given_, choice))


@pytest.mark.parametrize("choice", ["both", "either"])
@pytest.mark.parametrize("attribution", ["open", "from arthritis"])
@given(given_=inputs)
def test_acr_2011_adds_stiffness_and_excuses_markers_raised_by_something_else(choice, attribution, given_):
    elsewhere = said(given_, "raised_markers_not_from_jia", lambda answer: answer == "yes")
    if elsewhere is None and attribution == "from arthritis":
        elsewhere = False
    stiff = said(given_, "morning_stiffness", lambda minutes: minutes <= 15)
    expected = all_of(*clinical(given_), any_of(markers(given_, choice), elsewhere), stiff)
    found = jia.inactive_disease_wallace_2011(visit=given_, markers=choice, unrecorded_attribution=attribution).value
    assert found is expected


def test_a_missing_count_of_joints_is_not_ten():
    assert (
        jia.jadas10(visit={"physician_global": 1, "parent_global": 1, "erythrocyte_sedimentation_rate": 10}).value
        is None
    )
