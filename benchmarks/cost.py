"""Measure what a study and the help cost, as a ratio to importing their libraries in the same run of this script.

Processor time of this machine's processes is counted, those that they start included; the median of several runs is given.
Seconds differ from machine to machine and from hour to hour; the ratio hardly does.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

STUDY = Path(__file__).parents[1] / "examples" / "baricitinib_jdm"
LIBRARIES = "import numpy, scipy.stats, pyarrow.parquet, ibis, duckdb, jinja2, vl_convert, python_calamine, typer"
RUNS = 5


def cost(*command: str) -> float:
    """Run a Python command; give the processor seconds of it and of every process it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    measured: dict[str, list[float]] = {"libraries": [], "typer": [], "study": [], "help": []}
    with tempfile.TemporaryDirectory() as folder:
        for i in range(RUNS):
            measured["libraries"].append(cost("-c", LIBRARIES))
            measured["typer"].append(cost("-c", "import typer"))
            measured["study"].append(cost("-m", "myosotis", "run", str(STUDY), "--out", f"{folder}/{i}"))
            measured["help"].append(cost("-m", "myosotis", "--help"))
    median = {name: statistics.median(values) for name, values in measured.items()}
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; "
          f"median of {RUNS} runs, processor time of all processes")  # fmt: skip
    for what, libraries in (("study", "libraries"), ("help", "typer")):
        ratios = [a / b for a, b in zip(measured[what], measured[libraries], strict=True)]
        print(f"{what:>6}: {median[what]:.2f} s = {statistics.median(ratios):.1f} times importing its libraries "
              f"({median[libraries]:.2f} s; from {min(ratios):.1f} to {max(ratios):.1f})")  # fmt: skip


if __name__ == "__main__":
    main()
