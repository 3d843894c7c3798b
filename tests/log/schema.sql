-- index ix_audit_events_kind
CREATE INDEX ix_audit_events_kind ON audit_events (kind)

-- index ix_events_begun
CREATE INDEX ix_events_begun ON events (recorded_at) WHERE seq = 1

-- index ix_events_kind
CREATE INDEX ix_events_kind ON events ("case", kind)

-- index ix_events_stream
CREATE INDEX ix_events_stream ON events ("case", terminal) WHERE seq = 1

-- index sqlite_autoindex_alembic_version_1
automatic

-- table alembic_version
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)

-- table audit_events
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
) STRICT, WITHOUT ROWID

-- table checkpoints
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
) STRICT, WITHOUT ROWID

-- table events
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
) STRICT, WITHOUT ROWID

-- table installation
CREATE TABLE installation (
    number INTEGER NOT NULL,
    terminal TEXT NOT NULL,
    since TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_installation PRIMARY KEY (number),
    CONSTRAINT ck_installation_terminal_form
        CHECK (length(terminal) BETWEEN 1 AND 64 AND terminal NOT GLOB '*[^0-9A-Za-z_-]*'),
    CONSTRAINT ck_installation_reason_known CHECK (reason IN ('created', 'restored'))
) STRICT, WITHOUT ROWID

-- trigger audit_events_only_append
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
END

-- trigger audit_events_refuse_delete
CREATE TRIGGER audit_events_refuse_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: the audit stream is never shortened');
END

-- trigger audit_events_refuse_update
CREATE TRIGGER audit_events_refuse_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'codelog: the audit stream is never changed');
END

-- trigger checkpoints_only_append
CREATE TRIGGER checkpoints_only_append BEFORE INSERT ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: this checkpoint is here already, and checkpoints are never replaced')
    WHERE EXISTS (
        SELECT 1 FROM checkpoints
        WHERE "case" = NEW."case" AND terminal = NEW.terminal AND count = NEW.count AND "key" = NEW."key"
    );
END

-- trigger checkpoints_refuse_delete
CREATE TRIGGER checkpoints_refuse_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: checkpoints are never deleted');
END

-- trigger checkpoints_refuse_update
CREATE TRIGGER checkpoints_refuse_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'codelog: checkpoints are never changed');
END

-- trigger events_only_append
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
END

-- trigger events_refuse_delete
CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: events are never deleted; retract them with a new event');
END

-- trigger events_refuse_update
CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'codelog: events are never changed; amend them with a new event');
END

-- trigger installation_only_append
CREATE TRIGGER installation_only_append BEFORE INSERT ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is only ever continued')
    WHERE NEW.number IS NOT (SELECT count(*) + 1 FROM installation);
END

-- trigger installation_refuse_delete
CREATE TRIGGER installation_refuse_delete BEFORE DELETE ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is never deleted');
END

-- trigger installation_refuse_update
CREATE TRIGGER installation_refuse_update BEFORE UPDATE ON installation
BEGIN
    SELECT RAISE(ABORT, 'codelog: the history of this installation is never changed');
END

