"""Where statistics meet data and become result rows."""

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.change import ChangeOverVisits, Friedman, Outcome
from myosotis.analysis.characteristics import Characteristics, Heading, Number, Share
from myosotis.analysis.concomitant import ConcomitantDrugs
from myosotis.analysis.estimate import Estimate
from myosotis.analysis.event_times import EventTimes
from myosotis.analysis.exposure import Exposure
from myosotis.analysis.glucocorticoid_taper import GlucocorticoidTaper
from myosotis.analysis.laboratory_safety import LaboratorySafety
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.patient_table import Column, DrugNames, PatientTable, Present
from myosotis.analysis.response import OutcomeOverVisits
from myosotis.analysis.samples import (
    Counted,
    CountedGroups,
    CountedPairs,
    Design,
    Endpoints,
    EventsInTime,
    EventsInTimeInGroups,
    Groups,
    Numbers,
    Paired,
    Published,
    Repeated,
    RepeatedInGroups,
    Studies,
    TimeBetween,
    TimeToEvent,
    TimeToEventInGroups,
)
from myosotis.analysis.sensitivity import ChangeSensitivity, ResponseSensitivity
from myosotis.analysis.timelines import DoseCurves, SwimmerPlot
from myosotis.measures.derived.events_of_interest import JAK_INHIBITOR_EVENTS, EventsOfInterest, of_interest
from myosotis.measures.derived.worst_grade import LaboratoryTest

__all__ = [
    "JAK_INHIBITOR_EVENTS",
    "AdverseEvents",
    "ChangeOverVisits",
    "ChangeSensitivity",
    "Characteristics",
    "Column",
    "ConcomitantDrugs",
    "Counted",
    "CountedGroups",
    "CountedPairs",
    "Design",
    "DoseCurves",
    "DrugNames",
    "Endpoints",
    "Estimate",
    "EventTimes",
    "EventsInTime",
    "EventsInTimeInGroups",
    "EventsOfInterest",
    "Exposure",
    "Friedman",
    "GlucocorticoidTaper",
    "Groups",
    "Heading",
    "LaboratorySafety",
    "LaboratoryTest",
    "Number",
    "Numbers",
    "OrganOutcomes",
    "Outcome",
    "OutcomeOverVisits",
    "Paired",
    "PatientTable",
    "Present",
    "Published",
    "Repeated",
    "RepeatedInGroups",
    "ResponseSensitivity",
    "Share",
    "Studies",
    "SwimmerPlot",
    "TimeBetween",
    "TimeToEvent",
    "TimeToEventInGroups",
    "of_interest",
]
