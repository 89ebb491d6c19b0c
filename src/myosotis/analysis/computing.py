"""Compute an analysis: which function makes the numbers of which declared record."""

from __future__ import annotations

from functools import singledispatch

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.change import ChangeOverVisits
from myosotis.analysis.characteristics import Characteristics
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.compute_adverse_events import compute_adverse_events
from myosotis.analysis.compute_change import compute_change
from myosotis.analysis.compute_characteristics import compute_characteristics
from myosotis.analysis.compute_concomitant import compute_concomitant
from myosotis.analysis.compute_estimate import compute_estimate
from myosotis.analysis.compute_event_times import compute_event_times
from myosotis.analysis.compute_exposure import compute_exposure
from myosotis.analysis.compute_laboratory import compute_laboratory
from myosotis.analysis.compute_organs import compute_organs
from myosotis.analysis.compute_patient_table import compute_patient_table
from myosotis.analysis.compute_response import compute_response
from myosotis.analysis.compute_sensitivity import compute_change_sensitivity, compute_response_sensitivity
from myosotis.analysis.compute_taper import compute_taper
from myosotis.analysis.compute_timelines import compute_curves, compute_swimmer
from myosotis.analysis.concomitant import ConcomitantDrugs
from myosotis.analysis.estimate import Estimate
from myosotis.analysis.event_times import EventTimes
from myosotis.analysis.exposure import Exposure
from myosotis.analysis.glucocorticoid_taper import GlucocorticoidTaper
from myosotis.analysis.laboratory_safety import LaboratorySafety
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.patient_table import PatientTable
from myosotis.analysis.response import OutcomeOverVisits
from myosotis.analysis.sensitivity import ChangeSensitivity, ResponseSensitivity
from myosotis.analysis.timelines import DoseCurves, SwimmerPlot
from myosotis.errors import ProtocolError

__all__ = ["compute_analysis"]


@singledispatch
def compute_analysis(analysis: object, cohort: Cohort) -> AnalysisOutput:  # noqa: ARG001 - of the analyses registered below
    """Compute every number of a declared analysis of the patients of a cohort.

    A record of another package is computed once its function is registered: `compute_analysis.register(Kind, function)`.

    Raises `ProtocolError` for a record that nothing computes.
    """
    kind = type(analysis).__name__
    raise ProtocolError(
        f"{kind} is declared as an analysis, and nothing says how it is computed; register its function, as in "
        f"compute_analysis.register({kind}, compute)"
    )


compute_analysis.register(AdverseEvents, compute_adverse_events)
compute_analysis.register(ChangeOverVisits, compute_change)
compute_analysis.register(ChangeSensitivity, compute_change_sensitivity)
compute_analysis.register(Characteristics, compute_characteristics)
compute_analysis.register(ConcomitantDrugs, compute_concomitant)
compute_analysis.register(DoseCurves, compute_curves)
compute_analysis.register(Estimate, compute_estimate)
compute_analysis.register(EventTimes, compute_event_times)
compute_analysis.register(Exposure, compute_exposure)
compute_analysis.register(GlucocorticoidTaper, compute_taper)
compute_analysis.register(LaboratorySafety, compute_laboratory)
compute_analysis.register(OrganOutcomes, compute_organs)
compute_analysis.register(OutcomeOverVisits, compute_response)
compute_analysis.register(PatientTable, compute_patient_table)
compute_analysis.register(ResponseSensitivity, compute_response_sensitivity)
compute_analysis.register(SwimmerPlot, compute_swimmer)
