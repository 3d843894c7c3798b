"""`codelog db`: upgrade, check, back up, restore."""

from __future__ import annotations

from pathlib import Path

import click

from codelog.cli.common import json_option, noted, out, say
from codelog.cli.exits import NO


@click.group(short_help="Upgrade, check, back up or restore the store.", no_args_is_help=False)
def db() -> None:
    """The store as a file."""


@db.command()
@click.pass_obj
def upgrade(location: str | None) -> None:
    """Bring the store to the schema of this codelog; a backup is made first. A store that is not there is made."""
    from codelog.log import migrate
    from codelog.log.store import open_store, store_path

    path = store_path(location)
    if not path.exists():
        open_store(path).close()
        say(f"made a new store at {path}")
        return
    kept = migrate.upgrade(path)
    say(f"{path} is up to date" if kept is None else f"{path} is upgraded; as it was, it is kept as {kept}")


@db.command()
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Examine the whole store: structure, guards, schema, every line. Exit code 1 for a finding."""
    from codelog.case import jsontext
    from codelog.log.check import check as examine
    from codelog.log.errors import StoreDamaged
    from codelog.log.store import store_path

    path = store_path(ctx.obj)
    try:
        findings = examine(path)
    except StoreDamaged as error:
        findings = [str(error)]
    for finding in findings:
        out(jsontext.canonical({"finding": finding}) if as_json else finding)
    if findings:
        ctx.exit(NO)
    if not as_json:
        click.echo(f"{path}: sound")


@db.command()
@click.argument("file")
@click.pass_context
def backup(ctx: click.Context, file: str) -> None:
    """Copy the store into the new FILE, while it is in use if need be, and read the copy back."""
    from codelog.log.backup import backup as copy
    from codelog.log.store import store_path

    findings = copy(store_path(ctx.obj), Path(file))
    say(f"backed up to {file}")
    data = {"command": "codelog db backup", "file": file, "findings": len(findings)}
    noted(ctx.obj, "audit.backed_up", data)
    for finding in findings:
        out(finding)
    if findings:
        ctx.exit(NO)


@db.command()
@click.argument("file")
@click.pass_obj
def restore(location: str | None, file: str) -> None:
    """Put the backup FILE in the place of the store. What was there is kept aside; the terminal gets a new id."""
    from codelog.log.backup import restore as put_back
    from codelog.log.store import store_path

    path = store_path(location)
    kept = put_back(Path(file), path)
    noted(
        location, "audit.restored", {"command": "codelog db restore", "file": file, "kept": str(kept or "")}
    )
    say(f"restored {path}" + ("" if kept is None else f"; what was there is kept as {kept}"))
