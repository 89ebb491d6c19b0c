"""Every record that a protocol can list has a function that computes it, and a package's own can register one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from myosotis import analysis as declared
from myosotis.analysis.computing import compute_analysis
from myosotis.analysis.output import AnalysisOutput
from myosotis.errors import ProtocolError


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """An analysis of another package."""

    key: str

    def nodes(self):
        return {}


def test_every_analysis_that_the_package_offers_is_computed():
    kinds = [kind for name in declared.__all__ if hasattr(kind := getattr(declared, name), "nodes")]
    assert len(kinds) == 14
    assert [kind.__name__ for kind in kinds if kind not in compute_analysis.registry] == []


def test_a_record_that_nothing_computes_is_refused_with_what_to_write():
    with pytest.raises(ProtocolError, match=r"Mine is declared .*compute_analysis\.register\(Mine, compute\)"):
        compute_analysis(Mine(key="mine"), None)


def test_an_analysis_of_another_package_is_computed_by_the_function_it_registers():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Registered:
        key: str

    compute_analysis.register(
        Registered, lambda analysis, cohort: AnalysisOutput(rows=(), methods=({"heading": analysis.key},))
    )
    assert compute_analysis(Registered(key="mine"), None).methods == ({"heading": "mine"},)
