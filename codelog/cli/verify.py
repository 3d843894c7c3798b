"""`codelog verify`: recompute the chain, trust nothing derived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codelog.cli.common import json_option, out, reading
from codelog.cli.exits import NO

if TYPE_CHECKING:
    from codelog.log.chain import Break, Intact

NO_CHECKPOINT = "judged by its chain alone: a cut tail would not show"


@click.command(short_help="Check the chain of cases, files or folders.")
@click.argument("what", nargs=-1, metavar="[CASE... | FILE... | FOLDER]")
@json_option
@click.pass_context
def verify(ctx: click.Context, what: tuple[str, ...], as_json: bool) -> None:
    """Check that nothing was altered: cases of the store, files of lines, or all of them in a folder.

    Without an argument: every case of the store. Exit code 1 when a break is found.
    """
    from codelog.case import jsontext
    from codelog.log.chain import Break

    broken = False
    for name, note, finding in _findings(ctx.obj, what):
        broken |= isinstance(finding, Break)
        if as_json:
            row: dict[str, object] = {"checked": name, "note": note}
            if isinstance(finding, Break):
                row |= {"intact": False, "line": finding.line, "problem": finding.problem}
            else:
                row |= {"intact": True, "count": finding.count, "head": finding.head}
            click.echo(jsontext.canonical(row))
        elif isinstance(finding, Break):
            out(f"{name}: BROKEN, {finding.problem}")
        else:
            tail = f"; {note}" if note else ""
            out(f"{name}: intact, {finding.count} lines, head {finding.head}{tail}")
    if broken:
        ctx.exit(NO)


def _findings(location: str | None, what: tuple[str, ...]) -> Iterator[tuple[str, str, Intact | Break]]:
    paths = [Path(name) for name in what if _is_path(name)]
    for path in paths:
        for file in _files(path):
            yield str(file), NO_CHECKPOINT, _of_file(file)
    wanted = [name for name in what if not _is_path(name)]
    if wanted or not what:
        yield from _of_store(location, wanted)


def _is_path(name: str) -> bool:
    return "/" in name or "." in name or Path(name).exists()


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise click.UsageError(f"{path} does not exist")
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise click.UsageError(f"{path} holds no .jsonl file to verify")
    return files


def _of_file(path: Path) -> Intact | Break:
    from codelog.log.chain import verify_lines

    try:
        with open(path, "rb") as file:
            return verify_lines(file)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None


def _of_store(location: str | None, wanted: Iterable[str]) -> Iterator[tuple[str, str, Intact | Break]]:
    from codelog.log.chain import Break, verify_lines
    from codelog.log.errors import StoreDamaged

    try:
        opened = reading(location)
    except StoreDamaged as error:
        yield "the store", "", Break(0, str(error))
        return
    with opened as store:
        cases = [store.find_case(name) for name in wanted] or [row.case for row in store.cases()]
        for case in cases:
            for terminal in store.streams(case):
                lines = (line.encode() for line in store.lines(case, terminal))
                yield f"{case} {terminal}", NO_CHECKPOINT, verify_lines(lines)
