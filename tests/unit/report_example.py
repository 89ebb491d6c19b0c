"""A hand-made, synthetic bundle in the shape of a small cohort study, for the tests of the report."""

from __future__ import annotations

import random
import statistics
from typing import Any

from myosotis.results import Bundle, ResultRow

VISITS = (("week 0", 0.0), ("week 4", 4.0), ("week 12", 12.0), ("week 24", 24.0))
STUDY = "example-jdm"


class Builder:
    """Collect the rows of a bundle while the example is written down."""

    def __init__(self) -> None:
        self.rows: list[ResultRow] = []
        self.provenance: dict[str, dict[str, Any]] = {}
        self.listings: list[dict[str, Any]] = []

    def listing(self, name: str, values: dict[str, float | None], visit: str, *, column: str, unit: str) -> str:
        for i, (patient, value) in enumerate(values.items()):
            row = {
                "listing_id": name, "patient_id": patient, "item": column, "number": value, "unit": unit,
                "day": 7 * int(visit.split()[1]), "date": f"2020-0{1 + i % 9}-1{i % 10}",
                "source": "data/cohort.xlsx", "sheet": "visits", "source_row": 2 + i, "source_column": column,
            }  # fmt: skip
            self.listings.append({**row, "role": "value"})
            if column == "response":
                evidence = {**row, "role": "evidence", "item": "skin_das", "number": 1.0, "source_column": "skin_das"}
                self.listings.append(evidence)
        return name

    def result(
        self, statistic: str, number: float | None, *, listing: str = "", sentence: str = "", **keys: Any
    ) -> str:
        name = f"p-{keys.get('analysis')}-{listing or 'none'}-{sentence[:24]}"
        self.provenance[name] = {
            "provenance_id": name,
            "definitions": keys.pop("definitions", ["skin_das@1.0"]),
            "data_fingerprint": "f" * 16,
            "query": "select 1",
            "rows_digest": "0" * 16,
            "listing_id": listing,
            "sentence": sentence,
        }
        row = ResultRow(study=STUDY, statistic=statistic, number=number, provenance_id=name, **keys)
        self.rows.append(row)
        return row.id


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(values, n=4, method="exclusive")
    return middle, low, high


