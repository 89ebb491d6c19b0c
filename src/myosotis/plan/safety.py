"""Safety in short words: organs, adverse events, laboratory."""

from __future__ import annotations

from myosotis.analysis import AdverseEvents, EventsOfInterest, LaboratorySafety, LaboratoryTest, OrganOutcomes
from myosotis.errors import ProtocolError
from myosotis.language.checked import word
from myosotis.language.series import Series, Treatment
from myosotis.language.structure import observed
from myosotis.language.windows import Window
from myosotis.measures.measure import Measure
from myosotis.measures.modules import observations
from myosotis.plan.draft import Draft, Said, drafted, or_said
from myosotis.study import Population
from myosotis.study.population import EVERYONE

__all__ = ["adverse_events", "laboratory_safety", "organs"]


@word
def organs(
    *conditions: str,
    title: str = "Organ outcomes",
    key: str = "organs",
    visit: Window | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Count who has each condition at the first visit, and what became of it by the last."""
    return drafted(
        "organs", OrganOutcomes, key=key, title=title, conditions=conditions, baseline=Said.FIRST_VISIT,
        visit=or_said(visit, Said.LAST_VISIT), population=population, conf_level=Said.CONF_LEVEL, note=note,
    )  # fmt: skip


@word
def adverse_events(
    treatment: Treatment,
    *,
    emergent_until: int,
    of_interest: tuple[EventsOfInterest, ...] = (),
    title: str = "Adverse events",
    key: str = "safety",
    follow_up: Window | None = None,
    looked_through: bool = False,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Count adverse events under a treatment and until so many days after it, by term, grade, seriousness and interest."""
    return drafted(
        "adverse_events", AdverseEvents, key=key, title=title, treatment=treatment, emergent_until=emergent_until,
        follow_up=or_said(follow_up, Said.FOLLOW_UP), of_interest=of_interest, looked_through=looked_through,
        population=population, conf_level=Said.CONF_LEVEL, note=note,
    )  # fmt: skip


@word
def laboratory_safety(
    *grades: Measure,
    title: str = "Laboratory safety",
    key: str = "laboratory",
    follow_up: Window | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Compare laboratory grades at the first visit with the worst after day 0; each grade is of one observation."""
    made = tuple(LaboratoryTest(series=_graded(grade), grade=grade) for grade in grades)
    return drafted(
        "laboratory_safety", LaboratorySafety, key=key, title=title, tests=made, baseline=Said.FIRST_VISIT,
        follow_up=or_said(follow_up, Said.AFTER_BASELINE), population=population, conf_level=Said.CONF_LEVEL, note=note,
    )  # fmt: skip


def _graded(grade: Measure) -> Series:
    """Find the observation that a grade is of."""
    keys = {name.partition("@")[0] for name in observed(grade.example_node())}
    found = [observations()[key] for key in sorted(keys) if key in observations()]
    if len(found) != 1 or found[0].type != "number":
        raise ProtocolError(
            f"{grade.key} is a grade of {len(found)} observations; write LaboratorySafety(tests=(LaboratoryTest(...),)) and "
            "name the one that is meant"
        )
    return Series(definition=found[0])
