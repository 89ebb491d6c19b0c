"""Present the flow of patients: the steps from all screened to those included, and the rules in words."""

from __future__ import annotations

from myosotis.language.sentences import sentence
from myosotis.presentation.layout import Paragraph, Step
from myosotis.presentation.listings import Listing
from myosotis.presentation.results import Results
from myosotis.study.eligibility import Eligibility

__all__ = ["ELIGIBILITY_LISTING", "eligibility_methods", "flow_steps"]

ELIGIBILITY_LISTING = Listing(
    key="eligibility",
    title="Eligibility, patient by patient and rule by rule",
    heads={
        "patient": "Patient", "outcome": "Outcome", "rule": "Rule", "verdict": "Verdict", "value": "Value", "date": "Date",
        "source": "Source",
    },
)  # fmt: skip


def flow_steps(eligibility: Eligibility, results: Results) -> tuple[Step, ...]:
    """List the steps to be drawn: who was screened, who left by which rule, who remained."""
    found = results.where(analysis="flow").by("variable", "statistic")
    steps = [Step(kind="start", label="Patients screened", result=found["screened", "n"].id)]
    for rule in eligibility.rules:
        left = found[rule.name, "count"]
        if left.number:
            reason = rule.reason or f"{'not ' if rule in eligibility.include else ''}{rule.name}"
            steps.append(Step(kind="excluded", label=reason, result=left.id))
    return (*steps, Step(kind="remaining", label="Patients included", result=found["included", "n"].id))


def eligibility_methods(eligibility: Eligibility) -> Paragraph:
    """Say who was included and excluded, and what became of those of whom it cannot be told."""
    told = [] if eligibility.rules else ["No rule of eligibility was declared: every patient screened is included."]
    for rule in eligibility.rules:
        word = "Included if" if rule in eligibility.include else "Excluded if"
        left = "left out" if rule.if_not_evaluable == "leave_out" else "kept"
        told.append(f"{word} {rule.name}: {sentence(rule.criterion)}. Where this cannot be told the patient is {left}.")
    return Paragraph(heading="Eligibility", sentences=told)
