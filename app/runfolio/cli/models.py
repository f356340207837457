"""`runfolio models`: what a model is, whether it works where it will be deployed, and what it predicts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import is_whole, opened, whole_address
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import progress_bar, say, warn
from runfolio.core import numbers
from runfolio.core.errors import InvalidValue

if TYPE_CHECKING:
    from runfolio.models.environment.check_result import CheckResult
    from runfolio.models.mlmodel import MLmodel
    from runfolio.models.safety.trust import UntrustedModel

app = typer.Typer(help="Show, check, predict, compare and export models.", no_args_is_help=True)

ADDRESS = "A model's folder, runs:/<run id>/<path>, models:/<name>/<version or stage>, models:/<name>@<alias>."
Uri = Annotated[str, typer.Argument(help=ADDRESS)]
TrustOption = Annotated[bool, typer.Option("--trust", help="Trust the model from now on, if it can run code.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command("info")
def info(context: typer.Context, model: Uri, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show what a model takes and gives, what it requires, and whether it was checked. Nothing of it is loaded."""
    from runfolio.models.mlmodel import MLmodel
    from runfolio.models.safety.code_risk import judge

    model = address_of(context, store, model)
    folder = folder_of(context, store, model)
    found = MLmodel.load(folder)
    result, risk = _kept(model, folder), judge(folder)
    trusted = _is_trusted(folder)
    if as_json:
        checked = None if result is None else json.loads(result.to_json())
        code = {"can_run_code": risk.can_run_code, "reasons": list(map(str, risk.reasons)), "trusted": trusted}
        shapes.print_json({**found.to_dict(), "path": str(folder), "check": checked, **code})
        return
    facts = _facts(found, folder, result)
    known = " It is trusted." if risk.can_run_code and trusted else ""
    tables.print_table(["", str(folder)], [*facts, ("safety", f"{risk}{known}")])


