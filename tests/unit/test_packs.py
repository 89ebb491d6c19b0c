"""Packs give short names to what the catalogue holds, and other packages add packs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from myosotis import packs as folder
from myosotis.core import packs as installed
from myosotis.errors import ProtocolError
from myosotis.language.series import Flag, Series
from myosotis.measures.catalogue import measures
from myosotis.measures.measure import Measure
from myosotis.measures.modules import observations
from myosotis.packs import baricitinib, ctcae_5, glucocorticoids, jdm, jia, laboratory, packs

EVERY = (baricitinib, ctcae_5, glucocorticoids, jdm, jia, laboratory)


@pytest.mark.parametrize("pack", EVERY, ids=lambda pack: pack.__name__)
def test_every_name_of_a_pack_is_there_and_of_the_catalogue(pack):
    assert pack.__all__ == sorted(pack.__all__)
    for name in pack.__all__:
        one = getattr(pack, name)
        if isinstance(one, Measure):
            assert measures()[one.key] is one
        if isinstance(one, Series | Flag):
            assert observations()[one.definition.key] == one.definition


def test_the_packs_are_found_by_name():
    assert set(packs()) == {"baricitinib", "ctcae_5", "glucocorticoids", "jdm", "jia", "laboratory"}
    assert folder.jdm is jdm
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        folder.nothing  # noqa: B018


def test_the_pack_of_juvenile_dermatomyositis_holds_every_definition_of_its_modules():
    every = {key for key, one in measures().items() if ".jdm." in one.rule.__module__}
    offered = {getattr(jdm, name).key for name in jdm.__all__ if isinstance(getattr(jdm, name), Measure)}
    assert len(every) > 40
    assert every <= offered | {key for key in every if key.startswith(("anti_", "total_improvement"))}


def test_a_grade_has_the_name_of_what_it_grades():
    for name in ctcae_5.__all__:
        assert isinstance(getattr(laboratory, name), Series)
        assert name in getattr(ctcae_5, name).definition.key or name == "haemoglobin"


# --- packs of other packages ------------------------------------------------------------------------------------------

WARD = '''
"""The ward's own scale."""
from myosotis import Citation, measured
from myosotis.core.definition import Definition, Example, Range
from myosotis.measures.measure import Measure

__all__ = ["grip", "weak_grip"]
SOURCE = Citation(text="The ward, 2019")
grip = measured("grip", "grip strength", unit="kg", low=0, high=90, step=0.5, source=SOURCE)
weak_grip = Measure(
    definition=Definition(
        key="weak_grip", version="1", kind="criterion", label="weak grip", citations=(SOURCE,), type="yes or no",
        missing="not evaluable without the grip",
        examples=(Example(inputs={"visit": {"grip": 10}}, expected=True), Example(inputs={"visit": {}}, expected=None)),
    ),
    moments=("visit",),
    rule=lambda visit: grip.at(visit) < 20,
)
OBSERVATIONS, MEASURES = (grip.definition,), (weak_grip,)
'''


def install(site, name, text, points):
    """Write a module and what its package would say of itself when it was installed."""
    (site / f"{name}.py").write_text(text, encoding="utf-8")
    told = site / f"{name}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (told / "entry_points.txt").write_text(f"[myosotis.packs]\n{points}\n", encoding="utf-8")


def run(site, code):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    found = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return found.stdout + found.stderr


def test_a_pack_of_another_package_is_in_the_catalogue_and_in_every_form_of_a_protocol(tmp_path):
    install(tmp_path, "ward_pack", WARD, "ward = ward_pack")
    told = run(tmp_path, """
        from myosotis import Population, baseline_window
        from myosotis.cli import main
        from myosotis.document import from_document, from_toml, to_document, to_toml
        from myosotis.packs import packs, ward
        weak = Population(key="weak", label="weak", criterion=ward.weak_grip.at(baseline_window(days=3)))
        assert from_document(to_document(weak), Population) == weak
        assert from_toml(to_toml(weak), Population) == weak
        assert "weak_grip.at(" in to_toml(weak)
        document = 'key = "weak"\\nlabel = "weak"\\ncriterion = "ward.weak_grip.at(w)"\\n'
        document += '[names]\\nw = "baseline_window(days=3)"'
        assert from_toml(document, Population) == weak
        print(ward.weak_grip(visit={"grip": 19.5}).value, sorted(packs())[-1])
        main(["catalogue", "weak_grip"])
    """)  # fmt: skip
    assert told.startswith("True ward\n")
    assert "The ward, 2019" in told
    assert "grip strength at the visit is below 20 kg" in told


@pytest.mark.parametrize(
    ("text", "points", "told"),
    [
        (
            "raise ValueError('no')",
            "ward = ward_pack",
            "the pack 'ward' of ward_pack cannot be loaded (ValueError: no); repair",
        ),
        ("x = 3", "ward = ward_pack:x", "the pack 'ward' of ward_pack is ward_pack:x, which is no module"),
        (WARD, "jdm = ward_pack", "an installed package offers a pack 'jdm', which is shipped"),
        (WARD.replace('"grip", "grip strength"', '"ck", "grip strength"'), "ward = ward_pack", "'ck'"),
    ],
)
def test_a_pack_that_cannot_be_used_is_told_with_its_package(tmp_path, text, points, told):
    install(tmp_path, "ward_pack", text, points)
    assert told in run(
        tmp_path, "import myosotis.packs as p; p.packs(); from myosotis.cli import main; main(['catalogue', 'ck'])"
    )


def test_two_packages_may_not_offer_a_pack_of_one_name(tmp_path, monkeypatch):
    install(tmp_path, "ward_pack", WARD, "ward = ward_pack")
    install(tmp_path, "other_pack", WARD, "ward = other_pack")
    monkeypatch.syspath_prepend(str(tmp_path))
    installed.installed_packs.cache_clear()
    with pytest.raises(ProtocolError, match="two installed packages offer a pack 'ward'"):
        installed.installed_packs()
    monkeypatch.undo()
    installed.installed_packs.cache_clear()
