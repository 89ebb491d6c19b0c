"""A name that the protocol writes and no row has is told, since nobody would ever be counted under it."""

from __future__ import annotations

import pytest

from myosotis.analysis import Exposure, OrganOutcomes
from myosotis.analysis.mentions import unheld_names
from myosotis.language import all_of, baseline_window, condition, drugs, week
from myosotis.language.criteria import PatientIs
from myosotis.measures.glucocorticoids import glucocorticoid_dose_on
from myosotis.measures.jdm.severity import severe_jdm
from myosotis.measures.observations import weight
from myosotis.model.dataset import Dataset

W0, W4 = baseline_window(days=28), week(4, give_or_take=14)
DATA = Dataset.of(
    patients=[{"patient_id": "a", "site": "Uppsala"}],
    treatments=[
        {"patient_id": "a", "drug": "methotrexate", "drug_class": "conventional immunosuppressant"},
        {"patient_id": "a", "drug": "baricitinib", "drug_class": "JAK inhibitor"},
    ],
    conditions=[{"patient_id": "a", "name": "ILD"}],
)


def told(*criteria, declared=()):
    nodes = {str(number): criterion for number, criterion in enumerate(criteria)}
    return [(one.severity, one.message) for one in unheld_names(nodes, declared, DATA)]


def of_drug(*names):
    return drugs("MTX", names=names).taken_on(0)


@pytest.mark.parametrize(
    "criterion",
    [
        of_drug("methotrexate"),
        of_drug("MTX", "methotrexate"),  # one of several spellings is enough
        drugs("csDMARD", classes=("conventional immunosuppressant",)).taken_on(0),
        condition("ILD").ever(),
        PatientIs(field="site", texts=("Uppsala",)),
        severe_jdm.at(W0),  # what a definition of the catalogue looks for need not be in every study
    ],
)
def test_a_name_that_a_row_has_is_not_told(criterion):
    assert told(criterion) == []


@pytest.mark.parametrize(
    ("criterion", "what"),
    [
        (of_drug("sulfasalazine"), "the drug 'sulfasalazine'; no row of the treatments"),
        (drugs("x", classes=("gold",)).taken_on(0), "the class of drugs 'gold'; no row of the treatments"),
        (condition("Transplant").ever(), "the condition 'Transplant'; no row of the conditions"),
        (PatientIs(field="site", texts=("Lund",)), "the site 'Lund'; no row of the patients"),
        (all_of(condition("ILD").ever(), condition("MAS").by(0)), "the condition 'MAS'"),
    ],
)
def test_a_name_that_no_row_has_is_told_once(criterion, what):
    assert [severity for severity, _ in told(criterion, criterion)] == ["note"]
    assert what in told(criterion)[0][1]


@pytest.mark.parametrize("name", ["Methotrexat", "Methotrexate", "methotrexate "])
def test_a_name_that_is_spelled_almost_as_a_row_has_it_is_a_warning_with_the_row(name):
    found = unheld_names({"x": of_drug(name)}, (), DATA)
    assert [one.severity for one in found] == ["warning", "note"]
    assert found[0].source_row == 1
    assert "spells it almost so" in found[0].message
    assert "'methotrexate'" not in found[0].message  # a cell is never quoted


def test_the_fields_of_analyses_are_looked_at_too():
    organs = OrganOutcomes(key="o", title="o", conditions=("ILD", "MAS"), baseline=W0, visit=W4)
    exposure = Exposure(
        key="e",
        title="e",
        treatment=drugs("gold", names=("gold",)),
        last_day=9,
        weight=weight,
        weight_within=9,
        quartiles=6,
    )
    words = " ".join(message for _, message in told(declared=(organs, exposure)))
    assert "'MAS'" in words
    assert "'gold'" in words
    assert "'ILD'" not in words


def test_the_drugs_of_the_package_are_not_the_protocol_s():
    assert told(glucocorticoid_dose_on(0)) == []
