"""Adverse events of special interest: groups declared before the data are seen, found by the words of their terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared
from myosotis.measures.citations import OLUMIANT_EU
from myosotis.measures.derived.seriousness import Seriousness

# The criteria of ICH E2A as `seriousness` names them.
SeriousCriterion = Literal[
    "death",
    "life-threatening",
    "hospitalisation",
    "disability",
    "congenital anomaly",
    "medically important",
    "as recorded",
]

__all__ = ["JAK_INHIBITOR_EVENTS", "EventsOfInterest", "of_interest"]


class NamedEvent(Protocol):
    """What of an adverse event says whether it is of interest."""

    @property
    def term(self) -> str:
        """Give its coded term, or the words of the source without one."""
        ...

    @property
    def organ_class(self) -> str:
        """Give its organ class."""
        ...

    @property
    def coded(self) -> bool:
        """Say whether the source gives it a coded term."""
        ...

    @property
    def judged(self) -> Seriousness:
        """Give its seriousness and the criteria that it meets."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsOfInterest:
    """Name a group of events to be told even when none occurred.

    An event belongs when its term is one of `terms`, its organ class one of `organ_classes` (both in whole, whatever
    the capitals), when a word of its term begins with one of `stems` and none with one of `but_not`, or when it meets one
    of the `criteria` of ICH E2A; with `serious_only`, and is serious. A term is the coded one, or the words of the source
    where there is none. `citation` says why the group is of interest. Raises `ProtocolError` for a group without words and
    for an unknown criterion.
    """

    key: str
    label: str
    terms: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    organ_classes: tuple[str, ...] = ()
    criteria: tuple[SeriousCriterion, ...] = ()
    serious_only: bool = False
    citation: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if not (self.terms or self.stems or self.organ_classes or self.criteria):
            raise ProtocolError(f"the events of interest {self.key!r} name no term, organ class or criterion")

    def holds(self, event: NamedEvent) -> bool:
        """Say whether an event belongs."""
        named = (
            event.term.casefold() in _plain(self.terms)
            or (_begins(event.term, self.stems) and not _begins(event.term, self.but_not))
            or event.organ_class.casefold() in _plain(self.organ_classes)
            or bool(set(event.judged.criteria) & set(self.criteria))
        )
        return named and (event.judged.serious is True or not self.serious_only)

    def may_hold(self, event: NamedEvent, looked_through: bool) -> bool:
        """Say whether an event belongs or may: by words that nobody has coded or looked through, or by an open fact."""
        if event.judged.serious is False and self.serious_only:
            return False
        unread = not event.coded and not looked_through and bool(self.terms or self.stems or self.organ_classes)
        unknown = set(event.judged.open) & set(self.criteria)
        return unread or bool(unknown) or replace(self, serious_only=False).holds(event)

    def __str__(self) -> str:
        parts = []
        if self.terms:
            parts.append(f"term {', '.join(self.terms)}")
        if self.stems:
            without = f" but none with {', '.join(self.but_not)}" if self.but_not else ""
            parts.append(f"a word that begins with {', '.join(self.stems)}{without}")
        if self.organ_classes:
            parts.append(f"organ class {', '.join(self.organ_classes)}")
        if self.criteria:
            parts.append(f"criterion {', '.join(self.criteria)}")
        return f"{self.label}: {' or '.join(parts)}{', and serious' if self.serious_only else ''}"


def of_interest(key: str, label: str, *terms: str) -> EventsOfInterest:
    """Name a group of events by its terms.

    >>> of_interest("zoster", "Herpes zoster", "Herpes zoster", "Shingles").label
    'Herpes zoster'
    """
    return EventsOfInterest(key=key, label=label, terms=terms)


def _begins(term: str, stems: tuple[str, ...]) -> bool:
    """Say whether the term holds a stem at the beginning of a word; a stem may run over several words."""
    return any(re.search(rf"\b{re.escape(stem)}", term.casefold()) for stem in _plain(stems))


def _plain(words: tuple[str, ...]) -> set[str]:
    return {" ".join(word.split()).casefold() for word in words}


_LABEL = str(OLUMIANT_EU)
_INFECTIONS = ("Infections", "Infections and infestations")


def _jak(
    key: str, label: str, *terms: str, stems: tuple[str, ...] = (), but_not: tuple[str, ...] = ()
) -> EventsOfInterest:
    return EventsOfInterest(key=key, label=label, terms=terms, stems=stems, but_not=but_not, citation=_LABEL)


