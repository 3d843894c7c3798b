"""The tables as the queries see them. The database itself is made by the migrations; a test holds the two equal."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

events = Table(
    "events",
    metadata,
    Column("case", Text, nullable=False),
    Column("terminal", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("line", Text, nullable=False),
    # Virtual: computed from the line at every reading, so there is nothing stored that could disagree with it.
    Column("kind", Text, Computed("json_extract(line, '$.kind')", persisted=False), nullable=False),
    Column("at", Text, Computed("json_extract(line, '$.at')", persisted=False), nullable=False),
    Column(
        "recorded_at", Text, Computed("json_extract(line, '$.recorded_at')", persisted=False), nullable=False
    ),
    PrimaryKeyConstraint("case", "terminal", "seq"),
    CheckConstraint(
        "json_type(line, '$.case') IS 'text' AND json_extract(line, '$.case') IS \"case\"",
        name="case_of_line",
    ),
    CheckConstraint(
        "json_type(line, '$.terminal') IS 'text' AND json_extract(line, '$.terminal') IS terminal",
        name="terminal_of_line",
    ),
    CheckConstraint(
        "json_type(line, '$.seq') IS 'integer' AND json_extract(line, '$.seq') IS seq", name="seq_of_line"
    ),
    CheckConstraint("seq >= 1", name="seq_from_one"),
    CheckConstraint("length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'", name="digest_form"),
    CheckConstraint("instr(line, char(10)) = length(line)", name="one_line"),
    # Both become part of file names in an export.
    CheckConstraint(
        'length("case") BETWEEN 1 AND 64 AND "case" NOT GLOB \'*[^0-9A-Za-z_-]*\'', name="case_form"
    ),
    CheckConstraint(
        "length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*'", name="terminal_form"
    ),
    sqlite_strict=True,
    # A hidden rowid would be a second key, by which INSERT OR REPLACE gets past a guard on the first.
    sqlite_with_rowid=False,
)

Index("ix_events_kind", events.c.case, events.c.kind)
Index("ix_events_stream", events.c.case, events.c.terminal, sqlite_where=text("seq = 1"))
Index("ix_events_begun", events.c.recorded_at, sqlite_where=text("seq = 1"))

installation = Table(
    "installation",
    metadata,
    Column("number", Integer, nullable=False),
    Column("terminal", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("number"),
    CheckConstraint(
        "length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*'", name="terminal_form"
    ),
    CheckConstraint("reason IN ('created', 'restored')", name="reason_known"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which terminal this file has been, in order; the last row is what it is now."""


audit_events = Table(
    "audit_events",
    metadata,
    Column("case", Text, nullable=False),
    Column("terminal", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("kind", Text, Computed("json_extract(line, '$.kind')", persisted=False), nullable=False),
    Column("at", Text, Computed("json_extract(line, '$.at')", persisted=False), nullable=False),
    PrimaryKeyConstraint("case", "terminal", "seq"),
    CheckConstraint(
        "json_type(line, '$.case') IS 'text' AND json_extract(line, '$.case') IS \"case\"",
        name="case_of_line",
    ),
    CheckConstraint(
        "json_type(line, '$.terminal') IS 'text' AND json_extract(line, '$.terminal') IS terminal",
        name="terminal_of_line",
    ),
    CheckConstraint(
        "json_type(line, '$.seq') IS 'integer' AND json_extract(line, '$.seq') IS seq", name="seq_of_line"
    ),
    CheckConstraint("seq >= 1", name="seq_from_one"),
    CheckConstraint("length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'", name="digest_form"),
    CheckConstraint("instr(line, char(10)) = length(line)", name="one_line"),
    CheckConstraint("\"case\" = 'audit'", name="no_case"),
    CheckConstraint(
        "length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*'", name="terminal_form"
    ),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Who looked: the audit streams of the terminals this file has been, in the form of `events`."""

Index("ix_audit_events_kind", audit_events.c.kind)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("case", Text, nullable=False),
    Column("terminal", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("case", "terminal", "count", "key"),
    CheckConstraint(
        "instr(note, 'codelog checkpoint 1' || char(10) || 'case ' || \"case\" || char(10) "
        "|| 'terminal ' || terminal || char(10) || 'count ' || count || char(10)) = 1",
        name="says_the_same",
    ),
    CheckConstraint("count >= 1", name="count_from_one"),
    CheckConstraint('length("key") = 8 AND "key" NOT GLOB \'*[^0-9a-f]*\'', name="key_form"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""The signed notes: of the stream's first `count` lines, signed with the key of that id."""
