"""The kinds of events in a terminal's audit stream."""

from __future__ import annotations

AUDIT = "audit"
"""What stands in the place of a case."""

VIEWED = "audit.viewed"
EXPORTED = "audit.exported"
IMPORTED = "audit.imported"
VERIFIED = "audit.verified"
BACKED_UP = "audit.backed_up"
RESTORED = "audit.restored"
RECORDED = "audit.recorded"
PROTOCOL_USED = "audit.protocol_used"
READ = "audit.read"
KEY_MADE = "audit.key_made"
KEY_ROTATED = "audit.key_rotated"
KEY_RECEIVED = "audit.key_received"

KINDS = {
    VIEWED: "looked at a closed case",
    EXPORTED: "exported",
    IMPORTED: "imported",
    VERIFIED: "verified",
    BACKED_UP: "backed up the store",
    RESTORED: "restored the store",
    RECORDED: "recorded a scenario",
    PROTOCOL_USED: "used a protocol for the first time",
    READ: "read the audit stream",
    KEY_MADE: "made a signing key",
    KEY_ROTATED: "changed the signing key",
    KEY_RECEIVED: "received a public key",
}
"""Every kind, and what it says of who did it."""
