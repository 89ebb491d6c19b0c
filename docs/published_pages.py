"""The page that sets every figure the paper prints beside the one the example study computes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

STUDY = Path(__file__).parent.parent / "examples" / "baricitinib_jdm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Record one printed figure beside the recomputed number and, where they cannot agree, the reason."""

    quote: str
    printed: str
    number: float
    recomputed: str
    agrees: bool
    reason: str


def compared(results: list[Mapping[str, Any]]) -> Iterator[Compared]:
    """Look every figure of published.toml up among the results of the study."""
    with (STUDY / "published.toml").open("rb") as file:
        figures = tomllib.load(file)["figure"]
    for figure in figures:
        rows = [row for row in results if all(row[key] == value for key, value in figure["result"].items())]
        if len(rows) != 1:
            raise LookupError(f"{figure['quote']!r} points at {len(rows)} results: {figure['result']}")
        number = rows[0]["number"] * figure.get("times", 1)
        printed = figure["printed"]
        if printed.startswith("<"):
            shown, agrees = f"{number:.4g}", number < float(printed[1:])
        else:
            shown = rounded(number, len(printed.partition(".")[2]))
            agrees = Decimal(shown) == Decimal(printed)
        reason = figure.get("reason", "")
        if reason and shown != figure["recomputed"]:
            raise LookupError(f"{figure['quote']!r} gives {shown}, published.toml says {figure['recomputed']}")
        yield Compared(
            quote=figure["quote"], printed=printed, number=number, recomputed=shown, agrees=agrees, reason=reason
        )


def rounded(number: float, decimals: int) -> str:
    """Round half away from zero, as the report does."""
    from myosotis.report.format import number as format_number

    return format_number(number, decimals).replace("−", "-")


def pages() -> dict[str, str]:
    """Run the example study and write the page."""
    from myosotis.run import compute, open_study

    rows = list(compared(compute(open_study(STUDY)).results.to_pylist()))
    agree = [row for row in rows if not row.reason]
    cannot = [row for row in rows if row.reason]
    lines = [
        "# Printed and recomputed",
        "",
        "The example study of baricitinib in juvenile dermatomyositis runs on **synthetic** children, drawn so that the",
        "figures printed by Wang et al. 2022 (doi 10.3389/fped.2022.962585) come out of the pipeline. This page is written",
        f"by `make docs` from a run of the study; {len(agree)} figures agree, {len(cannot)} cannot.",
        "",
        "| printed in the paper | printed | recomputed |",
        "|---|---:|---:|",
        *(f"| {row.quote} | {row.printed} | {row.recomputed} |" for row in agree),
        "",
        "## Figures that cannot agree",
        "",
        "| printed in the paper | printed | recomputed | why |",
        "|---|---:|---:|---|",
        *(f"| {row.quote} | {row.printed} | {row.recomputed} | {row.reason} |" for row in cannot),
        "",
        "The responses at weeks 4 and 12 are shown only in a figure of the paper, without numbers in the text; those of the",
        "synthetic cohort are plausible and nothing more.",
        "",
    ]
    return {"published_figures.md": "\n".join(lines)}
