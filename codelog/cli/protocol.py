"""`codelog protocol`: list, show, check."""

from __future__ import annotations

import click

from codelog.cli.common import json_option, protocol_named, read_file
from codelog.cli.exits import NO


@click.group(short_help="List, show or check protocols.", no_args_is_help=False)
def protocol() -> None:
    """The thresholds that the rules run with, each with its source."""


@protocol.command("list")
@json_option
def list_protocols(as_json: bool) -> None:
    """List the protocols that ship with codelog; the first is the default."""
    from codelog.case import jsontext
    from codelog.clinical.protocols import load_protocol, shipped_protocols

    for name in shipped_protocols():
        found = load_protocol(name)
        if as_json:
            row = {
                "id": found.id,
                "version": found.version,
                "title": found.title,
                "status": found.status,
                "digest": found.digest,
            }
            click.echo(jsontext.canonical(row))
        else:
            click.echo(f"{found.id:10}  version {found.version:4}  {found.status:10}  {found.title}")


@protocol.command("show")
@click.argument("name", metavar="P")
@json_option
def show_protocol(name: str, as_json: bool) -> None:
    """Show the protocol P, a shipped id or a file: every number with its source and status."""
    from codelog.case import jsontext

    found = protocol_named(name)
    if not as_json:
        click.echo(f"{found.id} version {found.version}: {found.title} ({found.status})")
        click.echo(f"ages {', '.join(found.ages) or 'any'}; settings {', '.join(found.settings) or 'any'}")
        click.echo(f"SHA-256 {found.digest}")
    for key, parameter in found.parameters.items():
        value = "none" if parameter.value is None else parameter.value
        if as_json:
            row = {"parameter": key, "value": value, "source": parameter.source, "status": parameter.status}
            click.echo(jsontext.canonical(row))
        else:
            shown = str(value).lower() if isinstance(value, bool) else value
            click.echo(f"  {key:22} {shown!s:24} {parameter.status:10}  {parameter.source}")


@protocol.command("check")
@click.argument("file")
@json_option
@click.pass_context
def check_protocol_file(ctx: click.Context, file: str, as_json: bool) -> None:
    """Check a protocol FILE; names the file, the key and what would be right. Exit code 1 for a fault."""
    from codelog.case import jsontext
    from codelog.clinical.protocols import check_protocol

    problems = check_protocol(read_file(file), file)
    for problem in problems:
        if as_json:
            row = {"file": problem.file, "key": problem.key, "line": problem.line, "problem": problem.text}
            click.echo(jsontext.canonical(row))
        else:
            click.echo(str(problem))
    if problems:
        ctx.exit(NO)
    if not as_json:
        click.echo(f"{file}: sound")
