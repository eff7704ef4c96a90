"""The log of operations and the first release's records."""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database

_LOG = """
CREATE TABLE operation (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo', 'event')),
    target_id INTEGER REFERENCES operation (id),
    title     TEXT NOT NULL,
    detail    TEXT NOT NULL DEFAULT '',
    actor     TEXT NOT NULL DEFAULT '',
    at        TEXT NOT NULL
) STRICT;
CREATE INDEX operation_target ON operation (target_id);
-- One row while an operation runs, none otherwise: the audit triggers read it, so that nothing is written outside one.
CREATE TABLE working (operation_id INTEGER NOT NULL) STRICT;
CREATE TABLE change (
    id           INTEGER PRIMARY KEY,
    operation_id INTEGER NOT NULL REFERENCES operation (id),
    record       TEXT NOT NULL,
    row_id       INTEGER NOT NULL,
    before       TEXT,
    after        TEXT,
    CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT;
CREATE INDEX change_operation ON change (operation_id);
CREATE INDEX change_row ON change (record, row_id);
"""

_RECORDS = """
CREATE TABLE office (
    id       INTEGER PRIMARY KEY,
    item     TEXT NOT NULL,
    content  TEXT
) STRICT;
CREATE UNIQUE INDEX office_key ON office (item);

CREATE TABLE disaster_prone (
    id        INTEGER PRIMARY KEY,
    start_on  TEXT NOT NULL,
    end_on    TEXT,
    basis     TEXT,
    CHECK (end_on IS NULL OR end_on >= start_on)
) STRICT;
CREATE UNIQUE INDEX disaster_prone_key ON disaster_prone (start_on, ifnull(end_on, ''), ifnull(basis, ''));

CREATE TABLE responsibility (
    id        INTEGER PRIMARY KEY,
    matter    TEXT NOT NULL,
    role      TEXT NOT NULL,
    holder    TEXT NOT NULL,
    start_on  TEXT NOT NULL,
    end_on    TEXT,
    basis     TEXT,
    CHECK (end_on IS NULL OR end_on >= start_on)
) STRICT;
CREATE UNIQUE INDEX responsibility_key ON responsibility (matter, role, holder, start_on);

CREATE TABLE team (
    id                          INTEGER PRIMARY KEY,
    name                        TEXT NOT NULL,
    code                        TEXT,
    managing_org                TEXT NOT NULL,
    managing_kind               TEXT,
    parent_id                   INTEGER REFERENCES team (id),
    team_type                   TEXT,
    primary_domain              TEXT NOT NULL,
    other_domains               TEXT,
    established_on              TEXT NOT NULL,
    dissolved_on                TEXT,
    suspended_from              TEXT,
    suspended_until             TEXT,
    team_leader                 TEXT,
    leader_phone                TEXT,
    platform_group_id           TEXT,
    platform_registered_on      TEXT,
    civil_reg_status            TEXT,
    civil_registered_on         TEXT,
    uscc                        TEXT,
    full_party_members          INTEGER,
    probationary_party_members  INTEGER,
    party_counted_on            TEXT,
    party_org_name              TEXT,
    party_org_kind              TEXT,
    party_org_founded_on        TEXT,
    party_org_ended_on          TEXT,
    note                        TEXT,
    CHECK (dissolved_on IS NULL OR dissolved_on >= established_on),
    CHECK (suspended_until IS NULL OR suspended_from IS NULL OR suspended_until >= suspended_from),
    CHECK (party_org_ended_on IS NULL OR party_org_founded_on IS NULL OR party_org_ended_on >= party_org_founded_on)
) STRICT;
CREATE UNIQUE INDEX team_key ON team (name);
CREATE INDEX team_parent_id ON team (parent_id);

CREATE TABLE volunteer (
    id                      INTEGER PRIMARY KEY,
    name                    TEXT NOT NULL,
    id_type                 TEXT NOT NULL,
    id_number               TEXT NOT NULL,
    sex                     TEXT,
    birth_date              TEXT,
    phone                   TEXT,
    registered_on           TEXT NOT NULL,
    left_on                 TEXT,
    platform_id             TEXT,
    platform_registered_on  TEXT,
    sources                 TEXT,
    guardian                TEXT,
    guardian_phone          TEXT,
    verified_on             TEXT,
    note                    TEXT,
    CHECK (left_on IS NULL OR left_on >= registered_on)
) STRICT;
CREATE UNIQUE INDEX volunteer_key ON volunteer (id_type, id_number);

CREATE TABLE membership (
    id            INTEGER PRIMARY KEY,
    team_id       INTEGER NOT NULL REFERENCES team (id),
    volunteer_id  INTEGER NOT NULL REFERENCES volunteer (id),
    role          TEXT,
    joined_on     TEXT NOT NULL,
    left_on       TEXT,
    CHECK (left_on IS NULL OR left_on >= joined_on)
) STRICT;
CREATE UNIQUE INDEX membership_key ON membership (team_id, volunteer_id, joined_on);
CREATE INDEX membership_volunteer_id ON membership (volunteer_id);

CREATE TABLE training (
    id               INTEGER PRIMARY KEY,
    code             TEXT NOT NULL,
    name             TEXT NOT NULL,
    category         TEXT NOT NULL,
    start_on         TEXT NOT NULL,
    end_on           TEXT,
    class_minutes    INTEGER NOT NULL,
    place            TEXT,
    organiser        TEXT,
    team_id          INTEGER REFERENCES team (id),
    instructors      TEXT,
    has_blood_topic  TEXT,
    person_times     INTEGER,
    note             TEXT,
    CHECK (end_on IS NULL OR end_on >= start_on)
) STRICT;
CREATE UNIQUE INDEX training_key ON training (code);
CREATE INDEX training_team_id ON training (team_id);

CREATE TABLE attendance (
    id                  INTEGER PRIMARY KEY,
    training_id         INTEGER NOT NULL REFERENCES training (id),
    volunteer_id        INTEGER NOT NULL REFERENCES volunteer (id),
    team_id             INTEGER REFERENCES team (id),
    attended_minutes    INTEGER,
    result              TEXT,
    certificate         TEXT,
    certificate_number  TEXT,
    certified_on        TEXT,
    valid_until         TEXT,
    CHECK (valid_until IS NULL OR certified_on IS NULL OR valid_until >= certified_on)
) STRICT;
CREATE UNIQUE INDEX attendance_key ON attendance (training_id, volunteer_id);
CREATE INDEX attendance_volunteer_id ON attendance (volunteer_id);
CREATE INDEX attendance_team_id ON attendance (team_id);

CREATE TABLE insurance_policy (
    id               INTEGER PRIMARY KEY,
    policy_number    TEXT NOT NULL,
    insurer          TEXT NOT NULL,
    product          TEXT NOT NULL,
    policyholder     TEXT,
    cover_mode       TEXT NOT NULL,
    start_on         TEXT NOT NULL,
    end_on           TEXT NOT NULL,
    sum_insured_fen  INTEGER,
    premium_fen      INTEGER,
    fund_source      TEXT,
    note             TEXT,
    CHECK (end_on >= start_on)
) STRICT;
CREATE UNIQUE INDEX insurance_policy_key ON insurance_policy (policy_number);

CREATE TABLE coverage (
    id            INTEGER PRIMARY KEY,
    policy_id     INTEGER NOT NULL REFERENCES insurance_policy (id),
    volunteer_id  INTEGER NOT NULL REFERENCES volunteer (id),
    team_id       INTEGER REFERENCES team (id),
    start_on      TEXT,
    end_on        TEXT,
    CHECK (end_on IS NULL OR start_on IS NULL OR end_on >= start_on)
) STRICT;
CREATE UNIQUE INDEX coverage_key ON coverage (policy_id, volunteer_id, ifnull(start_on, ''));
CREATE INDEX coverage_volunteer_id ON coverage (volunteer_id);
CREATE INDEX coverage_team_id ON coverage (team_id);

CREATE TABLE fund_entry (
    id                INTEGER PRIMARY KEY,
    entry_on          TEXT NOT NULL,
    team_id           INTEGER REFERENCES team (id),
    direction         TEXT NOT NULL,
    category          TEXT NOT NULL,
    fund_source       TEXT,
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    earmark           TEXT,
    counterpart       TEXT,
    voucher           TEXT,
    reverses_voucher  TEXT,
    summary           TEXT
) STRICT;
CREATE UNIQUE INDEX fund_entry_key ON fund_entry (ifnull(voucher, ''), entry_on, ifnull(team_id, 0), direction, amount_fen);
CREATE INDEX fund_entry_team_id ON fund_entry (team_id);

CREATE TABLE activity (
    id                     INTEGER PRIMARY KEY,
    code                   TEXT NOT NULL,
    name                   TEXT NOT NULL,
    category               TEXT NOT NULL,
    topic                  TEXT,
    start_on               TEXT NOT NULL,
    end_on                 TEXT,
    place                  TEXT,
    place_kind             TEXT,
    host_team_id           INTEGER REFERENCES team (id),
    theme_day              TEXT,
    is_winter_campaign     TEXT,
    with_blood_station     TEXT,
    with_health_authority  TEXT,
    has_risk               TEXT,
    audience               INTEGER,
    note                   TEXT,
    CHECK (end_on IS NULL OR end_on >= start_on)
) STRICT;
CREATE UNIQUE INDEX activity_key ON activity (code);
CREATE INDEX activity_host_team_id ON activity (host_team_id);

CREATE TABLE service_record (
    id               INTEGER PRIMARY KEY,
    volunteer_id     INTEGER NOT NULL REFERENCES volunteer (id),
    team_id          INTEGER NOT NULL REFERENCES team (id),
    activity_id      INTEGER REFERENCES activity (id),
    served_on        TEXT NOT NULL,
    service_minutes  INTEGER NOT NULL,
    content          TEXT,
    has_proof        TEXT,
    is_synced        TEXT
) STRICT;
CREATE UNIQUE INDEX service_record_key ON service_record (volunteer_id, team_id, ifnull(activity_id, 0), served_on, service_minutes, ifnull(content, ''), ifnull(has_proof, ''), ifnull(is_synced, ''));
CREATE INDEX service_record_team_id ON service_record (team_id);
CREATE INDEX service_record_activity_id ON service_record (activity_id);

CREATE TABLE work_record (
    id            INTEGER PRIMARY KEY,
    category      TEXT NOT NULL,
    recorded_on   TEXT NOT NULL,
    title         TEXT NOT NULL,
    team_id       INTEGER REFERENCES team (id),
    counterpart   TEXT,
    partner_kind  TEXT,
    topics        TEXT,
    subcategory   TEXT,
    channel       TEXT,
    quantity      INTEGER,
    valid_from    TEXT,
    valid_until   TEXT,
    doc_number    TEXT,
    note          TEXT,
    CHECK (valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from)
) STRICT;
CREATE UNIQUE INDEX work_record_key ON work_record (category, recorded_on, title, ifnull(team_id, 0));
CREATE INDEX work_record_team_id ON work_record (team_id);

CREATE TABLE venue (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    venue_type  TEXT NOT NULL,
    team_id     INTEGER REFERENCES team (id),
    opened_on   TEXT NOT NULL,
    closed_on   TEXT,
    functions   TEXT,
    CHECK (closed_on IS NULL OR closed_on >= opened_on)
) STRICT;
CREATE UNIQUE INDEX venue_key ON venue (name, venue_type);
CREATE INDEX venue_team_id ON venue (team_id);

CREATE TABLE township (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL,
    division_code  TEXT
) STRICT;
CREATE UNIQUE INDEX township_key ON township (name);

CREATE TABLE blood_target (
    id                   INTEGER PRIMARY KEY,
    year                 INTEGER NOT NULL,
    unit                 TEXT NOT NULL,
    scope                TEXT NOT NULL,
    target_units         INTEGER NOT NULL,
    employees            INTEGER,
    unemployed_citizens  INTEGER,
    planned_persons      INTEGER,
    blood_reserve        INTEGER,
    reserve_reported_on  TEXT
) STRICT;
CREATE UNIQUE INDEX blood_target_key ON blood_target (year, unit, scope);

CREATE TABLE blood_result (
    id            INTEGER PRIMARY KEY,
    donated_on    TEXT NOT NULL,
    unit          TEXT NOT NULL,
    scope         TEXT NOT NULL,
    person_times  INTEGER NOT NULL,
    ml            INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX blood_result_key ON blood_result (donated_on, unit, scope, person_times, ml);

CREATE TABLE office_parameter (
    id      INTEGER PRIMARY KEY,
    clause  TEXT NOT NULL,
    name    TEXT NOT NULL,
    day     TEXT NOT NULL,
    basis   TEXT
) STRICT;
CREATE UNIQUE INDEX office_parameter_key ON office_parameter (clause, name);
-- What the quarter's figures read, in the order they read it.
CREATE INDEX membership_by_team ON membership (team_id, joined_on, left_on, volunteer_id);
CREATE INDEX membership_by_person ON membership (volunteer_id, joined_on, left_on, team_id);
CREATE INDEX coverage_by_person ON coverage (volunteer_id, policy_id, start_on, end_on);
CREATE INDEX training_by_day ON training (start_on);
CREATE INDEX fund_entry_by_team ON fund_entry (team_id, entry_on, direction, amount_fen);
CREATE INDEX activity_by_day ON activity (start_on, host_team_id);
CREATE INDEX service_by_team ON service_record (team_id, served_on, service_minutes, volunteer_id);
CREATE INDEX service_by_day ON service_record (served_on, team_id, service_minutes);
"""


@MIGRATIONS()
def m001_log_and_records(db: "Database") -> None:
    """The log of operations and the first release's records."""
    run(db, _LOG)
    run(db, _RECORDS)
