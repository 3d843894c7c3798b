"""The triggers that keep the log append-only, inside the file, for whatever program opens it."""

from __future__ import annotations

from sqlalchemy import Connection

from codelog.log.errors import StoreDamaged

GUARDS = {
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
"""Name of each trigger -> its exact text in the file."""


def guard_faults(connection: Connection) -> list[str]:
    """What is wrong with the triggers of a store, one sentence each; empty when they are as they should be."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = {name: sql for name, sql in rows}
    faults = [
        f"the guard {name} is {'altered' if name in found else 'missing'}"
        for name, sql in GUARDS.items()
        if found.get(name) != sql
    ]
    return faults + [
        f"there is a trigger {name} that is not codelog's" for name in sorted(found.keys() - GUARDS.keys())
    ]


def check_guards(connection: Connection) -> None:
    """Raise StoreDamaged, naming the first trigger that is missing, altered or foreign."""
    if faults := guard_faults(connection):
        raise StoreDamaged(
            f"{faults[0]}, so this store may have been changed by hand; run `codelog db check`"
        )
