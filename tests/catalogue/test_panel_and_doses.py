"""The antibody panel as data, the CTCAE table against the bounds typed from its text, and what the rules say in words."""

from __future__ import annotations

import pytest

from myosotis.errors import MissingChoiceError
from myosotis.measures.calculate import calculate
from myosotis.measures.catalogue import measures
from myosotis.measures.jdm import antibodies, antibody_panel
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.muscle_enzymes import ENZYMES


def run(key, moments, **choices):
    return calculate(measures()[key], moments, choices, observation_catalogue(), treatments=[])


def test_sixteen_antigens_make_eleven_specific_and_three_associated_antibodies():
    antigens = [one for group in (*antibodies.SPECIFIC, *antibodies.ASSOCIATED) for one in group.antigens]
    assert sorted(one.definition.key for one in antigens) == sorted(one.definition.key for one in antibody_panel.PANEL)
    assert (len(antigens), len(antibodies.SPECIFIC), len(antibodies.ASSOCIATED)) == (16, 11, 3)
    several = {one.label: len(one.antigens) for one in (*antibodies.SPECIFIC, *antibodies.ASSOCIATED)}
    assert {label for label, count in several.items() if count == 2} == {"anti-Mi-2", "anti-PM-Scl"}


def test_every_antibody_is_a_criterion_that_names_its_scheme():
    for one in (*antibodies.SPECIFIC, *antibodies.ASSOCIATED):
        measure = measures()[one.key]
        assert f"myositis-{one.kind}" in measure.definition.note
        with pytest.raises(MissingChoiceError, match="intensity above 15"):
            run(one.key, {"visit": {}}, positivity="eleven")


def test_the_raw_intensity_is_not_changed_by_a_scheme():
    found = run("anti_mda5_positive", {"visit": {"antibody_mda5": 15}}, positivity="wang_2022")
    assert found.value is False
    assert "15" in found.sentence


def test_a_child_with_two_specific_antibodies_is_told_which():
    found = run(
        "two_specific_antibodies", {"visit": {"antibody_mda5": 40, "antibody_nxp2": 20}}, positivity="wang_2022"
    )
    assert found.value is True
    assert found.contributions["anti_mda5_positive"] is True
    assert found.contributions["anti_srp_positive"] is None


@pytest.mark.parametrize(
    "key",
    ["ctcae_5_alt", "ctcae_5_ast", "ctcae_5_ck"],
)
def test_the_note_warns_that_muscle_enzymes_are_not_only_of_the_liver(key):
    assert "may be active myositis" in measures()[key].definition.note


def test_the_highest_grade_of_each_table_is_reached_and_never_passed():
    for key, measure in measures().items():
        if key.startswith("ctcae_5_"):
            shown = {one.expected for one in measure.definition.examples if one.expected is not None}
            assert max(shown) == measure.definition.range.high
            assert min(shown) == 0


@pytest.mark.parametrize(("limit", "grade"), [(40, 0.0), (50, 0.0), (60, 1.0)])
def test_a_published_alt_of_57_to_85(limit, grade):
    course = {"baseline": {"alt": 57, "alt_upper_limit": limit}, "visit": {"alt": 85, "alt_upper_limit": limit}}
    assert run("ctcae_5_alt", course).value == grade


@pytest.mark.parametrize(("limit", "grade"), [(80, 0.0), (71, 0.0), (70, 1.0)])
def test_a_published_creatinine_of_60_to_71(limit, grade):
    course = {"baseline": {"creatinine": 60}, "visit": {"creatinine": 71, "creatinine_upper_limit": limit}}
    assert run("ctcae_5_creatinine", course).value == grade


def test_a_rise_of_creatinine_that_nears_the_bound_of_dosing():
    """In a child of 120 cm, 60 to 71 µmol/L takes the estimate from 73 to 62, near 60, where the label halves the dose."""
    before = run("egfr_schwartz_2009", {"visit": {"height": 120, "creatinine": 60}})
    after = run("egfr_schwartz_2009", {"visit": {"height": 120, "creatinine": 71}})
    assert (round(before.value, 1), round(after.value, 1)) == (73.0, 61.7)
    assert after.category == "60 to below 90"


@pytest.mark.parametrize(("kilograms", "per_kg", "share"), [(20, 0.05, 0.5), (40, 0.05, 0.5), (80, 0.05, 1.0)])
def test_a_median_dose_of_a_published_cohort_in_the_share_of_the_label(kilograms, per_kg, share):
    visit = {"weight": kilograms, "baricitinib_dose": per_kg * kilograms}
    found = run("baricitinib_dose_ratio", {"visit": visit}, kidney_rule="weight only")
    assert found.value == pytest.approx(share, rel=1e-12)


def test_halving_by_the_kidney_is_a_choice_without_a_default():
    with pytest.raises(MissingChoiceError, match="kidney_rule"):
        run("baricitinib_label_dose", {"visit": {"weight": 20, "height": 120, "creatinine": 74}})


def test_the_order_of_ties_and_the_ranges_of_enzymes():
    assert [(one.name, one.range_in_upper_limits) for one in ENZYMES] == [
        ("CK", 15), ("aldolase", 6), ("LDH", 3), ("AST", 3), ("ALT", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "key",
    ["eular_acr_2017", "bohan_peter_1975", "ctcae_5_alt", "printo_20_2010", "imacs_improvement_2004",
     "most_abnormal_enzyme", "baricitinib_label_dose"],
)  # fmt: skip
def test_a_sentence_is_english_without_names_of_code(key):
    text = measures()[key].sentence
    assert "_" not in text
    assert not text.endswith(".")
