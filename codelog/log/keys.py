"""Public keys: their ids, fingerprints and files, and whether one of them signed a note."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256

from codelog.log.notes import Note, key_id

_DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of every Ed25519 public key in DER."""

_BEGIN, _END = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public key of a terminal; `raw` are its 32 bytes."""

    signer: str
    raw: bytes

    @property
    def id(self) -> str:
        """The id that stands in signatures, 8 hex digits."""
        return key_id(self.signer, self.raw)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key in DER, 64 hex digits: what people compare, and `openssl` can compute."""
        return sha256(_DER + self.raw).hexdigest()

    @property
    def pem(self) -> str:
        """The key as `openssl` reads it."""
        return f"{_BEGIN}\n{base64.b64encode(_DER + self.raw).decode()}\n{_END}\n"

    def signed(self, note: Note) -> bool:
        """Whether this key made the signature of a note."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(note.signature, note.text.encode())
        except InvalidSignature:
            return False
        return True


def read_public_keys(signer: str, text: str) -> list[PublicKey]:
    """The public keys in a PEM file, of the terminal `signer`. Raises ValueError with a sentence."""
    keys = []
    for block in text.split(_BEGIN)[1:]:
        body, ended, _ = block.partition(_END)
        try:
            der = base64.b64decode("".join(body.split()), validate=True)
        except ValueError:
            der = b""
        if not ended or len(der) != len(_DER) + 32 or not der.startswith(_DER):
            raise ValueError("it has a key that is no Ed25519 public key")
        keys.append(PublicKey(signer, der[len(_DER) :]))
    if not keys:
        raise ValueError("it has no public key in PEM")
    return keys
