"""Every record that a protocol can list is computed and presented, and a package's own can register how."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from myosotis import analysis as declared
from myosotis.analysis.computing import compute_analysis
from myosotis.analysis.output import AnalysisOutput
from myosotis.errors import ProtocolError
from myosotis.presentation.dispatch import present_analysis
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """An analysis of another package."""

    key: str

    def nodes(self):
        return {}


def test_every_analysis_that_the_package_offers_is_computed_and_presented():
    kinds = [kind for name in declared.__all__ if hasattr(kind := getattr(declared, name), "nodes")]
    assert len(kinds) == 16
    for dispatch in (compute_analysis, present_analysis):
        assert [kind.__name__ for kind in kinds if kind not in dispatch.registry] == []


@pytest.mark.parametrize(
    ("dispatch", "what"), [(compute_analysis, r"computed.*compute\)"), (present_analysis, r"presented.*present\)")]
)
def test_a_record_that_nothing_is_registered_for_is_refused_with_what_to_write(dispatch, what):
    with pytest.raises(ProtocolError, match=rf"Mine is declared .*{what}"):
        dispatch(Mine(key="mine"), None)


def test_an_analysis_of_another_package_is_computed_and_presented_by_the_functions_it_registers():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Registered:
        key: str

    row = ResultRow(study="s", analysis="mine", statistic="n", number=3.0, provenance_id="p")
    compute_analysis.register(Registered, lambda _, cohort: AnalysisOutput(rows=(row,)))
    present_analysis.register(Registered, lambda one, results: Presentation(statistics=(one.key, results.rows[0].id)))
    found = compute_analysis(Registered(key="mine"), None)
    shown = present_analysis(Registered(key="mine"), Results.of(found.rows, ""))
    assert shown == Presentation(statistics=("mine", row.id))