@app.command("check")
def check(
    context: typer.Context,
    model: Uri,
    store: StoreOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the environment anew, although one is there.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds to load and to predict.", min=1)] = 600.0,
    trust: TrustOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a model's environment of its own files, predict its input example there, and compare the output.

    This runs what the model's files say. What comes of it is kept with the model.
    """
    from runfolio.models.environment import check as checking
    from runfolio.models.environment.keeping import keep
    from runfolio.models.safety.trust import require

    model = address_of(context, store, model)
    folder = folder_of(context, store, model)
    require(folder, trusting(model, trust))
    result = checking.check(folder, tell=warn, timeout=timeout, fresh=fresh)
    where = keep(model, folder, result)
    if as_json:
        shapes.print_json({**json.loads(result.to_json()), "kept": where})
    else:
        _tell(result)
    if not result.passed:
        raise typer.Exit(ExitCode.TROUBLE)


@app.command("predict")
def predict(
    context: typer.Context,
    model: Annotated[str, typer.Option("--model", "-m", help=ADDRESS)],
    source: Annotated[Path, typer.Option("--input", "-i", help="CSV, JSON, JSON lines or Parquet, by its suffix.")],
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="The same; without, JSON lines are printed.")
    ] = None,
    store: StoreOption = None,
    params: Annotated[str, typer.Option("--params", help='The parameters, as JSON: {"temperature": 0.5}.')] = "",
    rows: Annotated[int, typer.Option("--batch", help="Rows that are predicted together.", min=1)] = 10_000,
    with_input: Annotated[bool, typer.Option("--with-input", help="Write the rows beside what is predicted.")] = False,
    seconds: Annotated[float, typer.Option("--timeout", help="Seconds to load, and for each batch.", min=1)] = 600.0,
    network: Annotated[bool, typer.Option("--network", help="Let the model reach the network.")] = False,
    trust: TrustOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs: what was written.")] = False,
) -> None:
    """Predict the rows of a file, a batch at a time. The model runs in a process of its own, within limits."""
    from runfolio.models.batches.predicting import predict_file
    from runfolio.models.batches.writing import Lines, writer_for
    from runfolio.models.safety.limits import Limits
    from runfolio.models.safety.process import ModelProcess
    from runfolio.store.files import write_whole

    writer = Lines if target is None else writer_for(target)
    asked = _params(params)
    folder = folder_of(context, store, model)
    limits = Limits(seconds=seconds, network=network)
    asked_about = trusting(model, trust)
    with ModelProcess(folder, limits, ask=asked_about) as loaded, progress_bar("Predicting") as progress:
        options: dict[str, Any] = {"params": asked, "rows": rows, "with_input": with_input, "progress": progress}
        if target is None:
            sys.stdout.flush()
            predict_file(loaded, source, sys.stdout.buffer, writer, **options)
            return
        count = 0

        def write(place: Path) -> None:
            nonlocal count
            with place.open("wb") as file:
                count = predict_file(loaded, source, file, writer, **options)

        write_whole(target, write)
    shapes.print_done(f"Wrote {count:,} predictions to {target}", as_json, target=str(target), rows=count)


@app.command("trust")
def trust(
    context: typer.Context,
    model: Uri,
    store: StoreOption = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Trust it no more.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Trust a model that can run code; it is asked about no more, unless one of its files changes."""
    from runfolio.models.safety import trust as trusting
    from runfolio.models.safety.code_risk import judge
    from runfolio.models.safety.hashing import fingerprint

    folder = folder_of(context, store, model)
    mark = fingerprint(folder)
    if revoke:
        trusting.revoke(mark)
    else:
        trusting.trust(mark, model)
    said = f"{model} is {'not ' if revoke else ''}trusted. {judge(folder)}"
    shapes.print_done(said, as_json, fingerprint=mark, trusted=not revoke)


@app.command("diff")
def diff(
    context: typer.Context,
    first: Uri,
    second: Annotated[str, typer.Argument(help="The other model.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how two models differ: signature, requirements, libraries and files."""
    from dataclasses import asdict

    from runfolio.models.comparison import differences

    found = differences(folder_of(context, store, first), folder_of(context, store, second))
    if as_json:
        shapes.print_json([asdict(one) for one in found])
    elif found:
        titles = ["", "name", "first", "second"]
        tables.print_table(titles, ((one.part, one.name, one.first or "–", one.second or "–") for one in found))
    else:
        say("The models are alike.")


@app.command("export")
def export(
    context: typer.Context,
    model: Uri,
    target: Annotated[Path, typer.Argument(help="A new folder, or a .zip archive.")],
    alone: Annotated[bool, typer.Option("--self-contained", help="With a script that needs no Runfolio.")] = False,
    onnx: Annotated[bool, typer.Option("--onnx", help="The same, with the model as an ONNX graph.")] = False,
    trust: TrustOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a model out of the store, as MLflow and Runfolio load it, or with what predicts without either."""
    from runfolio.models.alone.folder import export_alone
    from runfolio.models.exporting import export as copy_out
    from runfolio.models.safety.trust import require

    folder = folder_of(context, store, model)
    if onnx:  # for which the model is loaded
        require(folder, trusting(model, trust))
    with progress_bar("Exporting") as progress:
        if alone or onnx:
            size = export_alone(folder, target, onnx=onnx, progress=progress)
        else:
            size = copy_out(folder, target, progress)
    shapes.print_done(f"Wrote {numbers.size(size)} to {target}", as_json, target=str(target), bytes=size)


def address_of(context: typer.Context, store: Path | None, uri: str) -> str:
    """An address with the whole id of its run, for which alone the store is opened. Raises NotFound, InvalidValue."""
    if is_whole(uri):
        return uri
    with opened(context, store) as found:
        return whole_address(found, uri)


def folder_of(context: typer.Context, store: Path | None, uri: str) -> Path:
    """A model's folder. The store is opened only for what is in it. Raises NotFound, InvalidValue, StoreError."""
    from runfolio.client.destination import set_tracking_uri
    from runfolio.models.uris import model_folder

    if uri.endswith(".zip") and Path(uri).is_file():
        raise InvalidValue(f"{uri} is an archive, not the folder of a model.", "Unpack it, and give the folder.")
    uri = address_of(context, store, uri)
    if uri.startswith(("runs:", "models:")):
        with opened(context, store) as found:
            set_tracking_uri(found.path)
    return model_folder(uri)


def _kept(uri: str, folder: Path) -> CheckResult | None:
    """How a model fared when it was checked; what cannot be read is told, and says nothing."""
    from runfolio.models.environment.keeping import kept

    try:
        return kept(uri, folder)
    except (InvalidValue, OSError) as error:
        warn(str(error))
        return None


def _is_trusted(folder: Path) -> bool:
    """Whether a model is; one whose files cannot be read is known by nothing."""
    from runfolio.models.safety.hashing import fingerprint
    from runfolio.models.safety.trust import is_trusted

    try:
        return is_trusted(fingerprint(folder))
    except OSError as error:
        warn(f"Which model it is cannot be told: {error}.")
        return False


def trusting(uri: str, given: bool) -> Callable[[UntrustedModel], None]:
    """Trusts a model that is not trusted if `--trust` says so, or who is asked at a terminal; else refuses it."""
    from runfolio.models.safety import trust

    def ask(untrusted: UntrustedModel) -> None:
        asked = f"{untrusted.message} Trust it from now on?"
        if given or (sys.stdin.isatty() and sys.stderr.isatty() and typer.confirm(asked, err=True)):
            trust.trust(untrusted.fingerprint, uri)
        untrusted.hint = "If you know who made it, run this again with --trust."

    return ask


def _params(text: str) -> Mapping[str, Any] | None:
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError as problem:
        raise InvalidValue(
            f"--params is not JSON: {problem}.", """Such as --params '{"temperature": 0.5}'."""
        ) from None
    if not isinstance(found, dict):
        raise InvalidValue("--params is an object with the parameters by name.")
    return found


def _facts(model: MLmodel, folder: Path, result: CheckResult | None) -> list[tuple[str, str]]:
    """What people want to know of a model, in rows."""
    from runfolio.models.environment.files import REQUIREMENTS

    facts = [("id", model.model_id or ""), ("run", model.run_id or "")]
    facts += [("created", str(model.utc_time_created or "")), ("flavors", ", ".join(model.flavors))]
    facts += [("size", numbers.size(model.model_size_bytes) if model.model_size_bytes else "")]
    signature = model.signature
    for part, schema in (("input", signature and signature.inputs), ("output", signature and signature.outputs)):
        facts += [(part if place == 0 else "", repr(one)) for place, one in enumerate(schema or ())]
    facts += [("parameter", repr(one)) for one in (signature and signature.params) or ()]
    facts += [("example", str((model.saved_input_example_info or {}).get("type", "")))]
    if (folder / REQUIREMENTS).is_file():
        lines = (folder / REQUIREMENTS).read_text(encoding="utf-8", errors="replace").splitlines()
        facts += [("requires" if place == 0 else "", line) for place, line in enumerate(lines)]
    facts += [
        (
            "check",
            "not checked as it is now" if result is None else f"{result.result} ({numbers.full_time(result.time)})",
        )
    ]
    return [(name, value) for name, value in facts if value]


def _tell(found: CheckResult) -> None:
    """Tell how a model fared, in sentences."""
    by = f"loaded by {found.loader} with Python {found.python}"
    if found.passed and found.compared:
        say(f"Passed: {by}; the output is the stored one.")
    elif found.passed:
        say(f"Passed: {by}; there is no stored output to compare with.")
    else:
        at = {"environment": "making the environment", "load": "loading", "predict": "predicting the input example"}
        word = "Differs" if found.result == "differs" else "Failed"
        say(f"{word} at {at.get(found.stage, found.stage)}: {found.reason}")
    if found.hint:
        say(found.hint)
