"""Which derivations of the catalogue an analysis rests on, beside the expressions that it names."""

from __future__ import annotations

from functools import singledispatch

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.glucocorticoid_taper import GlucocorticoidTaper
from myosotis.analysis.laboratory_safety import LaboratorySafety
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.timelines import SwimmerPlot
from myosotis.measures.derived.courses import organ_course, time_to_taper, worst_grade_after
from myosotis.measures.derived.derivation import Derivation
from myosotis.measures.derived.events import serious_event, treatment_emergent
from myosotis.measures.derived.events_of_interest import JAK_INHIBITOR_EVENTS
from myosotis.measures.derived.jak_events import DERIVATIONS as OF_JAK_INHIBITORS

__all__ = ["derivations_of"]


@singledispatch
def derivations_of(analysis: object) -> tuple[Derivation, ...]:  # noqa: ARG001 - of the analyses registered below
    """Give the derivations that an analysis rests on; an analysis that counts expressions alone rests on none."""
    return ()


@derivations_of.register
def _(analysis: AdverseEvents) -> tuple[Derivation, ...]:
    shipped = zip(JAK_INHIBITOR_EVENTS, OF_JAK_INHIBITORS, strict=True)
    # A group that a study has changed is the study's own.
    asked = tuple(derivation for group, derivation in shipped if group in analysis.of_interest)
    return (serious_event, treatment_emergent, *asked)


@derivations_of.register
def _(analysis: SwimmerPlot) -> tuple[Derivation, ...]:  # noqa: ARG001
    return (serious_event,)


@derivations_of.register
def _(analysis: OrganOutcomes) -> tuple[Derivation, ...]:  # noqa: ARG001
    return (organ_course,)


@derivations_of.register
def _(analysis: LaboratorySafety) -> tuple[Derivation, ...]:  # noqa: ARG001
    return (worst_grade_after,)


@derivations_of.register
def _(analysis: GlucocorticoidTaper) -> tuple[Derivation, ...]:  # noqa: ARG001
    return (time_to_taper,)
