"""Run every spec on every engine."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("engines", Path(__file__).with_name("engines.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
engines = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(engines)


@pytest.fixture(params=sorted(engines.ENGINES))
def run_on(request):
    """Evaluate named expressions on one engine: run_on(nodes, data, index) -> {name: {patient: result}}."""
    return engines.ENGINES[request.param]
