"""Grades, doses, antibodies, classes and scores that must move one way, whatever the numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.measures.calculate import calculate
from myosotis.measures.catalogue import measures
from myosotis.measures.jdm import antibodies
from myosotis.measures.jdm.classification import EULAR_ACR_TENTHS
from myosotis.measures.jdm.interferon import SIX_GENES
from myosotis.measures.modules import observation_catalogue

few = settings(max_examples=40, deadline=None)
positive = st.integers(1, 5000).map(lambda number: number / 10)


def value(key, visit, baseline=None, **choices):
    moments = {"visit": visit} if baseline is None else {"visit": visit, "baseline": baseline}
    return calculate(measures()[key], moments, choices, observation_catalogue(), treatments=[]).value


@few
@given(st.sampled_from(["alt", "ast", "ggt", "bilirubin", "creatinine"]), positive, positive, positive, positive)
def test_a_higher_value_never_lowers_its_grade(name, before, one, other, limit):
    low, high = sorted((one, other))
    baseline = {name: before, f"{name}_upper_limit": limit}
    grades = [value(f"ctcae_5_{name}", {name: now, f"{name}_upper_limit": limit}, baseline) for now in (low, high)]
    assert 0 <= grades[0] <= grades[1] <= 4


@few
@given(st.sampled_from(["neutrophils", "lymphocytes", "leucocytes", "platelets"]), positive, positive)
def test_a_lower_count_never_lowers_its_grade(name, one, other):
    low, high = sorted((one / 10, other / 10))
    limit = {f"{name}_lower_limit": 150.0 if name == "platelets" else 4.0}
    grades = [value(f"ctcae_5_{name}", {name: now, **limit}) for now in (high, low)]
    assert 0 <= grades[0] <= grades[1] <= 4


@few
@given(st.sampled_from(["alt", "ast", "ck"]), positive, positive, st.sampled_from([0.5, 2.0, 64.0]))
def test_the_unit_of_an_enzyme_does_not_change_its_grade(name, now, limit, factor):
    """A factor of two is exact in binary, so that the same ratios arise."""
    before = {name: limit / 2, f"{name}_upper_limit": limit}

    def graded(by):
        visit = {name: now * by, f"{name}_upper_limit": limit * by}
        given_ = {key: number * by for key, number in before.items()}
        return value(f"ctcae_5_{name}", visit, None if name == "ck" else given_)

    assert graded(1.0) == graded(factor)


@few
@given(positive, positive, positive)
def test_filtration_rises_with_height_and_falls_with_creatinine(one, other, creatinine):
    heights = sorted(20 + number / 500 * 230 for number in (one, other))
    rates = [value("egfr_schwartz_2009", {"height": height, "creatinine": creatinine + 5}) for height in heights]
    assert 0 < rates[0] <= rates[1]
    worse = value("egfr_schwartz_2009", {"height": heights[0], "creatinine": creatinine * 2 + 5})
    assert worse < rates[0]


@few
@given(st.floats(10, 150), st.floats(10, 150), st.sampled_from(["halved", "not halved"]), positive)
def test_the_label_dose_never_falls_with_weight(one, other, rule, creatinine):
    doses = [
        value(
            "baricitinib_label_dose", {"weight": kilograms, "height": 120, "creatinine": creatinine + 5},
            kidney_rule=rule,
        )
        for kilograms in sorted((one, other))
    ]  # fmt: skip
    assert (doses[0] is None) == (doses[1] is None)  # the kidney decides for both
    if doses[0] is not None:
        assert doses[0] <= doses[1]
        assert set(doses) <= {1.0, 2.0, 4.0}


INTENSITIES = st.fixed_dictionaries(
    {antigen.definition.key: st.integers(0, 100) for one in antibodies.SPECIFIC for antigen in one.antigens}
)


@few
@given(INTENSITIES)
def test_antibodies_are_counted_as_specificities(panel):
    count = value("count_of_specific_antibodies", panel, positivity="wang_2022")
    expected = sum(any(panel[a.definition.key] > 15 for a in one.antigens) for one in antibodies.SPECIFIC)
    assert count == expected
    assert value("two_specific_antibodies", panel, positivity="wang_2022") is (expected >= 2)


FLAGS = [flag.definition.key for flag, *_ in EULAR_ACR_TENTHS]
ANSWERS = st.fixed_dictionaries({name: st.sampled_from(["yes", "no"]) for name in FLAGS})
ORDER = ["not an idiopathic inflammatory myopathy", "possible", "probable", "definite"]


def classified(key, visit):
    return calculate(measures()[key], {"visit": visit}, {}, observation_catalogue())


@few
@given(
    ANSWERS, st.sampled_from(FLAGS), st.sampled_from(["eular_acr_2017", "eular_acr_2017_biopsy"]), st.integers(1, 80)
)
def test_one_more_sign_never_makes_myositis_less_likely(answers, name, key, age):
    visit = {**answers, "age_at_onset": age}
    before = classified(key, {**visit, name: "no"})
    after = classified(key, {**visit, name: "yes"})
    assert after.value >= before.value
    assert ORDER.index(after.category) >= ORDER.index(before.category)
    # Left out, the answer leaves open exactly the classes between the two.
    unknown = classified(key, {one: answer for one, answer in visit.items() if one != name})
    between = ORDER[ORDER.index(before.category) : ORDER.index(after.category) + 1]
    assert set(unknown.category.split(" or ")) == set(between)


@few
@given(st.lists(st.floats(0.01, 1000), min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_the_interferon_score_does_not_care_which_gene_is_which(values, random):
    genes = [gene.definition.key for gene in SIX_GENES]
    shuffled = list(values)
    random.shuffle(shuffled)
    score = value("interferon_score_rice_2013", dict(zip(genes, values, strict=True)))
    assert min(values) <= score <= max(values)
    assert value("interferon_score_rice_2013", dict(zip(genes, shuffled, strict=True))) == pytest.approx(score)
