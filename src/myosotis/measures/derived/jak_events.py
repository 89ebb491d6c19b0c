"""Adverse events of interest under JAK inhibitors, by the words of their terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from myosotis.core.definition import Definition, Example
from myosotis.measures.citations import OLUMIANT_EU
from myosotis.measures.derived.derivation import Answer, Derivation
from myosotis.measures.derived.events_of_interest import JAK_INHIBITOR_EVENTS, EventsOfInterest
from myosotis.measures.derived.seriousness import Seriousness, seriousness

__all__ = ["DERIVATIONS"]

# An event of each group that a reader of charts would name otherwise than by the group's own terms, or that sounds alike
# and is none.
_TOLD: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "herpes zoster": (("Shingles of the left chest", True), ("Zoster vaccination", False), ("Herpes simplex", False)),
    "herpes simplex": (("Cold sore", True), ("Herpes zoster", False)),
    "opportunistic infection": (("BK viraemia", True), ("Influenza", False)),
    "tuberculosis": (("Tuberculous lymphadenitis", True), ("Tuberculin test negative", False)),
    "viral hepatitis": (("Hepatitis B", True), ("Hepatitis A", False)),
    "venous thromboembolism": (("Right leg DVT", True), ("Coronary artery thrombosis", False)),
    "cardiovascular": (("Heart attack", True), ("Heat stroke", False)),
    "malignancy": (("Acute lymphoblastic leukaemia", True), ("Benign neoplasm of skin", False)),
    "perforation": (("Intestinal perforation", True), ("Appendicitis", False)),
    "neutropenia": (("Neutrophil count decreased", True), ("Lymphopenia", False)),
    "lymphopenia": (("Lymphocyte count decreased", True), ("Neutropenia", False)),
    "anaemia": (("Anemia", True), ("Haemoglobin increased", False)),
    "thrombocytosis": (("Platelet count increased", True), ("Thrombocytopenia", False)),
    "aminotransferase": (("ALT increased", True), ("Blood alkaline phosphatase increased", False)),
    "creatine kinase": (("CPK increased", True), ("Blood creatinine increased", False)),
    "lipids": (("Dyslipidemia", True), ("Lipoma", False)),
    "creatinine": (("Blood creatinine increased", True), ("Creatine kinase increased", False)),
    "weight": (("Obesity", True), ("Weight decreased", False)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """Hold an event of an example."""

    term: str
    organ_class: str
    judged: Seriousness
    coded: bool = True


def _holds(group: EventsOfInterest, event: Mapping[str, Any]) -> Answer:
    facts = {name: told for name, told in event.items() if name not in ("term", "organ_class")}
    told = _Event(term=event["term"], organ_class=event.get("organ_class", ""), judged=seriousness(facts))
    return group.holds(told)


def _words(group: EventsOfInterest) -> Iterable[Mapping[str, Any]]:
    """Yield every word of a group alone, within another and with each word that takes it out again."""
    terms = [*group.terms, *group.stems, *group.but_not, *(f"{a} {b}" for a in group.stems for b in group.but_not)]
    for term in (*terms, *(f"x{one}" for one in terms), *(f"{one} x" for one in terms), "Headache"):
        for organ_class in (*group.organ_classes, "Other"):
            for facts in ({}, {"hospitalised": True}, {"death": True}, {"serious": False}):
                yield {"event": {"term": term, "organ_class": organ_class, **facts}}


def _examples(group: EventsOfInterest) -> tuple[Example, ...]:
    named: tuple[tuple[Mapping[str, Any], bool], ...]
    if group.criteria:
        named = (({"term": "Sepsis", "death": True}, True), ({"term": "Sepsis", "hospitalised": True}, False))
    elif group.organ_classes:
        organ = group.organ_classes[-1]
        named = (
            ({"term": "Pneumonia", "organ_class": organ, "hospitalised": True}, True),
            ({"term": "Pneumonia", "organ_class": organ, "serious": False}, False),
        )  # fmt: skip
    else:
        named = tuple(({"term": term}, expected) for term, expected in _TOLD[group.key])
    return tuple(Example(inputs={"event": event}, expected=expected) for event, expected in named)


def _derivation(group: EventsOfInterest) -> Derivation:
    key = group.key.replace(" ", "_")
    return Derivation(
        definition=Definition(
            key=f"jak_event_{key}", version="1", kind="criterion", label=f"{group.label} (event of interest)",
            type="yes or no", citations=(OLUMIANT_EU,), examples=_examples(group),
            missing="an event without a coded term, whose words nobody has looked through, may belong and is not told "
            "absent",
            note="The words are those of charts and of common use, and no list of a licensed terminology; a study adds "
            "those of its source.",
        ),
        sentence=f"an adverse event by {str(group).partition(': ')[2]}",
        derive=partial(_holds, group),
        cases=partial(_words, group),
    )  # fmt: skip


DERIVATIONS = tuple(map(_derivation, JAK_INHIBITOR_EVENTS))
