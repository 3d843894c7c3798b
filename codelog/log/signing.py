"""The terminal's signing key: Ed25519, one for each terminal, in a file beside the store and never in it.

The audit stream is the record of the keys: which was made, which followed which, which came from elsewhere.
"""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from codelog.log import files
from codelog.log.audit_kinds import KEY_MADE, KEY_RECEIVED, KEY_ROTATED
from codelog.log.audit_stream import AuditEvent, auditing, read_events
from codelog.log.errors import KeyUnusable, translated
from codelog.log.keys import PublicKey, read_public_keys
from codelog.log.notes import Note
from codelog.log.store import Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs, and its public half."""

    public: PublicKey
    private: Ed25519PrivateKey

    def sign(self, text: str) -> Note:
        """The signed note of a text, which ends in a newline."""
        return Note(text, self.public.signer, self.public.id, self.private.sign(text.encode()))


def known_keys(connection: Connection) -> dict[str, PublicKey]:
    """Every public key that the audit streams of a store name, by its id: own ones, old ones, received ones."""
    events = read_events(connection, [KEY_MADE, KEY_ROTATED, KEY_RECEIVED])
    return {key.id: key for key in map(_named_in, events) if key is not None}


def current_key(connection: Connection, terminal: str) -> PublicKey | None:
    """The key that a terminal signs with now, as its audit stream says; None before the first."""
    events = read_events(connection, [KEY_MADE, KEY_ROTATED])
    keys = [_named_in(event) for event in events if event.terminal == terminal]
    return keys[-1] if keys else None


def key_file(store: Path, terminal: str) -> Path:
    """Where the private key of a terminal lies."""
    return store.with_name(f"{terminal}.key")


def ensure_key(store: Path) -> None:
    """Make the signing key of the store's terminal if it has never had one. Raises StoreError."""
    with auditing(store) as tail:
        terminal = tail.terminal
        if current_key(tail.connection, terminal) is None:
            public = _new_key(store, terminal)
            tail.append(KEY_MADE, {"command": "first start", **_named(public)})
    _settle(store, terminal)


def load_signer(store: Path) -> Signer:
    """The signing key of the store's terminal, made if it has never had one. Raises KeyUnusable or StoreError."""
    terminal, current = _current(store)
    if current is None:
        ensure_key(store)
        terminal, current = _current(store)
        assert current is not None
    _settle(store, terminal)
    file = key_file(store, terminal)
    signer = _read(file, terminal)
    if signer is None:
        raise KeyUnusable(
            f"{file}, the signing key of terminal {terminal}, is missing: put it back, or make another "
            "with `codelog signing rotate --lost`"
        )
    if signer.public != current:
        raise KeyUnusable(
            f"{file} holds key {signer.public.id}, but terminal {terminal} signs with {current.id}: put the right "
            "one back, or make another with `codelog signing rotate --lost`"
        )
    return signer


def rotate(store: Path, *, lost: bool = False) -> PublicKey:
    """Give the terminal another key and return it. The old key signs the change, unless it is `lost`."""
    old = None if lost else load_signer(store)
    with auditing(store) as tail:
        terminal = tail.terminal
        before = current_key(tail.connection, terminal)
        if old is not None and old.public != before:
            raise KeyUnusable("another process has just changed the signing key; try again")
        public = _new_key(store, terminal)
        data = {
            "command": "codelog signing rotate" + (" --lost" if lost else ""),
            "old": None if before is None else before.id,
            **_named(public),
        }
        if old is None:
            tail.append(KEY_MADE, data)
        else:
            text = rotation_text(terminal, old.public.id, public)
            tail.append(KEY_ROTATED, data | {"note": old.sign(text).write()})
    _settle(store, terminal)
    return public


def rotation_text(terminal: str, old: str, new: PublicKey) -> str:
    """What the old key signs when another takes its place."""
    raw = base64.b64encode(new.raw).decode()
    return f"codelog key rotation 1\nterminal {terminal}\nold {old}\nnew {new.id}\npublic {raw}\n"


def receive_keys(store: Path, keys: list[PublicKey], command: str) -> None:
    """Note public keys that came with an import, so that its checkpoints can be verified here. Raises StoreError."""
    with auditing(store) as tail:
        known = known_keys(tail.connection)
        for key in keys:
            if key.id not in known:
                tail.append(KEY_RECEIVED, {"command": command, **_named(key)})


def public_keys(store: Store, signer: str) -> str:
    """The public keys of a terminal that this store knows, in PEM, the newest first; empty if there is none."""
    with store.reading() as connection:
        keys = [key for key in known_keys(connection).values() if key.signer == signer]
    return "".join(key.pem for key in reversed(keys))


def _current(store: Path) -> tuple[str, PublicKey | None]:
    from codelog.log.store import open_store

    with open_store(store, create=False, read_only=True) as opened, opened.reading() as connection:
        return opened.terminal, current_key(connection, opened.terminal)


def _named(key: PublicKey) -> dict[str, str]:
    return {"signer": key.signer, "key": key.id, "public_key": key.pem}


def _named_in(event: AuditEvent) -> PublicKey | None:
    try:
        return read_public_keys(event.data["signer"], event.data["public_key"])[0]
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _waiting(store: Path, terminal: str) -> Path:
    return store.with_name(f"{terminal}.key.new")


def _new_key(store: Path, terminal: str) -> PublicKey:
    """Write a new private key into a file that waits until the audit stream says that it holds."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    waiting = _waiting(store, terminal)
    with translated(waiting):
        waiting.unlink(missing_ok=True)
        descriptor = os.open(waiting, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        files.sync(waiting)
    return PublicKey(terminal, private.public_key().public_bytes_raw())


def _settle(store: Path, terminal: str) -> None:
    """Let the key that the audit stream names take its place, also when an earlier run ended before it did."""
    waiting, file = _waiting(store, terminal), key_file(store, terminal)
    if not waiting.exists():
        return
    _, current = _current(store)
    signer = _read(waiting, terminal)
    if signer is None or current is None or signer.public != current:
        return
    with translated(file):
        try:
            os.replace(waiting, file)
        except FileNotFoundError:
            # Another process was quicker.
            return
        files.sync(file.parent)


def _read(file: Path, terminal: str) -> Signer | None:
    """The private key in a file; None if there is none. Raises KeyUnusable."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise KeyUnusable(
                f"{file}, the signing key, is open to others (mode {mode:03o}); run `chmod 600 {file}`"
            )
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyUnusable(f"{file}, the signing key, cannot be read: {error.strerror}") from None
    try:
        private = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(
            f"{file} is no Ed25519 key: put the right one back, or make another with `codelog signing rotate --lost`"
        )
    return Signer(PublicKey(terminal, private.public_key().public_bytes_raw()), private)
