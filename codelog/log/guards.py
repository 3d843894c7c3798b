"""The triggers that keep the log append-only, inside the file, for whatever program opens it."""

from __future__ import annotations

from sqlalchemy import Connection

from codelog.log.errors import StoreDamaged

_EVENT_LOG = {
    "events_refuse_update": """\
CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: events are never changed; amend them with a new event');
END""",
    "events_refuse_delete": """\
CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: events are never deleted; retract them with a new event');
END""",
    "events_only_append": """\
CREATE TRIGGER events_only_append BEFORE INSERT ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: this event is in the log already, and events are never replaced')
    WHERE EXISTS (
        SELECT 1 FROM events WHERE "case" = NEW."case" AND terminal = NEW.terminal AND seq = NEW.seq
    );
    SELECT RAISE(ABORT, 'codelog: the log has no gaps, and the event before this one is missing')
    WHERE NEW.seq > 1 AND NOT EXISTS (
        SELECT 1 FROM events WHERE "case" = NEW."case" AND terminal = NEW.terminal AND seq = NEW.seq - 1
    );
    SELECT RAISE(ABORT, 'codelog: the prev of this event is not the digest of the event before it')
    WHERE json_extract(NEW.line, '$.prev') IS NOT coalesce(
        (SELECT digest FROM events WHERE "case" = NEW."case" AND terminal = NEW.terminal AND seq = NEW.seq - 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
    );
END""",
    "installation_refuse_update": """\
CREATE TRIGGER installation_refuse_update BEFORE UPDATE ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is never changed');
END""",
    "installation_refuse_delete": """\
CREATE TRIGGER installation_refuse_delete BEFORE DELETE ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is never deleted');
END""",
    "installation_only_append": """\
CREATE TRIGGER installation_only_append BEFORE INSERT ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is only ever continued')
    WHERE NEW.number IS NOT (SELECT count(*) + 1 FROM installation);
END""",
}

_AUDIT = {
    "audit_events_refuse_update": """\
CREATE TRIGGER audit_events_refuse_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: the audit stream is never changed');
END""",
    "audit_events_refuse_delete": """\
CREATE TRIGGER audit_events_refuse_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: the audit stream is never shortened');
END""",
    "audit_events_only_append": """\
CREATE TRIGGER audit_events_only_append BEFORE INSERT ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: this event is in the audit stream already, and events are never replaced')
    WHERE EXISTS (
        SELECT 1 FROM audit_events
        WHERE "case" = NEW."case" AND terminal = NEW.terminal AND seq = NEW.seq
    );
    SELECT RAISE(ABORT, 'codelog: the audit stream has no gaps, and the event before this one is missing')
    WHERE NEW.seq > 1 AND NOT EXISTS (
        SELECT 1 FROM audit_events
        WHERE "case" = NEW."case" AND terminal = NEW.terminal AND seq = NEW.seq - 1
    );
    SELECT RAISE(ABORT, 'codelog: the prev of this event is not the digest of the event before it')
    WHERE json_extract(NEW.line, '$.prev') IS NOT coalesce(
        (SELECT digest FROM audit_events
        WHERE "case" = NEW."case" AND terminal = NEW.terminal AND seq = NEW.seq - 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
    );
END""",
    "checkpoints_refuse_update": """\
CREATE TRIGGER checkpoints_refuse_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: checkpoints are never changed');
END""",
    "checkpoints_refuse_delete": """\
CREATE TRIGGER checkpoints_refuse_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: checkpoints are never deleted');
END""",
    "checkpoints_only_append": """\
CREATE TRIGGER checkpoints_only_append BEFORE INSERT ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: this checkpoint is here already, and checkpoints are never replaced')
    WHERE EXISTS (
        SELECT 1 FROM checkpoints
        WHERE "case" = NEW."case" AND terminal = NEW.terminal AND count = NEW.count AND "key" = NEW."key"
    );
END""",
}

GUARDS = _EVENT_LOG | _AUDIT
"""Name of each trigger -> its exact text in the file."""


def guards_of(revision: str) -> dict[str, str]:
    """The triggers of a store of a known revision, as `GUARDS`."""
    return _EVENT_LOG if revision == "0001" else GUARDS


def guard_faults(connection: Connection, guards: dict[str, str] = GUARDS) -> list[str]:
    """What is wrong with the triggers of a store, one sentence each; empty when they are as they should be."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = {name: sql for name, sql in rows}
    faults = [
        f"the guard {name} is {'altered' if name in found else 'missing'}"
        for name, sql in guards.items()
        if found.get(name) != sql
    ]
    return faults + [
        f"there is a trigger {name} that is not codelog's" for name in sorted(found.keys() - guards.keys())
    ]


def check_guards(connection: Connection) -> None:
    """Raise StoreDamaged, naming the first trigger that is missing, altered or foreign."""
    if faults := guard_faults(connection):
        raise StoreDamaged(
            f"{faults[0]}, so this store may have been changed by hand; run `codelog db check`"
        )
