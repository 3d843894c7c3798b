"""`codelog signing`: show the terminal's key, change it."""

from __future__ import annotations

import click

from codelog.cli.common import json_option, out, reading, say


@click.group(short_help="Show or change the terminal's signing key.", no_args_is_help=False)
def signing() -> None:
    """The key with which this terminal signs how far its log goes."""


@signing.command("show")
@json_option
@click.pass_obj
def show_key(location: str | None, as_json: bool) -> None:
    """Print the terminal's public key in PEM, its id and its SHA-256. Keep a copy where the terminal cannot reach it."""
    from codelog.case import jsontext
    from codelog.log.errors import KeyUnusable
    from codelog.log.signing import current_key

    with reading(location) as store, store.reading() as connection:
        key = current_key(connection, store.terminal)
        if key is None:
            raise KeyUnusable(
                f"terminal {store.terminal} has no signing key yet; it is made with the first checkpoint"
            )
    if as_json:
        row = {"terminal": key.signer, "key": key.id, "sha256": key.fingerprint, "pem": key.pem}
        out(jsontext.canonical(row))
    else:
        click.echo(key.pem, nl=False)
        say(f"key {key.id} of terminal {key.signer}, SHA-256 {key.fingerprint}")


@signing.command("rotate")
@click.option("--lost", is_flag=True, help="The old key is gone, so nothing signs the change.")
@click.pass_obj
def rotate_key(location: str | None, lost: bool) -> None:
    """Give the terminal another key. The change stands in the audit stream, signed with the old key."""
    from codelog.log.signing import rotate
    from codelog.log.store import store_path

    key = rotate(store_path(location), lost=lost)
    say(f"terminal {key.signer} signs with key {key.id} from now on, SHA-256 {key.fingerprint}")
