"""`codelog keys`: the keys of the terminal, and the card to lie beside the keyboard."""

from __future__ import annotations

import click

from codelog.cli.common import json_option, say


@click.command(short_help="List the keys, or print a key card.")
@click.option("--card", is_flag=True, help="One page to print and to lie beside the keyboard.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html"]),
    default=None,
    help="Of the card; text by default.",
)
@json_option
def keys(card: bool, form: str | None, as_json: bool) -> None:
    """List what each key of the scribe terminal does, with the keys chosen in the configuration."""
    from codelog.case import jsontext
    from codelog.terminal.actions import GROUPS
    from codelog.terminal.config import load_config
    from codelog.terminal.keycard import card_html, card_text

    if form is not None and not card:
        raise click.UsageError("--format is the format of the card; write --card as well")
    if card and as_json:
        raise click.UsageError("--card is for people and --json for programs; choose one")
    config, problems = load_config()
    if problems:
        say(f"{problems[0]} These are the default keys.")
    if card:
        click.echo((card_html if form == "html" else card_text)(config.keymap), nl=False)
        return
    for group in GROUPS:
        if not as_json:
            click.echo(group)
        for action in config.keymap.in_group(group):
            if as_json:
                row = {
                    "id": action.id,
                    "key": action.key_words,
                    "name": action.name,
                    "words": action.words,
                    "group": group,
                }
                click.echo(jsontext.canonical(row))
            else:
                click.echo(f"  {action.key_words:>5}  {action.id:20}  {action.name}: {action.words}")
