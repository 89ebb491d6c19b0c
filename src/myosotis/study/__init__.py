"""What a study declares: who is in it, when they are seen, and what counts as an outcome."""

from myosotis.study.eligibility import Attrition, AttritionStep, Eligibility, Rule, attrition
from myosotis.study.endpoint import Endpoint, IntercurrentEvent
from myosotis.study.example import ExamplePatient, example_patient
from myosotis.study.population import Population
from myosotis.study.schedule import ScheduleFinding, VisitTable, assign_visits

__all__ = [
    "Attrition",
    "AttritionStep",
    "Eligibility",
    "Endpoint",
    "ExamplePatient",
    "IntercurrentEvent",
    "Population",
    "Rule",
    "ScheduleFinding",
    "VisitTable",
    "assign_visits",
    "attrition",
    "example_patient",
]
