"""The page of a results bundle: every file, column, statistic and key of the manifest, from `myosotis.results.contents`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from myosotis.results.contents import COLUMNS, FILES, MANIFEST_KEYS, STATISTICS, STATUSES, Column
from myosotis.results.files import SCHEMA_VERSION
from myosotis.results.schema import KEY_FIELDS

HEAD = f"""# What a results bundle holds

`myosotis run STUDY --out OUT` writes a bundle: a folder of plain files that R, Python, DuckDB and whatever else reads
Parquet can use without myosotis. This page is about bundle schema {SCHEMA_VERSION}, which stands in the manifest.
Equal inputs give equal bytes.

`OUT` has two parts. What lies at its root can be shown to a colleague. What lies in `OUT/patient_level/` is about single
patients: only its owner may enter it, and it can be left out as a whole; everything else still works.
"""

READ = '''## Read it in R

With the packages `arrow` and `jsonlite`, the skin-DAS of the [example study](../examples/baricitinib_jdm/README.md)
(`make study`):

```r
library(arrow)
results <- read_parquet("out/baricitinib_jdm/results.parquet")
skin <- subset(
  results,
  analysis == "skin" & endpoint == "skin_das" & variable == "value" & statistic %in% c("median", "q1", "q3")
)
skin[order(skin$week, skin$statistic), c("visit", "statistic", "number", "unit")]

# What made each number, in words
provenance <- read_parquet("out/baricitinib_jdm/provenance.parquet")
merge(skin, provenance, by = "provenance_id")[, c("visit", "statistic", "number", "method", "sentence")]

# A number that is not there has a status and a note
subset(results, status == "not_estimable")[, c("analysis", "endpoint", "statistic", "note")]

manifest <- jsonlite::fromJSON("out/baricitinib_jdm/manifest.json")
manifest$study$version
manifest$inputs
```

## Read it in Python

With DuckDB:

```python
import duckdb

found = duckdb.sql("""
    SELECT visit, q1, median, q3
    FROM (PIVOT (FROM 'out/baricitinib_jdm/results.parquet'
                 WHERE analysis = 'skin' AND endpoint = 'skin_das' AND variable = 'value')
          ON statistic IN ('q1', 'median', 'q3') USING first(number) GROUP BY visit, week)
    ORDER BY week
""")
for row in found.fetchall():
    print(*row)
```

It prints

```text
week 0 4.0 6.0 7.75
week 4 3.25 5.0 6.75
week 12 0.0 2.0 3.0
week 24 0.0 0.0 1.0
```

With pyarrow, the rows behind the median at week 4, patient by patient; this needs `patient_level/`:

```python
import pyarrow.compute as pc
import pyarrow.parquet as pq

results = pq.read_table("out/baricitinib_jdm/results.parquet")
provenance = pq.read_table("out/baricitinib_jdm/provenance.parquet")
listings = pq.read_table("out/baricitinib_jdm/patient_level/listings.parquet")

median = results.filter(
    (pc.field("endpoint") == "skin_das") & (pc.field("variable") == "value")
    & (pc.field("visit") == "week 4") & (pc.field("statistic") == "median")
).to_pylist()[0]
made = provenance.filter(pc.field("provenance_id") == median["provenance_id"]).to_pylist()[0]
rows = listings.filter(
    pc.field("listing_id").isin(made["listing_id"].split()) & (pc.field("role") == "value")
)
print(median["number"], rows.num_rows, made["sentence"])
```

It prints

```text
5.0 20 skin-DAS at week 4
```

`myosotis trace OUT RESULT_ID` shows the same with its definitions and cells.
'''

VERIFY = """## Verify it

`manifest.json` holds the SHA-256 of every other file of both parts, and one digest covers the manifest: the one that
`myosotis run` printed. It also stands in `manifest.sha256`; whoever changes a file can correct that one too, so note the
printed one elsewhere.

```
myosotis verify OUT --digest DIGEST
```

names every file that was changed, is missing, or was written by no run. Without myosotis, `sha256sum --check
manifest.sha256` in `OUT` tests the manifest, and this the files that it names:

```python
import hashlib
import json
from pathlib import Path

out = Path("out/baricitinib_jdm")
for name, digest in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"].items():
    if not (out / name).exists():
        print("not there:", name)
    elif hashlib.sha256((out / name).read_bytes()).hexdigest() != digest:
        print("changed:", name)
```
"""

TABLES = {
    "results": "One row a number. No two rows share all their keys, and no number is rounded.",
    "provenance": "One row for every way in which a number came about; several numbers share one.",
    "definitions": "One row for each definition of the catalogue that the study uses.",
    "checks": "One row for each finding of the checks; it stands in both parts, at the root without the rows it is about.",
    "listings": "The rows behind the numbers, in `patient_level/`.",
    "ledger": "One row for each cell of the data that is not empty, in `patient_level/`.",
}
TYPES = {"text": "text", "number": "double", "integer": "int64", "texts": "list of text"}


def pages() -> dict[str, str]:
    """Give the page by its path under docs/."""
    return {"bundle.md": "\n".join([HEAD, *_files(), *_tables(), *_lists(), *_manifest(), READ, VERIFY])}


def _files() -> Iterator[str]:
    for title, shown in (("At the root", True), ("In `patient_level/`", False)):
        yield f"## {title}\n\n| file | holds |\n|---|---|"
        yield from (
            f"| `{one.name}` | {_cell(one.meaning)} |"
            for one in FILES
            if one.name.startswith("patient_level/") != shown
        )
        yield ""


def _tables() -> Iterator[str]:
    for name, told in TABLES.items():
        yield f"## The table `{name}`\n\n{told}\n\n| column | type | holds |\n|---|---|---|"
        yield from map(_column, COLUMNS[name])
        yield ""
        if name == "results":
            keys = ", ".join(f"`{key}`" for key in KEY_FIELDS)
            yield f"The keys of a row are, in the order in which `result_id` digests them as a JSON list: {keys}.\n"


def _column(column: Column) -> str:
    return f"| `{column.name}` | {TYPES[column.type]} | {_cell(column.meaning)} |"


def _lists() -> Iterator[str]:
    yield from _list(
        "The statistics", "statistic", "`results.statistic` holds one of these, and nothing else.", STATISTICS
    )
    yield from _list("The statuses", "status", "`results.status` holds one of these, and nothing else.", STATUSES)


def _manifest() -> Iterator[str]:
    told = "One JSON object with these keys. No clock time and no path of a machine stands in it."
    yield from _list("The manifest", "key", told, MANIFEST_KEYS)


def _list(title: str, head: str, told: str, meanings: Mapping[str, str]) -> Iterator[str]:
    yield f"## {title}\n\n{told}\n\n| {head} | is |\n|---|---|"
    yield from (f"| `{name}` | {_cell(meaning)} |" for name, meaning in meanings.items())
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
