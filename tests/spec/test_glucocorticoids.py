"""The maintenance dose in prednisone equivalents, per weight, with pulses apart, on every engine."""

from __future__ import annotations

import pytest

from myosotis.language.record import recorded_days
from myosotis.language.series import visit_day
from myosotis.language.windows import week
from myosotis.measures import maintenance_prednisone_equivalent, pulse_prednisone_equivalent, skin_das
from myosotis.measures.glucocorticoids import (
    PREDNISONE_EQUIVALENTS,
    glucocorticoid_dose_on,
    glucocorticoid_dose_per_weight_on,
)
from myosotis.model.dataset import Dataset

WEEK_4 = week(4, give_or_take=14)


def course(drug, dose, *, times=1.0, start=0, stop=None, drug_class="glucocorticoid"):
    return {"drug": drug, "dose": dose, "times_per_day": times, "start_day": start, "stop_day": stop,
            "drug_class": drug_class, "dose_unit": "mg"}  # fmt: skip


# courses, (day, weight) rows, day of the visit -> mg/day, mg/kg/day, maintenance and pulse over the 29 days of week 4
CASES = {
    "plain": ([course("prednisone", 10.0)], [(28, 20.0)], 28, (10.0, 0.5, 290.0, 0.0)),
    "twice a day": ([course("methylprednisolone", 8.0, times=2.0)], [(28, 20.0)], 28, (20.0, 1.0, 580.0, 0.0)),
    "changed on the day": (
        [course("prednisone", 20.0, stop=27), course("prednisone", 10.0, start=28)], [(28, 20.0)], 28,
        (10.0, 0.5, 14 * 20.0 + 15 * 10.0, 0.0),
    ),
    "two drugs at once": (
        [course("prednisone", 5.0), course("hydrocortisone", 20.0)], [(28, 20.0)], 28, (10.0, 0.5, 290.0, 0.0),
    ),
    "none": ([], [(28, 20.0)], 28, (0.0, 0.0, 0.0, 0.0)),
    "ended": ([course("prednisone", 10.0, stop=13)], [(28, 20.0)], 28, (0.0, 0.0, 0.0, 0.0)),
    "no dose": ([course("prednisone", None)], [(28, 20.0)], 28, (None, None, None, 0.0)),
    "no equivalent": ([course("deflazacort", 6.0)], [(28, 20.0)], 28, (None, None, None, 0.0)),
    "no equivalent, long past": ([course("deflazacort", 6.0, stop=5)], [(28, 20.0)], 28, (0.0, 0.0, 0.0, 0.0)),
    "not weighed": ([course("prednisone", 10.0)], [], 28, (10.0, None, 290.0, 0.0)),
    "weighed before the visit": ([course("prednisone", 10.0)], [(0, 25.0), (60, 10.0)], 28, (10.0, 0.4, 290.0, 0.0)),
    "weighed too early": ([course("prednisone", 10.0)], [(-1, 25.0)], 28, (10.0, None, 290.0, 0.0)),
    "no visit": ([course("prednisone", 10.0)], [(28, 20.0)], None, (None, None, 290.0, 0.0)),
    "a pulse": (
        [course("prednisone", 10.0),
         course("methylprednisolone", 600.0, start=28, stop=30, drug_class="glucocorticoid pulse")],
        [(28, 20.0)], 28, (10.0, 0.5, 290.0, 2250.0),
    ),
    "a pulse by name": (
        [course("methylprednisolone pulse", 600.0, start=28, stop=28)], [(28, 20.0)], 28, (0.0, 0.0, 0.0, 750.0),
    ),
    "a pulse without equivalent": (
        [course("deflazacort", 600.0, start=28, stop=28, drug_class="glucocorticoid pulse")], [(28, 20.0)], 28,
        (0.0, 0.0, 0.0, None),
    ),
    "another class": (
        [course("methotrexate", 10.0, drug_class="conventional immunosuppressant")], [(28, 20.0)], 28,
        (0.0, 0.0, 0.0, 0.0),
    ),
}  # fmt: skip


def test_doses(run_on):
    observations, courses = [], []
    for patient, (given, weights, visit, _) in CASES.items():
        courses += [{"patient_id": patient, **one} for one in given]
        observations += [{"patient_id": patient, "day": day, "name": "weight", "number": kg} for day, kg in weights]
        if visit is not None:
            observations.append({"patient_id": patient, "day": visit, "name": "skin_das", "number": 3.0})
    data = Dataset.of(patients=[{"patient_id": one} for one in CASES], observations=observations, treatments=courses)
    day = visit_day(WEEK_4, skin_das)
    nodes = {
        "dose": glucocorticoid_dose_on(day),
        "per weight": glucocorticoid_dose_per_weight_on(day, within=28),
        "maintenance": maintenance_prednisone_equivalent.at(WEEK_4),
        "pulse": pulse_prednisone_equivalent.at(WEEK_4),
    }
    found = run_on(nodes, data, recorded_days())
    for patient, (_, _, _, expected) in CASES.items():
        assert tuple(found[name][patient] for name in nodes) == pytest.approx(expected), patient


@pytest.mark.parametrize(
    ("drug", "milligrams"),
    [("prednisone", 5), ("prednisolone", 5), ("methylprednisolone", 4), ("hydrocortisone", 20),
     ("cortisone acetate", 25), ("triamcinolone", 4), ("dexamethasone", 0.75), ("betamethasone", 0.75)],
)  # fmt: skip
def test_the_published_equivalents_of_5_mg_of_prednisone(drug, milligrams):
    assert PREDNISONE_EQUIVALENTS[drug] * milligrams == pytest.approx(5.0, rel=1e-12)
    assert len(PREDNISONE_EQUIVALENTS) == 8
