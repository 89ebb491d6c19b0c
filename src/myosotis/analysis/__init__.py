"""Where statistics meet data and become result rows."""

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.change import ChangeOverVisits, Friedman, Outcome
from myosotis.analysis.characteristics import Characteristics, Heading, Number, Share
from myosotis.analysis.response import OutcomeOverVisits

__all__ = [
    "AdverseEvents",
    "ChangeOverVisits",
    "Characteristics",
    "Friedman",
    "Heading",
    "Number",
    "Outcome",
    "OutcomeOverVisits",
    "Share",
]
