"""the event log, its guards and its views"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """\
CREATE TABLE events (
    "case" TEXT NOT NULL,
    terminal TEXT NOT NULL,
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,
    line TEXT NOT NULL,
    kind TEXT NOT NULL GENERATED ALWAYS AS (json_extract(line, '$.kind')) VIRTUAL,
    at TEXT NOT NULL GENERATED ALWAYS AS (json_extract(line, '$.at')) VIRTUAL,
    recorded_at TEXT NOT NULL GENERATED ALWAYS AS (json_extract(line, '$.recorded_at')) VIRTUAL,
    CONSTRAINT pk_events PRIMARY KEY ("case", terminal, seq),
    CONSTRAINT ck_events_case_of_line
        CHECK (json_type(line, '$.case') IS 'text' AND json_extract(line, '$.case') IS "case"),
    CONSTRAINT ck_events_terminal_of_line
        CHECK (json_type(line, '$.terminal') IS 'text' AND json_extract(line, '$.terminal') IS terminal),
    CONSTRAINT ck_events_seq_of_line
        CHECK (json_type(line, '$.seq') IS 'integer' AND json_extract(line, '$.seq') IS seq),
    CONSTRAINT ck_events_seq_from_one CHECK (seq >= 1),
    CONSTRAINT ck_events_digest_form CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_events_one_line CHECK (instr(line, char(10)) = length(line)),
    CONSTRAINT ck_events_case_form
        CHECK (length("case") BETWEEN 1 AND 64 AND "case" NOT GLOB '*[^0-9A-Za-z_-]*'),
    CONSTRAINT ck_events_terminal_form
        CHECK (length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*')
) STRICT, WITHOUT ROWID""",
    'CREATE INDEX ix_events_kind ON events ("case", kind)',
    'CREATE INDEX ix_events_stream ON events ("case", terminal) WHERE seq = 1',
    "CREATE INDEX ix_events_begun ON events (recorded_at) WHERE seq = 1",
    """\
CREATE TABLE installation (
    number INTEGER NOT NULL,
    terminal TEXT NOT NULL,
    since TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_installation PRIMARY KEY (number),
    CONSTRAINT ck_installation_terminal_form
        CHECK (length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*'),
    CONSTRAINT ck_installation_reason_known CHECK (reason IN ('created', 'restored'))
) STRICT, WITHOUT ROWID""",
)

GUARDS = (
    """\
CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: events are never changed; amend them with a new event');
END""",
    """\
CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: events are never deleted; retract them with a new event');
END""",
    """\
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
    """\
CREATE TRIGGER installation_refuse_update BEFORE UPDATE ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is never changed');
END""",
    """\
CREATE TRIGGER installation_refuse_delete BEFORE DELETE ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is never deleted');
END""",
    """\
CREATE TRIGGER installation_only_append BEFORE INSERT ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is only ever continued')
    WHERE NEW.number IS NOT (SELECT count(*) + 1 FROM installation);
END""",
)

# The views are built of scalar subqueries and not of common table expressions: those would be computed for the
# whole file before WHERE "case" = ... could narrow them. References count within a stream and are written
# TERMINAL/NUMBER across streams.
CORRECTIONS = (
    """\
CREATE VIEW corrections AS
SELECT "case", terminal, seq, kind, recorded_at, line,
    terminal || '/' || seq AS reference,
    CASE json_type(line, '$.data.target')
        WHEN 'integer' THEN terminal || '/' || json_extract(line, '$.data.target')
        ELSE json_extract(line, '$.data.target')
    END AS target
FROM events
WHERE kind IN ('event.amended', 'event.retracted')""",
    # A retracted correction does nothing; the nesting is unrolled to a retraction of a retraction of a retraction.
    """\
CREATE VIEW corrections_in_force AS
SELECT * FROM corrections AS correction
WHERE NOT EXISTS (
    SELECT 1 FROM corrections AS second
    WHERE second."case" = correction."case" AND second.kind = 'event.retracted'
    AND second.target = correction.reference
    AND NOT EXISTS (
        SELECT 1 FROM corrections AS third
        WHERE third."case" = second."case" AND third.kind = 'event.retracted'
        AND third.target = second.reference
        AND NOT EXISTS (
            SELECT 1 FROM corrections AS fourth
            WHERE fourth."case" = third."case" AND fourth.kind = 'event.retracted'
            AND fourth.target = third.reference
        )
    )
)""",
)

# The changes in force for the event `entry`, one row a field: the last amendment of a field wins.
CHANGES = """\
        SELECT field.key, field.type, field.value,
            row_number() OVER (PARTITION BY field.key ORDER BY amendment.seq DESC, amendment.terminal DESC) AS place
        FROM corrections_in_force AS amendment, json_each(amendment.line, '$.data.changes') AS field
        WHERE amendment."case" = entry."case" AND amendment.kind = 'event.amended'
        AND amendment.target = entry.terminal || '/' || entry.seq"""

# An amended field is first removed and then set: setting alone would merge an object into the one it replaces.
AS_CORRECTED = f"""\
CREATE VIEW events_as_corrected AS
SELECT entry."case", entry.terminal, entry.seq, entry.kind,
    coalesce((
        SELECT value FROM (
{CHANGES}
        ) WHERE place = 1 AND key = 'at'
    ), entry.at) AS at,
    entry.recorded_at,
    json_extract(entry.line, '$.basis') AS basis,
    json_extract(entry.line, '$.by') AS entered_by,
    (
        SELECT json_patch(
            json_patch(json_extract(entry.line, '$.data'), json_group_object(key, NULL)),
            json_group_object(key, CASE type
                WHEN 'true' THEN json('true')
                WHEN 'false' THEN json('false')
                WHEN 'object' THEN json(value)
                WHEN 'array' THEN json(value)
                ELSE value
            END) FILTER (WHERE key <> 'at')
        ) FROM (
{CHANGES}
        ) WHERE place = 1
    ) AS data
FROM events AS entry
WHERE entry.kind NOT IN ('event.amended', 'event.retracted',
    'flag.raised', 'flag.acknowledged', 'flag.snoozed', 'flag.cleared')
AND (entry.kind = 'case.opened' OR NOT EXISTS (
    SELECT 1 FROM corrections_in_force AS retraction
    WHERE retraction."case" = entry."case" AND retraction.kind = 'event.retracted'
    AND retraction.target = entry.terminal || '/' || entry.seq
))"""


def same(alias: str, name: str) -> str:
    """Whether `data.name` of an event names what `start` started: N in its own stream, TERMINAL/N in any."""
    number = f"json_extract(start.data, '$.{name}')"
    return (
        f"json_extract({alias}.data, '$.{name}') IN "
        f"(iif({alias}.terminal = start.terminal, {number}, NULL), start.terminal || '/' || {number})"
    )


def of_subject(kinds: str, value: str, subject: str, order: str, condition: str = "") -> str:
    """Of the events about the same attempt or infusion as `start`, one value of the first or last."""
    return f"""(
        SELECT {value} FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ({kinds})
        AND {same("about", subject)}{condition}
        ORDER BY about.at {order}, about.terminal {order}, about.seq {order} LIMIT 1
    )"""


def latest(kind: str, name: str, subject: str) -> str:
    """The latest value that was said, else the one of the start; not being mentioned changes nothing."""
    field = f"json_extract(about.data, '$.{name}')"
    said = of_subject(kind, field, subject, "DESC", f" AND {field} IS NOT NULL")
    return f"coalesce({said}, json_extract(start.data, '$.{name}'))"


def starts(kinds: str, subject: str) -> str:
    """The starts; of two with one number the first counts."""
    return f"""FROM events_as_corrected AS start
WHERE start.kind IN ({kinds})
AND NOT EXISTS (
    SELECT 1 FROM events_as_corrected AS earlier
    WHERE earlier."case" = start."case" AND earlier.kind IN ({kinds})
    AND {same("earlier", subject)}
    AND (earlier.at, earlier.terminal, earlier.seq) < (start.at, start.terminal, start.seq)
)"""


ATTEMPT_STARTS = "'access.attempt_started', 'access.present'"
# What was said to have happened before the start counts from the start.
SINCE_START = "max(about.at, start.at)"
DESCRIBED = "'access.attempt_described'"
DETAILS = "".join(
    f"    {latest(DESCRIBED, name, 'attempt')} AS {name},\n"
    for name in ("site", "side", "device", "gauge", "needle_mm", "operator", "operator_role")
)


def end_of_attempt(value: str) -> str:
    return of_subject("'access.attempt_ended'", value, "attempt", "ASC")


ACCESS_ATTEMPTS = f"""\
CREATE VIEW access_attempts AS
SELECT start."case", start.terminal,
    json_extract(start.data, '$.attempt') AS attempt,
    json_extract(start.data, '$.route') AS route,
{DETAILS}    start.at AS started_at,
    CASE start.kind WHEN 'access.present' THEN start.at ELSE {end_of_attempt(SINCE_START)} END AS ended_at,
    CASE start.kind WHEN 'access.present' THEN 'established' ELSE {
    end_of_attempt("json_extract(about.data, '$.outcome')")
} END AS outcome,
    {end_of_attempt("json_extract(about.data, '$.reason')")} AS reason,
    {of_subject("'access.confirmed'", SINCE_START, "attempt", "ASC")} AS confirmed_at,
    {of_subject("'access.lost'", SINCE_START, "attempt", "ASC")} AS lost_at,
    {of_subject("'access.removed'", SINCE_START, "attempt", "ASC")} AS removed_at,
    start.kind = 'access.present' AS present,
    start.seq
{starts(ATTEMPT_STARTS, "attempt")}"""

CHANGED = "'infusion.changed'"
STOPPED = "'infusion.stopped'"

INFUSIONS = f"""\
CREATE VIEW infusions AS
SELECT start."case", start.terminal,
    json_extract(start.data, '$.infusion') AS infusion,
    json_extract(start.data, '$.fluid') AS fluid,
    json_extract(start.data, '$.route') AS route,
    json_extract(start.data, '$.attempt') AS attempt,
    start.at AS started_at,
    {of_subject(STOPPED, "about.at", "infusion", "ASC")} AS stopped_at,
    json_extract(start.data, '$.volume') AS volume_ordered,
    {of_subject(STOPPED, "json_extract(about.data, '$.volume')", "infusion", "ASC")} AS volume_given,
    {latest(CHANGED, "rate", "infusion")} AS rate,
    {latest(CHANGED, "dose_rate", "infusion")} AS dose_rate,
    {of_subject(STOPPED, "json_extract(about.data, '$.reason')", "infusion", "ASC")} AS stop_reason,
    start.seq
{starts("'infusion.started'", "infusion")}"""


def of_flag(kind: str, value: str, order: str) -> str:
    """Of the answers to the flag `raised`, one value of the first or last. Flags and answers are never corrected."""
    return f"""(
        SELECT {value} FROM events AS answer
        WHERE answer."case" = raised."case" AND answer.kind = '{kind}'
        AND CASE json_type(answer.line, '$.data.flag')
            WHEN 'integer' THEN answer.terminal || '/' || json_extract(answer.line, '$.data.flag')
            ELSE json_extract(answer.line, '$.data.flag')
        END = raised.terminal || '/' || json_extract(raised.line, '$.data.flag')
        ORDER BY answer.at {order}, answer.terminal {order}, answer.seq {order} LIMIT 1
    )"""


FLAGS = f"""\
CREATE VIEW flags AS
SELECT raised."case", raised.terminal,
    json_extract(raised.line, '$.data.flag') AS flag,
    json_extract(raised.line, '$.data.rule') AS rule,
    json_extract(raised.line, '$.data.basis') AS basis,
    json_extract(raised.line, '$.data.priority') AS priority,
    json_extract(raised.line, '$.data.attempt') AS attempt,
    json_extract(raised.line, '$.data.entry') AS entry,
    json_extract(raised.line, '$.data.text') AS text,
    raised.at AS raised_at,
    json_extract(raised.line, '$.data.due_at') AS due_at,
    {of_flag("flag.acknowledged", "json_extract(answer.line, '$.data.action')", "DESC")} AS answer,
    {of_flag("flag.acknowledged", "answer.at", "DESC")} AS answered_at,
    {of_flag("flag.acknowledged", "json_extract(answer.line, '$.data.reason')", "DESC")} AS reason,
    {of_flag("flag.cleared", "answer.at", "ASC")} AS cleared_at,
    {of_flag("flag.cleared", "json_extract(answer.line, '$.data.because')", "ASC")} AS because,
    raised.seq
FROM events AS raised
WHERE raised.kind = 'flag.raised'"""


def upgrade() -> None:
    connection = op.get_bind()
    for statement in (*TABLES, *GUARDS, *CORRECTIONS, AS_CORRECTED, ACCESS_ATTEMPTS, INFUSIONS, FLAGS):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError(
        "a store is not taken back to an older form; restore the backup that the upgrade made: codelog db restore FILE"
    )
