"""What several commands share: opening the store, reading files, printing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from codelog.clinical.protocols import Protocol
    from codelog.log.store import Store

json_option = click.option("--json", "as_json", is_flag=True, help="JSON Lines for programs.")


def reading(location: str | None) -> Store:
    """The store, for reading; one that does not exist is an error."""
    from codelog.log.store import open_store

    return open_store(location, read_only=True)


def writing(location: str | None, *, create: bool = True) -> Store:
    """The store, for writing; made if it does not exist, unless `create` is false."""
    from codelog.log.store import open_store

    return open_store(location, create=create)


def noted(location: str | None, kind: str, data: Mapping[str, Any]) -> None:
    """Note in the audit stream what is done. Where there is no store there is none; where it cannot be written, it is said."""
    from codelog.log.audit_stream import try_note
    from codelog.log.store import store_path

    path = store_path(location)
    if path.exists():
        _tell(try_note(path, kind, data))


def noted_view(store: Store, case: str, command: str) -> None:
    """Note in the audit stream that a case is looked at, if it is closed. Looking does not fail for it."""
    from codelog.log.audit_stream import note_view

    _tell(note_view(store, case, command))


def _tell(trouble: str | None) -> None:
    if trouble is not None:
        say(trouble)


def protocol_named(name: str | None) -> Protocol:
    """The protocol of a shipped id or a file's path; the default one without a name."""
    from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol

    return load_protocol(name or DEFAULT_PROTOCOL)


def read_file(path: str) -> bytes:
    """The bytes of a file named on the command line."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None


def write_lines(lines: Iterable[str]) -> None:
    """Print stored lines, each with its newline, as the bytes they are."""
    out = sys.stdout.buffer
    for line in lines:
        out.write(line.encode())
    out.flush()


def out(text: str) -> None:
    """Print a line for people, with whatever could act on a terminal made harmless."""
    from codelog.debrief.plain import plain

    click.echo(plain(text, 4000))


def say(message: str) -> None:
    """Tell the person, not the program that reads our output."""
    from codelog.debrief.plain import plain

    click.echo(f"codelog: {plain(message, 2000)}", err=True)
