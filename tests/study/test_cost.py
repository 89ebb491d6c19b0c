"""What a study costs, in measures that are the same on every machine: processes started, text of the query; no seconds."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from myosotis.results.bundle import read_bundle
from myosotis.run import run_study

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the juvenile dermatomyositis study and list the commands of the processes it started."""
    started = []
    real = subprocess.Popen

    class Counted(real):
        def __init__(self, command, *given, **named):
            started.append(list(command))
            super().__init__(command, *given, **named)

    out = tmp_path_factory.mktemp("cost") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Counted)
        run_study(EXAMPLES / "baricitinib_jdm", out)
    return out, started


def test_a_study_starts_one_process_for_the_engine_and_one_for_the_prints(run):
    """A process costs the import of its libraries again, half a second or more; two cores have work for these."""
    modules = sorted(next(word for word in command if word.startswith("myosotis.")) for command in run[1])
    assert modules == ["myosotis.engine_rules.process", "myosotis.report.printing"]


def test_the_query_of_the_study_stays_short(run):
    """The engine plans a query in a time that grows faster than its text; at 250,000 characters this takes a second.

    A part that several expressions ask for is written once. Were each written anew, the text would have millions of
    characters; the bound leaves room for a few more analyses. Rules over rows are asked apart: most of their text is the
    words of twenty groups of events, and the dose asked anew of every day on which it may change.
    """
    expressions, *rows = read_bundle(run[0]).manifest["query"].split("-- rows asked by ")
    assert 100_000 < len(expressions) < 350_000
    assert [one.split()[0] for one in rows] == ["exposure", "taper", "organs", "safety", "laboratory"]
    assert max(map(len, rows)) < 100_000
    assert sum(map(len, rows)) < 260_000


def test_no_query_names_columns_in_an_order_of_the_moment(run):
    """Two columns dropped at once are written in the order of a set, another on every run: the bundle would not be equal."""
    assert re.findall(r'EXCLUDE \("[^")]*",[^)]*\)', read_bundle(run[0]).manifest["query"]) == []


def test_no_test_reads_a_clock():
    """A busy machine must not make a test fail; `make benchmark` measures, and judges nothing."""
    clock = re.compile("perf[_]counter|process[_]time|time[.]monotonic|get[r]usage|time[.]time|import[ ]timeit")
    tests = Path(__file__).parents[1]
    assert [path.name for path in tests.rglob("*.py") if clock.search(path.read_text(encoding="utf-8"))] == []
