"""How adverse events were counted, in words."""

from __future__ import annotations

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.language.sentences import sentence

__all__ = ["event_methods", "window"]


def event_methods(analysis: AdverseEvents) -> list[str]:
    """Say how events were counted."""
    drug, follow_up = analysis.treatment.drugs.label, analysis.follow_up
    until = (
        ""
        if analysis.censored_at is None
        else f" or until {sentence(analysis.censored_at)}, whichever is earlier (day {follow_up.last} where that is missing)"
    )
    return [
        f"Events and person-time were counted from day {follow_up.first} to day {follow_up.last}{until}, in those of "
        f"{analysis.population.label.lower()} who had at least one day on {drug}.",
        f"{window(analysis)} A course without a stop date was taken as ongoing. An event without an onset day was counted "
        "but not placed. An event known to the month or year was placed where every day of it is. An event that began "
        "before the first dose and worsened after it is treatment-emergent from the record with the higher grade on; where "
        "no identifier joins that record to the first it counts as an event of its own.",
        "Rows of one patient that share an event identifier are one event, at its highest grade and with its first "
        "onset; any other row is an event of its own. Events were grouped by "
        "preferred term, or by the words of the source without one, and by the organ class in the source, whatever "
        "their capitals; a patient counts once for each term and each class.",
        "An event is serious if it was fatal (or of grade 5), life-threatening, led to hospitalisation or disability, or "
        "was recorded as serious or under another criterion of ICH E2A (1994, section II.B), whatever its grade; not "
        "serious if recorded so or if all four facts were recorded as absent; otherwise not evaluable.",
        f"Shares of patients have exact (Clopper-Pearson) {analysis.conf_level:.0%} intervals.",
    ]


def window(analysis: AdverseEvents) -> str:
    """Say what the treatment-emergent window is."""
    days = (
        "on the day of the last" if analysis.emergent_until == 0 else f"{analysis.emergent_until} days after the last"
    )
    return (
        f"Treatment-emergent: onset from the day of the first dose of {analysis.treatment.drugs.label} to {days}, both "
        "included, interruptions and all."
    )