# The topics of the label's warnings and undesirable effects; the words are those of charts and of common use, with
# both spellings, and no list of a licensed terminology. A study adds the words of its own source.
JAK_INHIBITOR_EVENTS: tuple[EventsOfInterest, ...] = (
    EventsOfInterest(
        key="serious infection",
        label="Serious infection",
        organ_classes=_INFECTIONS,
        serious_only=True,
        citation=_LABEL,
    ),
    _jak(
        "herpes zoster", "Herpes zoster", "Herpes zoster", "Shingles", "Zoster", "Herpes zoster disseminated",
        "Disseminated herpes zoster", "Ophthalmic herpes zoster", "Varicella zoster virus infection",
        stems=("zoster", "shingles"), but_not=("vaccin", "immunis", "immuniz"),
    ),
    _jak(
        "herpes simplex", "Herpes simplex", "Herpes simplex", "Oral herpes", "Genital herpes", "Herpes labialis",
        "Eczema herpeticum", "Herpes virus infection",
        stems=("herpes simplex", "herpes lab", "cold sore", "fever blister"),
    ),
    _jak(
        "opportunistic infection", "Opportunistic infection", "Opportunistic infection", "Pneumocystis jirovecii pneumonia",
        "Oesophageal candidiasis", "Esophageal candidiasis", "Cryptococcosis", "Aspergillosis", "Cytomegalovirus infection",
        "BK virus infection", "BK viraemia", "BK viremia", "BK viruria", "Herpes zoster disseminated",
        "Disseminated herpes zoster",
    ),
    _jak(
        "tuberculosis", "Tuberculosis", "Tuberculosis", "Pulmonary tuberculosis", "Latent tuberculosis",
        "Disseminated tuberculosis",
        stems=("tubercul",), but_not=("tuberculin test neg",),
    ),
    _jak(
        "viral hepatitis", "Reactivation of viral hepatitis", "Hepatitis B", "Hepatitis C", "Hepatitis B reactivation",
        "Hepatitis C reactivation",
    ),
    _jak(
        "venous thromboembolism", "Venous thromboembolism", "Venous thromboembolism", "Venous thrombosis",
        "Deep vein thrombosis", "Pulmonary embolism", "Thrombophlebitis", "Cerebral venous thrombosis",
        stems=("dvt", "vte", "thrombos", "thromboembol", "thrombophleb", "pulmonary embol", "venous thromb", "vein thromb"),
        but_not=("arterial", "artery", "coronary", "stent"),
    ),
    _jak(
        "cardiovascular", "Major adverse cardiovascular event", "Myocardial infarction", "Stroke", "Ischaemic stroke",
        "Ischemic stroke", "Cerebrovascular accident", "Cerebral infarction", "Cerebral haemorrhage", "Cerebral hemorrhage",
        "Cardiovascular death",
        stems=("myocardial infarct", "heart attack", "stroke", "cerebral infarct", "cerebrovascular acc"),
        but_not=("heat stroke",),
    ),
    _jak(
        "malignancy", "Malignancy", "Malignancy", "Cancer", "Lymphoma", "Leukaemia", "Leukemia", "Melanoma", "Skin cancer",
        "Basal cell carcinoma", "Squamous cell carcinoma of skin", "Carcinoma", "Sarcoma", "Malignant neoplasm",
        stems=(
            "malignan", "cancer", "carcinom", "leukaem", "leukem", "lymphom", "melanom", "sarcom", "metasta", "neoplasm",
            "tumour", "tumor", "blastoma", "neuroblast", "nephroblast", "hepatoblast", "medulloblast",
        ),
        but_not=("benign", "pseudotumo"),
    ),
    _jak(
        "perforation", "Gastrointestinal perforation", "Gastrointestinal perforation", "Intestinal perforation",
        "Large intestine perforation", "Appendicitis perforated", "Diverticulitis",
    ),
    _jak("neutropenia", "Neutropenia", "Neutropenia", "Neutrophil count decreased", "Febrile neutropenia"),
    _jak("lymphopenia", "Lymphopenia", "Lymphopenia", "Lymphocyte count decreased"),
    _jak("anaemia", "Anaemia", "Anaemia", "Anemia", "Haemoglobin decreased", "Hemoglobin decreased"),
    _jak("thrombocytosis", "Thrombocytosis", "Thrombocytosis", "Platelet count increased"),
    _jak(
        "aminotransferase", "Aminotransferases increased", "Alanine aminotransferase increased", "ALT increased",
        "Aspartate aminotransferase increased", "AST increased", "Transaminases increased", "Hepatic enzyme increased",
        "Liver function test increased",
    ),
    _jak(
        "creatine kinase", "Creatine kinase increased", "Blood creatine phosphokinase increased",
        "Creatine kinase increased", "CPK increased",
    ),
    _jak(
        "lipids", "Lipids increased", "Hypercholesterolaemia", "Hypercholesterolemia", "Blood cholesterol increased",
        "Hypertriglyceridaemia", "Hypertriglyceridemia", "Blood triglycerides increased", "Hyperlipidaemia",
        "Hyperlipidemia", "Dyslipidaemia", "Dyslipidemia",
    ),
    _jak("creatinine", "Creatinine increased", "Blood creatinine increased", "Creatinine increased"),
    _jak("weight", "Weight gain", "Weight increased", "Weight gain", "Obesity"),
    EventsOfInterest(key="death", label="Death", criteria=("death",), citation=_LABEL),
)  # fmt: skip
