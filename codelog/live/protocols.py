"""Which protocol a case runs under, and where the files of protocols are kept for as long as their cases."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from codelog.case.codec import decode
from codelog.case.events import CaseOpened, ProtocolRef
from codelog.clinical.problems import ClinicalDataError, Problem
from codelog.clinical.protocols import DEFAULT_PROTOCOL, Protocol, load_protocol, shipped_protocols
from codelog.log.audit_stream import note_protocol
from codelog.log.errors import StoreError
from codelog.log.store import Store


@dataclass(frozen=True, slots=True)
class ProtocolFound:
    """The protocol of a case. `changed`: its file is no longer the one that the case was opened with."""

    protocol: Protocol
    changed: bool


def protocol_of(store: Store, case: str, terminal: str | None = None) -> ProtocolFound:
    """The protocol that a case runs under: the file it was opened with if it is still to be had, else the one of its id."""
    first = next(store.lines(case, terminal), None)
    opened = decode(first).data if first is not None else None
    return protocol_named_by(store, opened.protocol if isinstance(opened, CaseOpened) else None)


def protocol_named_by(store: Store, ref: ProtocolRef | None) -> ProtocolFound:
    """As `protocol_of`, from what the opening of the case says; None: it says nothing."""
    if ref is None:
        return ProtocolFound(load_protocol(DEFAULT_PROTOCOL), changed=True)
    if ref.id in shipped_protocols():
        protocol = load_protocol(ref.id)
        if protocol.digest == ref.digest:
            return ProtocolFound(protocol, changed=False)
    kept = _kept(store, ref.digest)
    if kept.exists():
        protocol = load_protocol(kept)
        return ProtocolFound(protocol, changed=protocol.digest != ref.digest)
    if ref.id in shipped_protocols():
        return ProtocolFound(load_protocol(ref.id), changed=True)
    raise ClinicalDataError(
        Problem(
            str(kept),
            "",
            f"the protocol {ref.id} that the case was opened with is not here; put its file there",
        )
    )


def keep_protocol(store: Store, protocol: Protocol) -> None:
    """Keep the file of a protocol beside the store, so that a case opened with it can be resumed for ever."""
    kept = _kept(store, protocol.digest)
    if kept.exists():
        return
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = kept.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(protocol.content)
    temporary.chmod(0o600)
    os.replace(temporary, kept)


def note_new_protocol(store: Store, protocol: Protocol) -> None:
    """Note in the audit stream that a case is about to be opened with a protocol that this store has not seen before.

    A store that cannot be written must not keep anybody from opening a case: the next opening notes it then.
    """
    try:
        note_protocol(store, protocol.digest, protocol.id, protocol.version)
    except StoreError:
        return


def _kept(store: Store, digest: str) -> Path:
    return store.path.parent / "protocols" / f"{digest}.toml"
