"""`codelog config`: where the configuration is, what it says, and whether it is sound."""

from __future__ import annotations

import click

from codelog.cli.common import json_option, read_file, say
from codelog.cli.exits import NO


@click.group(short_help="Find, show or check the configuration.", no_args_is_help=False)
def config() -> None:
    """Colours, bell, offered answers and keys of the scribe terminal: a TOML file that need not be there."""


@config.command("path")
@json_option
def config_path(as_json: bool) -> None:
    """Print where the file is looked for: CODELOG_CONFIG, else the user's folder for configuration."""
    from codelog.case import jsontext
    from codelog.terminal import config as terminal_config

    path = terminal_config.config_path()
    click.echo(jsontext.canonical({"path": str(path), "exists": path.exists()}) if as_json else str(path))


@config.command("show")
@json_option
def show_config(as_json: bool) -> None:
    """Show the configuration that holds, as a file that would say the same."""
    from codelog.case import jsontext
    from codelog.terminal.config import config_toml, config_values, load_config

    found, problems = load_config()
    if problems:
        say(f"{problems[0]} The defaults hold.")
    click.echo(jsontext.canonical(config_values(found)) if as_json else config_toml(found), nl=as_json)


@config.command("check")
@click.argument("file", required=False)
@json_option
@click.pass_context
def check_config(ctx: click.Context, file: str | None, as_json: bool) -> None:
    """Check FILE, or the file in use; names the file, the key and what would be right. Exit code 1 for a fault."""
    from codelog.case import jsontext
    from codelog.terminal.config import config_path, load_config, read_config

    _, problems = load_config() if file is None else read_config(read_file(file), file)
    for problem in problems:
        if as_json:
            row = {"file": problem.file, "key": problem.key, "line": problem.line, "problem": problem.text}
            click.echo(jsontext.canonical(row))
        else:
            click.echo(str(problem))
    if problems:
        ctx.exit(NO)
    if not as_json:
        path = config_path()
        there = file is not None or path.exists()
        click.echo(f"{file or path}: {'sound' if there else 'there is no such file; the defaults hold'}")
