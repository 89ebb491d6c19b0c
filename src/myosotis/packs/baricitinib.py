"""Baricitinib: the drug, its labelled doses, and the adverse events that its class is watched for."""

from myosotis.analysis import JAK_INHIBITOR_EVENTS as EVENTS_OF_INTEREST
from myosotis.language import drugs
from myosotis.measures.baricitinib import baricitinib_dose_ratio as dose_ratio
from myosotis.measures.baricitinib import baricitinib_label_dose as label_dose

__all__ = ["EVENTS_OF_INTEREST", "dose_ratio", "drug", "label_dose"]

drug = drugs("baricitinib", names=("baricitinib",))
