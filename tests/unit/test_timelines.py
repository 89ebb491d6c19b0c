"""What the lanes of a swimmer plot mark as a new drug: one whose first start lies after day 0 and within the days shown."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import pytest

from myosotis.analysis import SwimmerPlot
from myosotis.language import Visit, drugs, visit_day, week
from myosotis.measures.observations import physician_global
from myosotis.model.dataset import Dataset
from myosotis.study import Endpoint

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

START = date(2020, 1, 1)
WEEK_4 = week(4, give_or_take=14)


def course(drug, first, last=None):
    stop = None if last is None else START + timedelta(days=last)
    return {"patient_id": "a", "drug": drug, "drug_class": "x", "start": START + timedelta(days=first), "stop": stop}


def new_drugs(*courses):
    chosen = SwimmerPlot(
        key="lanes",
        title="Lanes",
        treatments=(drugs("baricitinib", names=("baricitinib",)),),
        last_day=167,
        endpoint=Endpoint(
            key="low",
            label="low activity",
            variable=physician_global.at(Visit()) <= 2,
            at=(WEEK_4,),
            if_not_evaluable="leave_out",
        ),
        visit_day=visit_day(Visit(), physician_global),
        started=drugs("other drugs", names=("methotrexate",)),
    )
    treatments = [{**course("baricitinib", 0), "drug_class": "JAK inhibitor"}, *courses]
    data = Dataset.of(patients=[{"patient_id": "a", "sex": "female"}], treatments=treatments)
    section = cohorts.section_of(chosen, cohorts.cohort_of(chosen, data))
    return [row["day"] for part in section.contributions for row in part.listing if row["text"] == "new other drugs"]


@pytest.mark.parametrize(
    ("courses", "days"),
    [
        ([course("methotrexate", 1)], [1]),
        ([course("methotrexate", 0)], []),  # begun with the drug of the study, so not new under it
        ([course("methotrexate", 0, 5), course("methotrexate", 40)], []),  # taken up again
        ([course("methotrexate", -90, -60), course("methotrexate", 40)], []),
        ([course("methotrexate", 40, 50), course("methotrexate", 60)], [40]),  # the first start only
        ([course("methotrexate", 167)], [167]),
        ([course("methotrexate", 168)], []),
    ],
)
def test_a_drug_is_marked_as_new_on_its_first_start_after_day_0(courses, days):
    assert new_drugs(*courses) == days
