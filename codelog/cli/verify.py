"""`codelog verify`: recompute the chain, trust nothing derived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codelog.cli.common import json_option, noted, out, say
from codelog.cli.exits import NO

if TYPE_CHECKING:
    from codelog.log.keys import PublicKey
    from codelog.log.verdicts import Verdict


@click.command(short_help="Check the chain of cases, files or folders.")
@click.argument("what", nargs=-1, metavar="[CASE... | FILE... | FOLDER]")
@click.option(
    "--key",
    "key_files",
    metavar="TERMINAL.pub.pem",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A public key that you have from elsewhere, for files and folders.",
)
@json_option
@click.pass_context
def verify(ctx: click.Context, what: tuple[str, ...], key_files: tuple[Path, ...], as_json: bool) -> None:
    """Check that nothing was altered: cases of the store, files of lines, or export folders.

    Without an argument: the store, its guards and views, every case, and the audit stream. Exit code 1 for a finding.
    """
    from codelog.case import jsontext

    broken = found = 0
    for verdict in _verdicts(ctx.obj, what, key_files):
        found += 1
        broken += not verdict.intact
        if as_json:
            out(jsontext.canonical(_row(verdict)))
        else:
            out(_words(verdict))
    if not found:
        say("there is no stream to verify, and nothing else is wrong")
    noted(ctx.obj, "audit.verified", {"command": "codelog verify", "what": list(what), "findings": broken})
    if broken:
        ctx.exit(NO)


def _row(verdict: Verdict) -> dict[str, object]:
    from codelog.log.chain import Break

    row: dict[str, object] = {
        "checked": verdict.name,
        "intact": verdict.intact,
        "note": "; ".join(verdict.remarks),
        "signed": None,
    }
    if verdict.signed is not None:
        said, note = verdict.signed.checkpoint, verdict.signed.note
        row["signed"] = {"count": said.count, "time": said.time, "by": note.signer, "key": note.key}
    found = verdict.finding
    if isinstance(found, Break):
        return row | {"line": found.line, "what": found.what, "problem": found.problem}
    return row | {"count": found.count, "head": found.head}


def _words(verdict: Verdict) -> str:
    from codelog.log.chain import Break

    found = verdict.finding
    tail = "".join(f"; {remark}" for remark in verdict.remarks)
    if isinstance(found, Break):
        return f"{verdict.name}: BROKEN ({found.what.replace('_', ' ')}), {found.problem}{tail}"
    return f"{verdict.name}: intact, {found.count} lines, head {found.head}{tail}"


def _verdicts(location: str | None, what: Sequence[str], key_files: Sequence[Path]) -> Iterator[Verdict]:
    paths = [Path(name) for name in what if _is_path(name)]
    if paths:
        yield from _of_paths(paths, key_files)
    wanted = [name for name in what if not _is_path(name)]
    if wanted or not what:
        yield from _of_store(location, wanted)


def _is_path(name: str) -> bool:
    return "/" in name or "." in name or Path(name).exists()


def _of_paths(paths: Sequence[Path], key_files: Sequence[Path]) -> Iterator[Verdict]:
    from codelog.audit.verify import CannotVerify, keys_beside, read_key_file, verify_path

    try:
        given = [key for file in key_files for key in read_key_file(file)]
        for path in paths:
            yield from verify_path(path, given)
            if not given:
                _warn(keys_beside(path))
    except CannotVerify as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be read: {error.strerror}") from None


def _warn(keys: Sequence[PublicKey]) -> None:
    for key in keys:
        say(
            f"the key {key.id} of {key.signer} came with the files; it proves who signed only if its SHA-256 "
            f"{key.fingerprint} is the one that `codelog signing show` tells at that terminal"
        )


def _of_store(location: str | None, wanted: Sequence[str]) -> Iterator[Verdict]:
    from codelog.log.chain import Break
    from codelog.log.check import verify_store
    from codelog.log.errors import StoreDamaged
    from codelog.log.store import store_path
    from codelog.log.verdicts import Verdict

    try:
        yield from verify_store(store_path(location), wanted)
    except StoreDamaged as error:
        yield Verdict("the store", Break(0, str(error), "store"))
