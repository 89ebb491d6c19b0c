"""The command line: thin commands over the library; every error is one message and an exit code by kind.

Exit codes: 0 done, 1 a fault of myosotis, 2 bad usage, 3 bad data, 4 bad protocol, 5 the comparison found differences,
the check errors in the data or the verification changed files, 6 the machine lets nothing be read or written there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from myosotis.errors import MyosotisError, ProtocolError, StorageError, UsageError, storage_error

if TYPE_CHECKING:
    from myosotis.model.record_counts import RecordCount

__all__ = ["app", "main"]

FOUND = 5
_FORMS = ("toml", "json", "py")
# The parser's own base of errors; Typer names it only through the class it offers for one parameter.
_BAD_USAGE: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="myosotis",
    help="From a folder of charts to a defensible cohort study: every printed number traceable to the rows behind it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyFolder = Annotated[
    Path, typer.Argument(help="A folder with a protocol, mapping.toml and data/, or the protocol in such a folder.")
]
OutFolder = Annotated[Path, typer.Argument(help="A folder that `myosotis run` wrote.")]


@app.command()
def run(
    study: StudyFolder,
    out: Annotated[Path, typer.Option(help="Where the results go; an earlier run there is replaced as a whole.")],
) -> None:
    """Run a study and write its results bundle and report."""
    from myosotis.run import run_study

    bundle = run_study(study, out)
    warned = sum(row["severity"] != "note" for row in bundle.checks.to_pylist())
    typer.echo(f"{bundle.results.num_rows} results; {warned} warnings and errors in the data, listed in the report.")
    _tell_paths(out)


def _tell_paths(out: Path) -> None:
    from myosotis.results.files import read_manifest

    typer.echo(f"Report: {out / 'report.html'}")
    typer.echo(f"Single patients, for your eyes only: {out / 'patient_level' / 'report.html'}")
    typer.echo(f"Digest: {read_manifest(out)[1]}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where the example study and its results go.")] = Path("myosotis-demo"),
) -> None:
    """Copy the example study of synthetic children with juvenile dermatomyositis here, and run it."""
    from myosotis.demo import copy_example
    from myosotis.run import run_study

    folder = copy_example("baricitinib_jdm", out / "study")
    run_study(folder, out / "results")
    typer.echo(f"The study (synthetic children): {folder}")
    _tell_paths(out / "results")


@app.command()
def check(study: StudyFolder) -> None:
    """Read a study, list what is wrong with or worth knowing about its data, and refuse what a run would refuse."""
    from myosotis.model.ledger import ledger_counts
    from myosotis.run import check_study, rehearse

    found = check_study(study)
    for finding in found.data.findings:
        typer.echo(f"{finding.severity}: {finding.message}")
    for visit in found.visits.findings:
        row = f"{visit.sheet or visit.source} row {visit.source_row}: " if visit.source_row is not None else ""
        typer.echo(f"visit {visit.kind}: {row}{visit.message}")
    for count in ledger_counts(found.data):
        typer.echo(
            f"{count.source}{' ' + count.sheet if count.sheet else ''}: {count.cells} cells read = {count.used} used + "
            f"{count.converted} converted + {count.ignored} ignored + {count.rejected} rejected"
        )
    for records in found.data.record_counts:
        typer.echo(_counted(records))
    errors = sum(finding.severity == "error" for finding in found.data.findings)
    typer.echo(f"{found.data.patients.num_rows} patients; {errors} kinds of error in the data.")
    try:
        if not rehearse(found):
            typer.echo("The analyses were not tried out, since there are many patients; a run may still refuse one.")
    except MyosotisError as error:
        if not errors or isinstance(error, ProtocolError):
            raise
        typer.echo(f"With these errors a run is refused: {error}")
    if errors:
        raise typer.Exit(FOUND)


def _counted(of: RecordCount) -> str:
    """Say what became of the rows and records of one table of the mapping."""
    return (
        f"table {of.table}, {of.feeds} from {of.source}{' ' + of.sheet if of.sheet else ''}: {of.rows} rows read = "
        f"{of.rows_kept} kept + {of.rows_merged} merged + {of.rows_rejected} rejected + {of.rows_ignored} ignored + "
        f"{of.rows_empty} empty; {of.records} records = {of.records_kept} kept + {of.records_merged} merged + "
        f"{of.records_rejected} rejected"
    )


@app.command()
def trace(
    out: OutFolder, result_id: Annotated[str, typer.Argument(help="The identifier a number of the report shows.")]
) -> None:
    """Show the patients, values, files, sheets and rows behind a number of the report."""
    from myosotis.results.bundle import read_bundle
    from myosotis.results.trace import trace as trace_result
    from myosotis.tracing import lines_of

    for line in lines_of(trace_result(read_bundle(out), result_id)):
        typer.echo(line)


@app.command()
def compare(
    first: OutFolder,
    second: OutFolder,
    tolerance: Annotated[float, typer.Option(help="How far two numbers may lie apart and still be equal.")] = 0.0,
) -> None:
    """List the numbers that two runs do not share; the exit code is 5 when there are any."""
    from myosotis.results.bundle import read_bundle
    from myosotis.results.compare import compare as compare_bundles

    differences = compare_bundles(read_bundle(first), read_bundle(second), tolerance=tolerance)
    for one in differences:
        shown = {"added": f"→ {one.second}", "removed": f"{one.first} →", "changed": f"{one.first} → {one.second}"}
        what = f" ({', '.join(one.columns)})" if one.columns not in ((), ("number",)) else ""
        typer.echo(f"{one.kind} {one.result_id} {one.label}{what}: {shown[one.kind]}")
    typer.echo(f"{len(differences)} differences." if differences else "The two bundles hold the same results.")
    if differences:
        raise typer.Exit(FOUND)


@app.command()
def verify(
    out: OutFolder,
    digest: Annotated[str, typer.Option(help="The digest that `myosotis run` printed.")] = "",
) -> None:
    """Check that every file of a bundle is as the run wrote it; the exit code is 5 when one is not."""
    from myosotis.results.verify import verify as verify_bundle

    found = verify_bundle(out, digest)
    for word, names in (("changed", found.changed), ("missing", found.missing), ("of no run", found.foreign)):
        for name in names:
            typer.echo(f"{word}: {name}")
    if not found.patient_level:
        typer.echo("The patient-level part is not there; its files were not looked at.")
    typer.echo(f"{found.files} files are as the run wrote them.")
    typer.echo(f"Digest: {found.digest}{', as given' if digest and found.whole else ''}")
    if not digest:
        typer.echo("Without --digest a bundle that was changed with all its digests cannot be told.")
    if not found.whole:
        raise typer.Exit(FOUND)


@app.command()
def explain(
    study: StudyFolder,
    patient: Annotated[str, typer.Option(help="Show for this patient what every rule came to, and why.")] = "",
    only: Annotated[str, typer.Option(help="Only expressions whose name holds this text.")] = "",
) -> None:
    """Say every rule of a study in words, or what each came to for one patient, step by step."""
    from myosotis.language.explain import explain as explain_node
    from myosotis.loading import load_protocol
    from myosotis.run import open_study

    protocol = load_protocol(study)
    chosen = {name: node for name, node in protocol.nodes().items() if only.lower() in name.lower()}
    if not chosen:
        raise UsageError(f"no expression of the protocol is named like {only!r}; leave --only out to see all")
    data = open_study(study).data if patient else None
    for name, node in chosen.items():
        typer.echo(f"{name}\n{explain_node(node, patient or None, data, protocol.index)}\n")


@app.command()
def protocol(
    study: StudyFolder,
    to: Annotated[str, typer.Option(help=f"The form to write it in: {', '.join(_FORMS)}.")],
) -> None:
    """Write a study's protocol in another form; every form declares the same study."""
    from myosotis.loading import load_protocol

    if to not in _FORMS:
        raise UsageError(f"--to {to!r} is no form of a protocol; give toml, json or py")
    declared = load_protocol(study)
    typer.echo({"toml": declared.to_toml, "json": declared.to_json, "py": declared.to_python}[to](), nl=False)