def example(*, patients: int = 20, title: str = "Add-on treatment in refractory juvenile dermatomyositis") -> Bundle:
    """Build a synthetic study of four visits: a score, a strength scale, responses, adverse events, a flow."""
    rng = random.Random(20)
    build = Builder()
    names = [f"P{i + 1}" for i in range(patients)]
    weak = names[:: max(1, patients // 7)][:7]
    figures: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any] | None]] = {}
    measures = (
        ("skin_das", "Skin-DAS", "points", 0, 9, names, (6, 4, 2, 0), 1),
        ("cmas", "CMAS", "points", 0, 52, weak, (40, 43, 47, 50), 6),
        ("steroid", "Prednisone dose", "mg/kg/day", 0, 1.5, names, (0.6, 0.45, 0.33, 0.25), 0.15),
    )
    ids: dict[str, str] = {}
    for key, label, unit, low, high, members, centres, spread in measures:
        series, cells = [], []
        for (visit, week), centre in zip(VISITS, centres, strict=True):
            values: dict[str, float | None] = {}
            for i, name in enumerate(members):
                drawn = min(high, max(low, rng.gauss(centre, spread)))
                missing = key == "skin_das" and (i + int(week)) % 17 == 5
                values[name] = None if missing else (round(drawn, 2) if key == "steroid" else float(round(drawn)))
            listing = build.listing(f"{key}-{int(week)}", values, visit, column=key, unit=unit)
            present = [v for v in values.values() if v is not None]
            common = {
                "analysis": "course", "variable": key, "population": "full", "visit": visit, "week": week,
                "unit": unit, "listing": listing, "method": "quartiles by definition 6 (n + 1), as SPSS prints them",
                "definitions": [f"{key}@1.0"],
                "sentence": f"Median and quartiles of {label} over the patients with a value at {visit}.",
            }  # fmt: skip
            trio = [
                build.result(name, value, **common)
                for name, value in zip(("median", "q1", "q3"), quartiles(present), strict=True)
            ]
            ids[f"{key}-{visit}"] = trio[0]
            cells.append({"format": "median_iqr", "results": trio, "decimals": 2 if key == "steroid" else 1})
            series.append(
                {"visit": visit, "week": week, "listing_id": listing, "median": trio[0], "q1": trio[1], "q3": trio[2]}
            )
        p = build.result("p_value", 0.0000123, analysis="course", variable=key, listing=f"{key}-24",
                         method="Friedman test, chi-squared approximation", population="full",
                         definitions=[f"{key}@1.0"],
                         sentence="Friedman test over the four visits, complete cases.")  # fmt: skip
        ids[f"{key}-p"] = p
        rows[label] = [*cells, {"format": "p_value", "results": [p]}]
        figures.append(
            {
                "key": key, "number": str(len(figures) + 1), "kind": "trajectories",
                "title": f"{label} of every patient over the visits.",
                "caption": "Numbers below the axis count the patients with a value.",
                "y": {"label": label, "unit": unit, "low": low, "high": high}, "series": series,
            }
        )  # fmt: skip
    levels = ("complete response", "partial response", "no response")
    shares = {"week 4": (0.1, 0.3), "week 12": (0.35, 0.4), "week 24": (0.75, 0.15)}
    bars, response_rows = [], []
    for visit, (cr, pr) in shares.items():
        counts = [round(cr * patients), round(pr * patients)]
        counts.append(patients - sum(counts))
        answer = dict(zip(names, [w for w, c in zip(levels, counts, strict=True) for _ in range(c)], strict=True))
        listing = build.listing(
            f"response-{visit.split()[1]}", dict.fromkeys(names, 1.0), visit, column="response", unit=""
        )
        for row in build.listings:
            if row["listing_id"] == listing and row["role"] == "value":
                row["number"], row["text"] = None, answer[row["patient_id"]]
        common = {
            "analysis": "response", "endpoint": "response", "population": "full", "visit": visit,
            "week": float(visit.split()[1]), "listing": listing, "definitions": ["response@2.0", "skin_das@1.0"],
            "sentence": f"Patients by response at {visit}; a patient not evaluable counts as no response.",
        }  # fmt: skip
        total = build.result("total", float(patients), **common)
        parts, cells = [], []
        for level, count in zip(levels, counts, strict=True):
            one = {**common, "level": level, "method": "Clopper-Pearson"}
            c = build.result("count", float(count), **one)
            share = build.result("proportion", count / patients, **one)
            bounds = [
                build.result(name, min(1.0, max(0.0, count / patients + d)), **{**one, "conf_level": 0.95})
                for name, d in (("conf_low", -0.2), ("conf_high", 0.15))
            ]
            parts.append({"level": level, "count": c, "proportion": share})
            ids[f"{level}-{visit}"] = c
            cells.append({"format": "n_of_total_interval", "results": [c, total, *bounds]})
            ids[f"{level}-{visit}-cell"] = " ".join([c, total, *bounds])
        bars.append({"visit": visit, "parts": parts})
        response_rows.append(cells)
    figures.append(
        {
            "key": "response", "number": str(len(figures) + 1), "kind": "stacked_bars",
            "title": "Response at each visit.", "caption": "Numbers in the bars are patients.",
            "y": {"label": "Patients", "unit": "%"}, "bars": bars, "levels": list(levels),
        }
    )  # fmt: skip
    hazard = build.result(
        "estimate", None, analysis="muscle", variable="mmt8", visit="week 4", unit="points", status="not_estimable",
        note="All seven differences are 0, so no shift can be estimated.", method="Hodges-Lehmann",
        sentence="Median of the pairwise averages of the changes from week 0.", definitions=["mmt8@1.0"],
    )  # fmt: skip
    limits_of_hazard = [
        build.result(name, None, analysis="muscle", variable="mmt8", visit="week 4", status="not_estimable",
                     note="All seven differences are 0, so no shift can be estimated.", method="Hodges-Lehmann")
        for name in ("conf_low", "conf_high")
    ]  # fmt: skip
    change = [
        build.result(name, value, analysis="muscle", variable="mmt8", visit="week 24", unit="points",
                     method="Hodges-Lehmann", conf_level=0.95, definitions=["mmt8@1.0"],
                     sentence="Median of the pairwise averages of the changes from week 0.")
        for name, value in (("estimate", -6.25), ("conf_low", -18.5), ("conf_high", 3.0))
    ]  # fmt: skip
    treated = build.result("n", float(patients + 2), analysis="flow", level="treated", sentence="Patients treated.")
    lost = build.result("n", 1.0, analysis="flow", level="lost")
    incomplete = build.result("n", 1.0, analysis="flow", level="incomplete")
    full = build.result("n", float(patients), analysis="flow", level="analysed", listing="response-24",
                        sentence="Patients who meet every inclusion rule and no exclusion rule.")  # fmt: skip
    events = build.result("events", 26.0, analysis="safety", sentence="Adverse events that began after the first dose.")
    affected = build.result("n", 10.0, analysis="safety", sentence="Patients with at least one adverse event.")
    rates = [
        build.result(name, value, analysis="safety", unit="per patient-year", method="exact Poisson", conf_level=0.95)
        for name, value in (("rate", 2.8166), ("conf_low", 1.84), ("conf_high", 4.127))
    ]
    cr_24 = ids["complete response-week 24-cell"].split()
    visits = [{"label": visit, "sub": ""} for visit, _ in VISITS]
    manifest = {
        "study": {
            "key": STUDY, "version": "1.0", "title": title, "synthetic": True,
            "synthetic_note": "These patients are synthetic; they were drawn to exercise the report.",
            "question": "Do skin and muscle disease improve within 24 weeks of add-on treatment?",
            "authors": [], "disease": "Juvenile dermatomyositis",
        },
        "software": {"myosotis": "0.1.0", "python": "3.11", "numpy": "2.3"},
        "inputs": [{"file": "data/cohort.xlsx", "sha256": "ab" * 32, "bytes": 48213}],
        "ledger": [
            {"source": "data/cohort.xlsx", "sheet": "visits", "read": 12345, "used": 12000, "converted": 300,
             "ignored": 40, "rejected": 5}
        ],
        "index": "The index date (day 0) is the day of the first dose.",
        "seed": 20220920,
        "windows": [
            {"label": visit, "first_day": int(week * 7) - 14, "target_day": int(week * 7),
             "last_day": int(week * 7) + 14, "sentence": "nearest to the target; ties go to the earlier day"}
            for visit, week in VISITS
        ],
        "populations": [
            {"key": "full", "label": "Full analysis", "sentence": "Every patient who is eligible.", "result": full}
        ],
        "flow": {
            "steps": [
                {"kind": "start", "label": "Children treated with the drug", "result": treated},
                {"kind": "excluded", "label": "clinical data incomplete at the index date", "result": incomplete},
                {"kind": "excluded", "label": "lost to follow-up", "result": lost},
                {"kind": "remaining", "label": "Analysed", "result": full},
            ]
        },
        "methods": [
            {"heading": "Design", "sentences": ["A single-centre retrospective cohort.", "Visits: weeks 0, 4, 12, 24."]},
            {"heading": "Statistics", "sentences": ["Values over visits were compared by the Friedman test."]},
        ],
        "findings": [
            {
                "heading": "Response",
                "sentences": [
                    {"template": "Complete response was reached by {cr} at week 24.",
                     "values": {"cr": {"format": "n_of_total_interval", "results": cr_24}}},
                    {"template": "The skin-DAS fell from {before} to {after} ({p}).",
                     "values": {
                         "before": rows["Skin-DAS"][0], "after": rows["Skin-DAS"][3],
                         "p": {"format": "p_equals", "results": [ids["skin_das-p"]]}}},
                ],
            },
            {
                "heading": "Safety",
                "sentences": [
                    {"template": "There were {ae}, a rate of {rate} per patient-year.",
                     "values": {"ae": {"format": "count_events", "results": [events, affected]},
                                "rate": {"format": "rate_interval", "results": rates, "decimals": 1}}}
                ],
            },
        ],
        "tables": [
            {
                "key": "course", "number": "1", "title": "Disease activity and steroid dose over the visits.",
                "note": "Values are median [first quartile, third quartile]; p from the Friedman test.",
                "columns": [*visits, {"label": "p", "sub": ""}],
                "rows": [{"label": label, "indent": 0, "heading": False, "cells": cells} for label, cells in rows.items()],
            },
            {
                "key": "response", "number": "2", "title": "Response by visit.",
                "note": "Values are n/N (%; 95% confidence interval).",
                "columns": [{"label": "Response", "sub": ""}, *({"label": v, "sub": ""} for v in shares)],
                "rows": [
                    {"label": "Response", "heading": True, "cells": []},
                    *(
                        {"label": level.capitalize(), "indent": 1, "cells": [r[i] for r in response_rows]}
                        for i, level in enumerate(levels)
                    ),
                    {"label": "Shift in MMT-8, points", "cells": [
                        {"format": "interval", "results": [hazard, *limits_of_hazard]}, None,
                        {"format": "interval", "results": change, "decimals": 1}]},
                ],
            },
        ],
        "figures": figures,
        "listings": [
            {"key": "eligibility", "title": "Eligibility, one line a patient and rule",
             "columns": ["Patient", "Rule", "Verdict", "Cell"],
             "rows": [[name, "at least 12 weeks of treatment", "met", "cohort.xlsx, visits, F7"] for name in names]}
        ],
        "limitations": ["One centre, no control group: a change over time is no effect of treatment."],
    }  # fmt: skip
    return Bundle.of(
        rows=build.rows,
        provenance=list(build.provenance.values()),
        definitions=definitions(),
        checks=[
            {"severity": "warning", "rule": "score within range", "message": "CMAS 53 lies above 52; the cell was rejected.",
             "source": "data/cohort.xlsx", "sheet": "visits", "source_row": 17, "source_column": "cmas", "count": 1},
            {"severity": "note", "rule": "unscheduled record", "message": "Records outside every window were not used.",
             "source": "data/cohort.xlsx", "sheet": "visits", "count": 4},
        ],
        listings=build.listings,
        ledger=[
            {"source": "data/cohort.xlsx", "sheet": "visits", "source_row": 17, "source_column": "cmas",
             "fate": "rejected", "reason": "above the range 0 to 52", "found": "53", "became": ""},
            {"source": "data/cohort.xlsx", "sheet": "visits", "source_row": 3, "source_column": "cmas",
             "fate": "used", "reason": "", "found": "50", "became": "50"},
        ],
        manifest=manifest,
    )  # fmt: skip


def definitions() -> list[dict[str, str]]:
    return [
        {
            "key": key, "version": version, "kind": "score", "label": label, "sentence": f"{label} as observed.",
            "unit": unit, "range": bounds, "direction": direction, "missing": "a missing value stays missing",
            "citation": "Someone A, Other B. A title. Journal 2001, doi:10.1000/xyz<1>", "doi": "10.1000/xyz<1>",
            "fingerprint": "a" * 16,
        }
        for key, version, label, unit, bounds, direction in (
            ("skin_das", "1.0", "skin-DAS", "points", "0 to 9", "lower is better"),
            ("cmas", "1.0", "CMAS", "points", "0 to 52", "higher is better"),
            ("mmt8", "1.0", "MMT-8", "points", "0 to 80", "higher is better"),
            ("steroid", "1.0", "prednisone-equivalent dose", "mg/kg/day", "0 or more", "lower is better"),
            ("response", "2.0", "response", "", "", "neither"),
        )
    ]  # fmt: skip
