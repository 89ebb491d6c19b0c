"""Draw the synthetic cohort, check it against every printed figure and write data/synthetic_cohort.xlsx.

Run as `python make_synthetic_cohort.py [--out FILE]`; the same values come out each time.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from synthesis.check import check, read, responses
from synthesis.sheets import draw_cohort
from synthesis.workbook import write_workbook

DEFAULT = Path(__file__).parent / "data" / "synthetic_cohort.xlsx"


def main() -> None:
    """Draw, check, write, and print target beside achieved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT, help="workbook to write")
    out = parser.parse_args().out
    tables = draw_cohort()
    lines = check(tables)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(tables, out)
    width = max(len(line.figure) for line in lines)
    for line in lines:
        print(f"{line.figure:<{width}}  {line.target}  |  {line.achieved}")
    cohort = read(tables)
    for limit in (2.0, 0.2):
        counts = {week: {k: len(v) for k, v in responses(cohort, week, limit).items()} for week in (0, 4, 12, 24)}
        print(f"responses by week, physician global at most {limit}: {counts}")
    print(f"{len(lines)} figures met; {out.name} written")


if __name__ == "__main__":
    main()