-- view access_attempts
CREATE VIEW access_attempts AS
SELECT start."case", start.terminal,
    json_extract(start.data, '$.attempt') AS attempt,
    json_extract(start.data, '$.route') AS route,
    coalesce((
        SELECT json_extract(about.data, '$.site') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.site') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.site')) AS site,
    coalesce((
        SELECT json_extract(about.data, '$.side') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.side') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.side')) AS side,
    coalesce((
        SELECT json_extract(about.data, '$.device') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.device') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.device')) AS device,
    coalesce((
        SELECT json_extract(about.data, '$.gauge') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.gauge') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.gauge')) AS gauge,
    coalesce((
        SELECT json_extract(about.data, '$.needle_mm') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.needle_mm') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.needle_mm')) AS needle_mm,
    coalesce((
        SELECT json_extract(about.data, '$.operator') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.operator') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.operator')) AS operator,
    coalesce((
        SELECT json_extract(about.data, '$.operator_role') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_described')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt')) AND json_extract(about.data, '$.operator_role') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.operator_role')) AS operator_role,
    start.at AS started_at,
    CASE start.kind WHEN 'access.present' THEN start.at ELSE (
        SELECT max(about.at, start.at) FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_ended')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) END AS ended_at,
    CASE start.kind WHEN 'access.present' THEN 'established' ELSE (
        SELECT json_extract(about.data, '$.outcome') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_ended')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) END AS outcome,
    (
        SELECT json_extract(about.data, '$.reason') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.attempt_ended')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS reason,
    (
        SELECT max(about.at, start.at) FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.confirmed')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS confirmed_at,
    (
        SELECT max(about.at, start.at) FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.lost')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS lost_at,
    (
        SELECT max(about.at, start.at) FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('access.removed')
        AND json_extract(about.data, '$.attempt') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS removed_at,
    start.kind = 'access.present' AS present,
    start.seq
FROM events_as_corrected AS start
WHERE start.kind IN ('access.attempt_started', 'access.present')
AND NOT EXISTS (
    SELECT 1 FROM events_as_corrected AS earlier
    WHERE earlier."case" = start."case" AND earlier.kind IN ('access.attempt_started', 'access.present')
    AND json_extract(earlier.data, '$.attempt') IN (iif(earlier.terminal = start.terminal, json_extract(start.data, '$.attempt'), NULL), start.terminal || '/' || json_extract(start.data, '$.attempt'))
    AND (earlier.at, earlier.terminal, earlier.seq) < (start.at, start.terminal, start.seq)
)

-- view corrections
CREATE VIEW corrections AS
SELECT "case", terminal, seq, kind, recorded_at, line,
    terminal || '/' || seq AS reference,
    CASE json_type(line, '$.data.target')
        WHEN 'integer' THEN terminal || '/' || json_extract(line, '$.data.target')
        ELSE json_extract(line, '$.data.target')
    END AS target
FROM events
WHERE kind IN ('event.amended', 'event.retracted')

-- view corrections_in_force
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
)

-- view events_as_corrected
CREATE VIEW events_as_corrected AS
SELECT entry."case", entry.terminal, entry.seq, entry.kind,
    coalesce((
        SELECT value FROM (
        SELECT field.key, field.type, field.value,
            row_number() OVER (PARTITION BY field.key ORDER BY amendment.seq DESC, amendment.terminal DESC) AS place
        FROM corrections_in_force AS amendment, json_each(amendment.line, '$.data.changes') AS field
        WHERE amendment."case" = entry."case" AND amendment.kind = 'event.amended'
        AND amendment.target = entry.terminal || '/' || entry.seq
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
        SELECT field.key, field.type, field.value,
            row_number() OVER (PARTITION BY field.key ORDER BY amendment.seq DESC, amendment.terminal DESC) AS place
        FROM corrections_in_force AS amendment, json_each(amendment.line, '$.data.changes') AS field
        WHERE amendment."case" = entry."case" AND amendment.kind = 'event.amended'
        AND amendment.target = entry.terminal || '/' || entry.seq
        ) WHERE place = 1
    ) AS data
FROM events AS entry
WHERE entry.kind NOT IN ('event.amended', 'event.retracted',
    'flag.raised', 'flag.acknowledged', 'flag.snoozed', 'flag.cleared')
AND (entry.kind = 'case.opened' OR NOT EXISTS (
    SELECT 1 FROM corrections_in_force AS retraction
    WHERE retraction."case" = entry."case" AND retraction.kind = 'event.retracted'
    AND retraction.target = entry.terminal || '/' || entry.seq
))

-- view flags
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
    (
        SELECT json_extract(answer.line, '$.data.action') FROM events AS answer
        WHERE answer."case" = raised."case" AND answer.kind = 'flag.acknowledged'
        AND CASE json_type(answer.line, '$.data.flag')
            WHEN 'integer' THEN answer.terminal || '/' || json_extract(answer.line, '$.data.flag')
            ELSE json_extract(answer.line, '$.data.flag')
        END = raised.terminal || '/' || json_extract(raised.line, '$.data.flag')
        ORDER BY answer.at DESC, answer.terminal DESC, answer.seq DESC LIMIT 1
    ) AS answer,
    (
        SELECT answer.at FROM events AS answer
        WHERE answer."case" = raised."case" AND answer.kind = 'flag.acknowledged'
        AND CASE json_type(answer.line, '$.data.flag')
            WHEN 'integer' THEN answer.terminal || '/' || json_extract(answer.line, '$.data.flag')
            ELSE json_extract(answer.line, '$.data.flag')
        END = raised.terminal || '/' || json_extract(raised.line, '$.data.flag')
        ORDER BY answer.at DESC, answer.terminal DESC, answer.seq DESC LIMIT 1
    ) AS answered_at,
    (
        SELECT json_extract(answer.line, '$.data.reason') FROM events AS answer
        WHERE answer."case" = raised."case" AND answer.kind = 'flag.acknowledged'
        AND CASE json_type(answer.line, '$.data.flag')
            WHEN 'integer' THEN answer.terminal || '/' || json_extract(answer.line, '$.data.flag')
            ELSE json_extract(answer.line, '$.data.flag')
        END = raised.terminal || '/' || json_extract(raised.line, '$.data.flag')
        ORDER BY answer.at DESC, answer.terminal DESC, answer.seq DESC LIMIT 1
    ) AS reason,
    (
        SELECT answer.at FROM events AS answer
        WHERE answer."case" = raised."case" AND answer.kind = 'flag.cleared'
        AND CASE json_type(answer.line, '$.data.flag')
            WHEN 'integer' THEN answer.terminal || '/' || json_extract(answer.line, '$.data.flag')
            ELSE json_extract(answer.line, '$.data.flag')
        END = raised.terminal || '/' || json_extract(raised.line, '$.data.flag')
        ORDER BY answer.at ASC, answer.terminal ASC, answer.seq ASC LIMIT 1
    ) AS cleared_at,
    (
        SELECT json_extract(answer.line, '$.data.because') FROM events AS answer
        WHERE answer."case" = raised."case" AND answer.kind = 'flag.cleared'
        AND CASE json_type(answer.line, '$.data.flag')
            WHEN 'integer' THEN answer.terminal || '/' || json_extract(answer.line, '$.data.flag')
            ELSE json_extract(answer.line, '$.data.flag')
        END = raised.terminal || '/' || json_extract(raised.line, '$.data.flag')
        ORDER BY answer.at ASC, answer.terminal ASC, answer.seq ASC LIMIT 1
    ) AS because,
    raised.seq
FROM events AS raised
WHERE raised.kind = 'flag.raised'

-- view infusions
CREATE VIEW infusions AS
SELECT start."case", start.terminal,
    json_extract(start.data, '$.infusion') AS infusion,
    json_extract(start.data, '$.fluid') AS fluid,
    json_extract(start.data, '$.route') AS route,
    json_extract(start.data, '$.attempt') AS attempt,
    start.at AS started_at,
    (
        SELECT about.at FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('infusion.stopped')
        AND json_extract(about.data, '$.infusion') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.infusion'), NULL), start.terminal || '/' || json_extract(start.data, '$.infusion'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS stopped_at,
    json_extract(start.data, '$.volume') AS volume_ordered,
    (
        SELECT json_extract(about.data, '$.volume') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('infusion.stopped')
        AND json_extract(about.data, '$.infusion') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.infusion'), NULL), start.terminal || '/' || json_extract(start.data, '$.infusion'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS volume_given,
    coalesce((
        SELECT json_extract(about.data, '$.rate') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('infusion.changed')
        AND json_extract(about.data, '$.infusion') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.infusion'), NULL), start.terminal || '/' || json_extract(start.data, '$.infusion')) AND json_extract(about.data, '$.rate') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.rate')) AS rate,
    coalesce((
        SELECT json_extract(about.data, '$.dose_rate') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('infusion.changed')
        AND json_extract(about.data, '$.infusion') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.infusion'), NULL), start.terminal || '/' || json_extract(start.data, '$.infusion')) AND json_extract(about.data, '$.dose_rate') IS NOT NULL
        ORDER BY about.at DESC, about.terminal DESC, about.seq DESC LIMIT 1
    ), json_extract(start.data, '$.dose_rate')) AS dose_rate,
    (
        SELECT json_extract(about.data, '$.reason') FROM events_as_corrected AS about
        WHERE about."case" = start."case" AND about.kind IN ('infusion.stopped')
        AND json_extract(about.data, '$.infusion') IN (iif(about.terminal = start.terminal, json_extract(start.data, '$.infusion'), NULL), start.terminal || '/' || json_extract(start.data, '$.infusion'))
        ORDER BY about.at ASC, about.terminal ASC, about.seq ASC LIMIT 1
    ) AS stop_reason,
    start.seq
FROM events_as_corrected AS start
WHERE start.kind IN ('infusion.started')
AND NOT EXISTS (
    SELECT 1 FROM events_as_corrected AS earlier
    WHERE earlier."case" = start."case" AND earlier.kind IN ('infusion.started')
    AND json_extract(earlier.data, '$.infusion') IN (iif(earlier.terminal = start.terminal, json_extract(start.data, '$.infusion'), NULL), start.terminal || '/' || json_extract(start.data, '$.infusion'))
    AND (earlier.at, earlier.terminal, earlier.seq) < (start.at, start.terminal, start.seq)
)

