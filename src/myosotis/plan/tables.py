"""Tables of the patients in short words: all of them described together, or each on a line."""

from __future__ import annotations

from myosotis.analysis import Characteristics, PatientTable
from myosotis.language.checked import word
from myosotis.plan.draft import Draft, Said, drafted, or_said
from myosotis.plan.lines import flat, line_of
from myosotis.study import Population
from myosotis.study.population import EVERYONE

__all__ = ["patient_table", "table_one"]


@word
def table_one(
    title: str,
    *lines: object,
    key: str = "characteristics",
    quartiles: int | str | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Describe the patients, a line each: a text is a heading, a criterion a share, a number its median and quartiles.

    An observation or a measure is asked at the first visit. `share`, `mean_sd`, `median_iqr`, `on_drugs` and
    `with_conditions` word lines otherwise.
    """
    return drafted(
        "table_one", Characteristics, key=key, title=title, lines=tuple(map(line_of, flat(lines))),
        quartiles=or_said(quartiles, Said.QUARTILES), population=population, note=note,
    )  # fmt: skip


@word
def patient_table(
    title: str, *columns: object, key: str = "patients", population: Population = EVERYONE, note: str = ""
) -> Draft:
    """List the patients, one line each; `column`, `present` and `drug_names` make the columns."""
    return drafted(
        "patient_table", PatientTable, key=key, title=title, columns=flat(columns), population=population, note=note
    )
