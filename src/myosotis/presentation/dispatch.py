"""Present an analysis: which function lays out and tells the results of which declared record."""

from __future__ import annotations

from functools import singledispatch

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.change import ChangeOverVisits
from myosotis.analysis.characteristics import Characteristics
from myosotis.analysis.concomitant import ConcomitantDrugs
from myosotis.analysis.estimate import Estimate
from myosotis.analysis.event_times import EventTimes
from myosotis.analysis.exposure import Exposure
from myosotis.analysis.glucocorticoid_taper import GlucocorticoidTaper
from myosotis.analysis.laboratory_safety import LaboratorySafety
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.patient_table import PatientTable
from myosotis.analysis.response import OutcomeOverVisits
from myosotis.analysis.sensitivity import ChangeSensitivity, ResponseSensitivity
from myosotis.analysis.timelines import DoseCurves, SwimmerPlot
from myosotis.errors import ProtocolError
from myosotis.presentation.adverse_events import present_adverse_events
from myosotis.presentation.change import present_change
from myosotis.presentation.characteristics import present_characteristics
from myosotis.presentation.concomitant import present_concomitant
from myosotis.presentation.estimate import present_estimate
from myosotis.presentation.event_times import present_event_times
from myosotis.presentation.exposure import present_exposure
from myosotis.presentation.laboratory import present_laboratory
from myosotis.presentation.organs import present_organs
from myosotis.presentation.patient_table import present_patient_table
from myosotis.presentation.presented import Presentation
from myosotis.presentation.response import present_response
from myosotis.presentation.results import Results
from myosotis.presentation.sensitivity import present_change_sensitivity, present_response_sensitivity
from myosotis.presentation.taper import present_taper
from myosotis.presentation.timelines import present_curves, present_swimmer

__all__ = ["present_analysis"]


@singledispatch
def present_analysis(analysis: object, results: Results) -> Presentation:  # noqa: ARG001 - of the analyses registered below
    """Lay out and tell the results of a declared analysis; `results` are those of the whole study.

    A record of another package is presented once its function is registered: `present_analysis.register(Kind, function)`.

    Raises `ProtocolError` for a record that nothing presents.
    """
    kind = type(analysis).__name__
    raise ProtocolError(
        f"{kind} is declared as an analysis, and nothing says how it is presented; register its function, as in "
        f"present_analysis.register({kind}, present)"
    )


present_analysis.register(AdverseEvents, present_adverse_events)
present_analysis.register(ChangeOverVisits, present_change)
present_analysis.register(ChangeSensitivity, present_change_sensitivity)
present_analysis.register(Characteristics, present_characteristics)
present_analysis.register(ConcomitantDrugs, present_concomitant)
present_analysis.register(DoseCurves, present_curves)
present_analysis.register(Estimate, present_estimate)
present_analysis.register(EventTimes, present_event_times)
present_analysis.register(Exposure, present_exposure)
present_analysis.register(GlucocorticoidTaper, present_taper)
present_analysis.register(LaboratorySafety, present_laboratory)
present_analysis.register(OrganOutcomes, present_organs)
present_analysis.register(OutcomeOverVisits, present_response)
present_analysis.register(PatientTable, present_patient_table)
present_analysis.register(ResponseSensitivity, present_response_sensitivity)
present_analysis.register(SwimmerPlot, present_swimmer)
