"""The signed notes that go with exported streams: how many lines were handed out, and to what the last one hashes."""

from __future__ import annotations

from codelog.log import checkpoints, files
from codelog.log.audit_stream import SOFTWARE
from codelog.log.chain import Intact
from codelog.log.errors import KeyUnusable, StoreError
from codelog.log.notes import Checkpoint, SignedCheckpoint
from codelog.log.signing import Signer, load_signer, public_keys
from codelog.log.store import Store


class CheckpointSource:
    """The stored checkpoint of a stream's end, or one that is signed now and kept.

    `trouble` says why checkpoints could not be made or kept (the store cannot be written, say), or is None.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._signer: Signer | None = None
        self.trouble: str | None = None

    def checkpoint(self, case: str, terminal: str, end: Intact) -> SignedCheckpoint | None:
        """The checkpoint of a stream up to `end`; None in a store that has no key and can be given none.

        Raises KeyUnusable.
        """
        with self._store.reading() as connection:
            stored = checkpoints.of_stream(connection, case, terminal)
        signed = next((known for known in stored if known.checkpoint.end == end), None)
        if signed is None:
            signer = self._ready()
            if signer is None:
                return None
            checkpoint = Checkpoint(case, terminal, end.count, end.head, files.now(), SOFTWARE)
            signed = SignedCheckpoint(checkpoint, signer.sign(checkpoint.text()))
            self._keep(signed)
        return signed

    def public_keys(self, signer: str) -> bytes:
        """The public keys of a terminal that this store knows, as PEM."""
        return public_keys(self._store, signer).encode()

    def _ready(self) -> Signer | None:
        if self._signer is None and self.trouble is None:
            try:
                self._signer = load_signer(self._store.path)
            except KeyUnusable:
                raise
            except StoreError as error:
                self.trouble = str(error)
        return self._signer

    def _keep(self, signed: SignedCheckpoint) -> None:
        try:
            checkpoints.keep(self._store, signed.note.write())
        except StoreError as error:
            # What is handed out is signed all the same.
            self.trouble = str(error)
