"""`codelog import`: an export back into a store."""

from __future__ import annotations

from pathlib import Path

import click

from codelog.cli.common import noted, say, writing
from codelog.cli.exits import NO

_SHOWN_FAULTS = 20


@click.command("import", short_help="Take an export into the store, byte for byte.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_context
def import_(ctx: click.Context, folder: Path) -> None:
    """Take the export in FOLDER into the store, byte for byte; a second time changes nothing.

    Everything in it is verified first. Exit code 1, and nothing is taken in, when something was altered or a case is
    stored here with another history.
    """
    from codelog.audit.importing import faults_of, read_export, take_in
    from codelog.audit.verify import CannotVerify
    from codelog.cli.printing import progress

    export = read_export(folder)
    command = f"codelog import {folder.name}"
    with writing(ctx.obj) as store:
        try:
            faults = faults_of(store, export, progress(2 * len(export.streams), "verifying"))
        except CannotVerify as error:
            raise click.UsageError(str(error)) from None
        if faults:
            for fault in faults[:_SHOWN_FAULTS]:
                say(fault)
            more = len(faults) - _SHOWN_FAULTS
            say("nothing was imported" if more <= 0 else f"and {more} more; nothing was imported")
            ctx.exit(NO)
        new = take_in(store, export, command, progress(len(export.streams), "importing"))
        noted(
            ctx.obj,
            "audit.imported",
            {
                "command": "codelog import",
                "cases": export.cases,
                "from": str(folder.absolute()),
                "manifest": export.manifest,
                "new_streams": len(new),
            },
        )
    cases = "1 case" if len(export.cases) == 1 else f"{len(export.cases)} cases"
    say(f"{cases} in {folder}: {len(new)} of {len(export.streams)} streams brought something new")