@app.command()
def catalogue(key: Annotated[str, typer.Argument(help="A definition's key, or a word to search for.")] = "") -> None:
    """List the definitions, search them, or show one with its rule, source and examples."""
    from myosotis.measures.catalogue import catalogue as every
    from myosotis.measures.describe import describe, search

    if key in every():
        typer.echo(describe(key))
        return
    found = search(key) if key else tuple(every())
    if not found:
        every()[key]  # raises, naming the nearest keys
    for definition in found:
        typer.echo(f"{definition.key:<44} {definition.kind:<15} {definition.label}")
    typer.echo(f"{len(found)} definitions; `myosotis catalogue KEY` shows one.")


@app.command()
def calculate(
    key: Annotated[str, typer.Argument(help="A measure's key.")],
    values: Annotated[
        list[str], typer.Argument(help="name=value, visit.name=value or baseline.name=value; choices as name=value.")
    ],
) -> None:
    """Calculate a measure for one child from named values."""
    from myosotis.core.catalogue import nearest_names
    from myosotis.measures.catalogue import measures
    from myosotis.measures.from_text import calculate_from_text

    if key not in measures():
        raise UsageError(f"{key!r} cannot be calculated; {nearest_names(key, list(measures()))}")
    for line in calculate_from_text(measures()[key], values):
        typer.echo(line)


@app.command()
def report(out: OutFolder) -> None:
    """Render the report of a bundle again."""
    from myosotis.report import write_report
    from myosotis.results.bundle import read_bundle, reseal

    bundle = read_bundle(out)
    typer.echo(f"Report: {write_report(bundle, out)}")
    if bundle.patient_level:
        typer.echo(f"Single patients, for your eyes only: {out / 'patient_level' / 'report.html'}")
    digest = reseal(out)
    if digest:
        typer.echo(f"The report is not the one of the run; the bundle has a new digest: {digest}")


@app.command()
def profile(
    out: OutFolder, patient: Annotated[str, typer.Argument(help="A patient's identifier, as the source writes it.")]
) -> None:
    """Write one patient's course on one page, from the listings of a bundle."""
    from myosotis.report.profile import write_profile
    from myosotis.results.bundle import read_bundle

    typer.echo(f"Profile: {write_profile(read_bundle(out), patient, out)}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; no traceback reaches the user."""
    sys.exit(_guarded(lambda: app(arguments, standalone_mode=False)))


def _guarded(command: Callable[[], object]) -> int:
    try:
        result = command()
    except MyosotisError as error:
        typer.echo(f"myosotis: {error}", err=True)
        return error.exit_code
    except typer.Exit as exit_:
        return int(exit_.exit_code)
    except (KeyboardInterrupt, BrokenPipeError, typer.Abort):
        return 130
    except OSError as error:
        typer.echo(f"myosotis: {storage_error(error)}", err=True)
        return StorageError.exit_code
    except MemoryError:
        typer.echo("myosotis: the memory is used up; close other programs or use a machine with more of it", err=True)
        return StorageError.exit_code
    except Exception as error:  # the last resort: a fault is reported as one, without a traceback
        if isinstance(error, _BAD_USAGE):
            error.show()  # type: ignore[attr-defined]
            return UsageError.exit_code
        typer.echo(
            f"myosotis: this is a fault of myosotis, please report it: {type(error).__name__}: {error}", err=True
        )
        return 1
    return result if isinstance(result, int) else 0
