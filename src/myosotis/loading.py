"""Loading a study's protocol: the Python file that is executed, or the document that is read."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from myosotis.core.definition import Definition
from myosotis.definitions import FILE, Definitions, read_definitions
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.language.retold import retold
from myosotis.language.series import Flag, Series
from myosotis.measures.modules import observation_catalogue
from myosotis.protocol import Protocol

__all__ = ["FORMS", "declaring_files", "load_protocol", "study_folder"]


def study_folder(study: Path) -> Path:
    """Give the folder of a study, which may be named by one of its protocol files."""
    return study.parent if study.name in FORMS else study


def declaring_files(study: Path) -> tuple[str, ...]:
    """Name the files that declare a study, within its folder: its protocols, and the definitions beside them.

    Raises `ProtocolError` when there is no protocol.
    """
    own = (FILE,) if (study_folder(study) / FILE).is_file() else ()
    return (*_protocols(study), *own)


def _protocols(study: Path) -> tuple[str, ...]:
    folder = study_folder(study)
    wanted = FORMS if study == folder else (study.name,)
    found = tuple(name for name in wanted if (folder / name).is_file())
    if not found:
        *others, last = wanted
        told = f"{', '.join(others)} or {last}" if others else last
        raise ProtocolError(f"{folder} holds no {told}; a study folder has one of these, mapping.toml and data/")
    return found


def load_protocol(study: Path) -> Protocol:
    """Load the protocol of a study, from its folder or from one of its protocol files.

    `protocol.py` is executed as Python and must make `protocol`; `protocol.toml` and `protocol.json` are read, and
    nothing of them is executed. Where a folder holds several forms all are loaded, and they must declare the same.

    Raises `ProtocolError` when there is no such file, one cannot be run or read (with the line that failed), ends the
    program, declares no protocol, names expressions that cannot be made, or declares something else than another.
    """
    folder, names = study_folder(study), _protocols(study)
    own = read_definitions(folder)
    loaded = {name: _with_definitions(FORMS[name](folder / name), own) for name in names}
    for name in names[1:]:
        if loaded[name] != loaded[names[0]]:
            raise ProtocolError(
                f"{names[0]} and {name} declare two different studies; name the one that is meant, or write one from the "
                f"other with `myosotis protocol {names[0]} --to {Path(name).suffix[1:]}`"
            )
    return loaded[names[0]]


def _executed(path: Path) -> Protocol:
    # Resolved, since this is how a traceback names the file and by it the line is found.
    path = path.resolve()
    spec = importlib.util.spec_from_file_location("myosotis_study_protocol", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # a study folder holds what the researcher put there
    try:
        spec.loader.exec_module(module)
        protocol = getattr(module, "protocol", None)
        if isinstance(protocol, Protocol):
            protocol.nodes()
    except MyosotisError as error:
        raise type(error)(f"{path.name}{_line(error, path)}: {error}") from error
    except SystemExit as error:
        raise ProtocolError(
            f"{path.name}{_line(error, path)}: the protocol ends the program; leave exit out, a protocol only declares"
        ) from error
    except Exception as error:
        told = retold(error) or f"{type(error).__name__}: {error}"
        raise ProtocolError(f"{path.name}{_line(error, path)}: {told}") from error
    finally:
        sys.dont_write_bytecode = writes
    if not isinstance(protocol, Protocol):
        raise ProtocolError(f"{path.name} declares no protocol; end it with protocol = Protocol(...)")
    return _with_own_observations(protocol, vars(module).values())


def _from_json(path: Path) -> Protocol:
    return _read(path, Protocol.from_json)


def _from_toml(path: Path) -> Protocol:
    beside = dict(read_definitions(path.parent).items())
    return _read(path, lambda text: Protocol.from_toml(text, beside))


def _read(path: Path, form: Callable[[str], Protocol]) -> Protocol:
    try:
        # Line ends stay as they are, so that places are those of the file.
        protocol = form(path.read_bytes().decode("utf-8-sig"))
        protocol.nodes()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{path.name} is not text in UTF-8; save it so") from error
    except MyosotisError as error:
        joint = ", " if str(error).startswith("line ") else ": "
        raise type(error)(f"{path.name}{joint}{error}") from error
    return protocol


FORMS: Mapping[str, Callable[[Path], Protocol]] = MappingProxyType(
    {"protocol.py": _executed, "protocol.toml": _from_toml, "protocol.json": _from_json}
)


def _with_definitions(protocol: Protocol, own: Definitions) -> Protocol:
    """Add what `definitions.toml` defines to a protocol that does not list it itself, as its JSON does."""
    listed = {one.key for one in protocol.own_definitions} | {one.key for one in protocol.measures}
    observations = tuple(
        one for one in own.observations if (one if isinstance(one, Definition) else one.definition).key not in listed
    )
    measures = tuple(one for one in own.measures if one.key not in listed)
    if not observations and not measures:
        return protocol
    return replace(
        protocol, observations=(*protocol.observations, *observations), measures=(*protocol.measures, *measures)
    )


def _with_own_observations(protocol: Protocol, declared: Iterable[object]) -> Protocol:
    """Add the observations that a protocol file declares at its top and that neither it nor the catalogue lists."""
    listed = {one.key for one in protocol.own_definitions}
    found = {}
    for one in declared:
        definition = one.definition if isinstance(one, Series | Flag) else one
        if isinstance(definition, Definition) and definition.kind == "observation":
            known = definition.key in listed or definition.key in observation_catalogue()
            if not known:
                found[definition.key] = definition
    if not found:
        return protocol
    return replace(protocol, observations=(*protocol.observations, *found.values()))


def _line(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f", line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""
