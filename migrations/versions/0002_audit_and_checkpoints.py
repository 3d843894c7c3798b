"""the terminal's audit stream and the signed checkpoints, with their guards"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """\
CREATE TABLE audit_events (
    "case" TEXT NOT NULL,
    terminal TEXT NOT NULL,
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,
    line TEXT NOT NULL,
    kind TEXT NOT NULL GENERATED ALWAYS AS (json_extract(line, '$.kind')) VIRTUAL,
    at TEXT NOT NULL GENERATED ALWAYS AS (json_extract(line, '$.at')) VIRTUAL,
    CONSTRAINT pk_audit_events PRIMARY KEY ("case", terminal, seq),
    CONSTRAINT ck_audit_events_case_of_line
        CHECK (json_type(line, '$.case') IS 'text' AND json_extract(line, '$.case') IS "case"),
    CONSTRAINT ck_audit_events_terminal_of_line
        CHECK (json_type(line, '$.terminal') IS 'text' AND json_extract(line, '$.terminal') IS terminal),
    CONSTRAINT ck_audit_events_seq_of_line
        CHECK (json_type(line, '$.seq') IS 'integer' AND json_extract(line, '$.seq') IS seq),
    CONSTRAINT ck_audit_events_seq_from_one CHECK (seq >= 1),
    CONSTRAINT ck_audit_events_digest_form CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_audit_events_one_line CHECK (instr(line, char(10)) = length(line)),
    CONSTRAINT ck_audit_events_no_case CHECK ("case" = 'audit'),
    CONSTRAINT ck_audit_events_terminal_form
        CHECK (length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*')
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX ix_audit_events_kind ON audit_events (kind)",
    """\
CREATE TABLE checkpoints (
    "case" TEXT NOT NULL,
    terminal TEXT NOT NULL,
    count INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_checkpoints PRIMARY KEY ("case", terminal, count, "key"),
    CONSTRAINT ck_checkpoints_says_the_same CHECK (instr(note, 'codelog checkpoint 1' || char(10)
        || 'case ' || "case" || char(10) || 'terminal ' || terminal || char(10)
        || 'count ' || count || char(10)) = 1),
    CONSTRAINT ck_checkpoints_count_from_one CHECK (count >= 1),
    CONSTRAINT ck_checkpoints_key_form CHECK (length("key") = 8 AND "key" NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID""",
)

GUARDS = (
    """\
CREATE TRIGGER audit_events_refuse_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: the audit stream is never changed');
END""",
    """\
CREATE TRIGGER audit_events_refuse_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: the audit stream is never shortened');
END""",
    """\
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
    """\
CREATE TRIGGER checkpoints_refuse_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: checkpoints are never changed');
END""",
    """\
CREATE TRIGGER checkpoints_refuse_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: checkpoints are never deleted');
END""",
    """\
CREATE TRIGGER checkpoints_only_append BEFORE INSERT ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: this checkpoint is here already, and checkpoints are never replaced')
    WHERE EXISTS (
        SELECT 1 FROM checkpoints
        WHERE "case" = NEW."case" AND terminal = NEW.terminal AND count = NEW.count AND "key" = NEW."key"
    );
END""",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in (*TABLES, *GUARDS):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError(
        "a store is not taken back to an older form; restore the backup that the upgrade made: codelog db restore FILE"
    )
