"""The plain functions of the catalogue: the bedside estimate with its units guarded, and z-scores against own controls."""

from __future__ import annotations

import math

import numpy as np
import pytest

from myosotis.core.units import convert
from myosotis.errors import DataError, NotEstimableError
from myosotis.measures.calculate import calculate
from myosotis.measures.jdm.interferon import standardised_interferon_score
from myosotis.measures.laboratory import bedside_schwartz, egfr_schwartz_2009
from myosotis.measures.modules import observation_catalogue


@pytest.mark.parametrize(
    ("height", "creatinine", "unit", "expected", "digits"),
    [
        (100, 0.4, "mg/dL", 103.25, 2),
        (120, 0.5, "mg/dL", 99.12, 2),
        (115, 0.7, "mg/dL", 67.85, 2),
        (150, 1.1, "mg/dL", 56.32, 2),
        (120, 60, "µmol/L", 73.0, 1),
        (120, 71, "umol/L", 61.7, 1),
    ],
)
def test_published_vectors(height, creatinine, unit, expected, digits):
    found = bedside_schwartz(height, creatinine, height_unit="cm", creatinine_unit=unit)
    assert round(found, digits) == expected
    assert bedside_schwartz(height / 100, creatinine, height_unit="m", creatinine_unit=unit) == pytest.approx(found)


@pytest.mark.parametrize("creatinine", [20.0, 35.4, 60.0, 132.6])
def test_the_two_published_factors_agree_to_their_rounding(creatinine):
    """0.413 × 88.4 is 36.5092 and was printed as 36.5: the units differ by 0.025% and no more."""
    in_milligrams = convert(creatinine, found="µmol/L", wanted="mg/dL", analyte="creatinine")
    by_milligrams = bedside_schwartz(120, in_milligrams, height_unit="cm", creatinine_unit="mg/dL")
    by_micromoles = bedside_schwartz(120, creatinine, height_unit="cm", creatinine_unit="µmol/L")
    assert by_milligrams / by_micromoles == pytest.approx(0.413 * 88.4 / 36.5, rel=1e-12)
    assert abs(by_milligrams / by_micromoles - 1) < 0.0003


@pytest.mark.parametrize(
    ("height", "height_unit", "creatinine", "unit", "message"),
    [
        (120, "cm", 16, "mg/dL", "almost surely in µmol/L"),
        (120, "cm", 4.9, "µmol/L", "almost surely in mg/dL"),
        (120, "cm", 60, "", "give it in mg/dL or µmol/L"),
        (120, "cm", 60, "mmol/L", "give it in mg/dL or µmol/L"),
        (1.2, "cm", 60, "µmol/L", "check its unit"),
        (120, "m", 60, "µmol/L", "check its unit"),
        (120, "kg", 60, "µmol/L", "no conversion"),
        (120, "cm", 0, "mg/dL", "above 0"),
        (120, "cm", -1, "µmol/L", "above 0"),
        (120, "cm", math.nan, "µmol/L", "above 0"),
    ],
)
def test_a_unit_in_doubt_is_refused(height, height_unit, creatinine, unit, message):
    with pytest.raises(DataError, match=message):
        bedside_schwartz(height, creatinine, height_unit=height_unit, creatinine_unit=unit)


@pytest.mark.parametrize(("creatinine", "unit"), [(15, "mg/dL"), (5, "µmol/L")])
def test_the_bounds_of_the_guard_are_allowed(creatinine, unit):
    assert bedside_schwartz(120, creatinine, height_unit="cm", creatinine_unit=unit) > 0


@pytest.mark.parametrize("creatinine", [5.0, 36.5, 60.0, 71.0, 400.0])
def test_the_measure_is_the_function(creatinine):
    visit = {"height": 120, "creatinine": creatinine}
    found = calculate(egfr_schwartz_2009, {"visit": visit}, {}, observation_catalogue())
    assert found.value == pytest.approx(
        bedside_schwartz(120, creatinine, height_unit="cm", creatinine_unit="µmol/L"), rel=1e-12
    )


def test_without_a_height_nothing_is_estimated():
    found = calculate(egfr_schwartz_2009, {"visit": {"creatinine": 60}}, {}, observation_catalogue())
    assert found.value is None
    assert found.missing == ("visit.height",)


GENES = ("MX1", "IFI44", "OAS1")
RNG = np.random.default_rng(20180301)
CONTROLS = {gene: RNG.lognormal(2, 0.5, 12).tolist() for gene in GENES}
PATIENT = {"MX1": 55.0, "IFI44": 20.0, "OAS1": 7.0}


@pytest.mark.parametrize("transform", ["none", "log2"])
def test_z_scores_against_an_independent_computation(transform):
    change = np.log2 if transform == "log2" else np.asarray
    expected = {
        gene: (change(PATIENT[gene]) - np.mean(change(CONTROLS[gene]))) / np.std(change(CONTROLS[gene]), ddof=1)
        for gene in GENES
    }
    found = standardised_interferon_score(PATIENT, CONTROLS, genes=GENES, transform=transform)
    assert found.score == pytest.approx(sum(expected.values()), rel=1e-10)
    assert dict(found.z) == pytest.approx(expected, rel=1e-10)
    assert (found.n_controls, found.transform) == (12, transform)


def test_a_patient_at_the_mean_of_the_controls_scores_0():
    mean = {gene: float(np.mean(CONTROLS[gene])) for gene in GENES}
    assert standardised_interferon_score(mean, CONTROLS, genes=GENES, transform="none").score == pytest.approx(
        0, abs=1e-12
    )


@pytest.mark.parametrize(("transform", "factor"), [("none", 3.7), ("log2", 3.7)])
def test_the_scale_of_the_counts_changes_nothing(transform, factor):
    scaled = {gene: factor * value for gene, value in PATIENT.items()}
    controls = {gene: [factor * value for value in values] for gene, values in CONTROLS.items()}
    before = standardised_interferon_score(PATIENT, CONTROLS, genes=GENES, transform=transform).score
    after = standardised_interferon_score(scaled, controls, genes=GENES, transform=transform).score
    assert after == pytest.approx(before, rel=1e-10)


def test_what_cannot_be_standardised_is_refused():
    def score(patient=PATIENT, controls=CONTROLS, genes=GENES, transform="none"):
        return standardised_interferon_score(patient, controls, genes=genes, transform=transform)

    with pytest.raises(NotEstimableError, match="9 controls"):
        score(controls={gene: values[:9] for gene, values in CONTROLS.items()})
    score(controls={gene: values[:10] for gene, values in CONTROLS.items()})
    with pytest.raises(NotEstimableError, match="MX1 does not vary"):
        score(controls={**CONTROLS, "MX1": [5.0] * 12})
    with pytest.raises(DataError, match="ISG15"):
        score(genes=("MX1", "ISG15"))
    with pytest.raises(DataError, match="at least one"):
        score(genes=())
    with pytest.raises(DataError, match="each once"):
        score(genes=("MX1", "MX1"))
    with pytest.raises(DataError, match="same controls"):
        score(controls={**CONTROLS, "MX1": CONTROLS["MX1"][:11]})
    with pytest.raises(DataError, match="above 0 for logarithms"):
        score(patient={**PATIENT, "MX1": 0.0}, transform="log2")
    with pytest.raises(DataError, match="finite"):
        score(patient={**PATIENT, "MX1": math.nan})
    with pytest.raises(DataError, match="'none' or 'log2'"):
        score(transform="ln")
    with pytest.raises(TypeError):
        standardised_interferon_score(PATIENT, CONTROLS)  # neither genes nor transform is assumed
