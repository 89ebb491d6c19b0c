"""Where statistics meet data and become result rows."""

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.change import ChangeOverVisits, Friedman, Outcome
from myosotis.analysis.characteristics import Characteristics, Heading, Number, Share
from myosotis.analysis.events_of_interest import JAK_INHIBITOR_EVENTS, EventsOfInterest, of_interest
from myosotis.analysis.laboratory_course import LaboratoryTest
from myosotis.analysis.laboratory_safety import LaboratorySafety
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.response import OutcomeOverVisits

__all__ = [
    "JAK_INHIBITOR_EVENTS",
    "AdverseEvents",
    "ChangeOverVisits",
    "Characteristics",
    "EventsOfInterest",
    "Friedman",
    "Heading",
    "LaboratorySafety",
    "LaboratoryTest",
    "Number",
    "OrganOutcomes",
    "Outcome",
    "OutcomeOverVisits",
    "Share",
    "of_interest",
]
