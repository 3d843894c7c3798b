"""`codelog watch`: a case on a second screen."""

from __future__ import annotations

import os
import sys

import click

from codelog.cli.common import noted_view, reading


@click.command(short_help="Show a live case, read-only, on a second screen.")
@click.argument("case")
@click.pass_obj
def watch(location: str | None, case: str) -> int:
    """Show CASE in large letters to everybody in the room, as it is recorded: the beginning of its id, or `last`.

    Nothing can be entered there. F10 leaves.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()) and "TEXTUAL_DRIVER" not in os.environ:
        raise click.UsageError("watching needs a terminal; without one, use codelog show")
    with reading(location) as store:
        found = store.find_case(case)
        noted_view(store, found, "codelog watch")
        from codelog.terminal.watch_app import run_watch

        return run_watch(store, found)
