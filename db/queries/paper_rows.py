"""Reads behind the papers: lists of people, trainings, policies, entries and results for a quarter's last day.

Counts and sums come from `db.queries.figures`; here are only the rows that stand beside them. Every read takes a `Scope` and
returns plain rows; `READS` names them for the papers, which know no connection.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.queries.conditions import COVERED, ML_PER_UNIT, existing_team, on_platform, own_team, present, whole_area
from db.queries.derived import SPANS
from db.queries.figures import COUNTED, days_of
from db.queries.provincial import collected
from db.records.kinds import IdNumber, clean
from db.records.numbers_in_text import starred
from db.storage.store import Store

Rows = list[dict[str, Any]]

_THIS_TEAM = "(:team IS NULL OR t.id = :team)"


@dataclass(frozen=True)
class Scope:
    """What a paper is about: a period, up to its end or to a day of it, and where it is about one team or one volunteer, which."""

    quarter: Period
    as_of: dt.date | None = None
    team: int | None = None
    person: int | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """The scope as the parameters of a read."""
        q = self.quarter
        return {
            **days_of(q, self.as_of),
            "first_quarter": str(q.quarters[0]), "last_quarter": str(q.quarters[-1]), "year": q.year, "team": self.team, "person": self.person,
            "ml_per_unit": ML_PER_UNIT,
        }  # fmt: skip


def roster(store: Store, scope: Scope) -> Rows:
    """Return the members on the day, team by team, those with a role first."""
    return store.query(
        f"""WITH covered AS ({COVERED})
            SELECT t.name AS team, v.id AS volunteer_id, v.name, v.sex, v.id_number, v.phone, v.platform_id, m.role, m.joined_on,
                   v.id IN covered AS insured
              FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id JOIN volunteer AS v ON v.id = m.volunteer_id
             WHERE {present()} AND {_THIS_TEAM}
             ORDER BY {own_team()} DESC, t.id,
                      CASE m.role WHEN 'team_leader' THEN 0 WHEN 'deputy_leader' THEN 1 WHEN 'backbone' THEN 2 ELSE 3 END,
                      m.joined_on, v.id""",
        scope.parameters,
    )


def trainings(store: Store, scope: Scope) -> Rows:
    """Return the quarter's trainings with those who took part; for a team, those meant for it or with its members."""
    return store.query(
        f"""WITH {COUNTED},
            took_part AS (
                SELECT training_id, count(*) AS n, sum(minutes) AS minutes FROM counted GROUP BY training_id)
            SELECT r.id, r.code, r.name, r.category, r.start_on, r.end_on, r.place, r.organiser, r.instructors,
                   r.class_minutes, t.name AS team,
                   coalesce(p.n, (SELECT person_times FROM headcounts WHERE id = r.id), 0) AS person_times,
                   p.minutes,
                   (SELECT sum(result = 'passed' AND result IS NOT NULL) FROM attendance WHERE training_id = r.id) AS passed
              FROM training AS r LEFT JOIN team AS t ON t.id = r.team_id LEFT JOIN took_part AS p ON p.training_id = r.id
             WHERE r.start_on BETWEEN :start AND :as_of
               AND (:team IS NULL OR r.team_id = :team OR EXISTS (
                    SELECT 1 FROM attendance AS a LEFT JOIN effective_membership AS m ON a.team_id IS NULL
                           AND m.volunteer_id = a.volunteer_id AND {present(day="r.start_on")}
                     WHERE a.training_id = r.id AND coalesce(a.team_id, m.team_id) = :team))
             ORDER BY r.start_on, r.id""",
        scope.parameters,
    )


def attendees(store: Store, scope: Scope) -> Rows:
    """Return who is down for the quarter's trainings, with the team named or the first team of that day."""
    return store.query(
        f"""SELECT a.training_id, v.name,
                  coalesce(t.name, (SELECT o.name FROM effective_membership AS m JOIN team AS o ON o.id = m.team_id
                                     WHERE m.volunteer_id = v.id AND {present(day="r.start_on")} ORDER BY o.id LIMIT 1)) AS team
             FROM attendance AS a JOIN training AS r ON r.id = a.training_id JOIN volunteer AS v ON v.id = a.volunteer_id
             LEFT JOIN team AS t ON t.id = a.team_id
            WHERE r.start_on BETWEEN :start AND :as_of ORDER BY a.training_id, team, a.id""",
        scope.parameters,
    )


def policies(store: Store, scope: Scope) -> Rows:
    """Return the policies in force on the day, each with the persons on its list who are covered then."""
    return store.query(
        """SELECT p.policy_number, p.insurer, p.product, p.policyholder, p.cover_mode, p.start_on, p.end_on,
                   p.sum_insured_fen, p.premium_fen, p.fund_source,
                   (SELECT count(DISTINCT c.volunteer_id) FROM coverage_span AS c
                     WHERE c.policy_id = p.id AND c.start_on <= :as_of AND c.end_on >= :as_of) AS persons
              FROM insurance_policy AS p WHERE p.start_on <= :as_of AND p.end_on >= :as_of ORDER BY p.end_on, p.id""",
        scope.parameters,
    )


def uncovered(store: Store, scope: Scope) -> Rows:
    """Return the members without a coverage on the day: their teams, and when a coverage ended or will begin."""
    return store.query(
        f"""WITH covered AS ({COVERED}),
            present AS (
                SELECT m.volunteer_id, t.id AS team_id, t.name AS team FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
                 WHERE {present()} AND {_THIS_TEAM} GROUP BY m.volunteer_id, t.id),
            ends AS (
                SELECT c.volunteer_id, max(c.end_on) FILTER (WHERE c.end_on < :as_of) AS ended_on,
                       min(c.start_on) FILTER (WHERE c.start_on > :as_of) AS begins_on
                  FROM coverage_span AS c WHERE c.cover_mode = 'named_list' GROUP BY c.volunteer_id)
            SELECT v.name, v.phone, e.ended_on, e.begins_on, {on_platform()} AS on_platform,
                   (SELECT group_concat(team, '、') FROM (
                        SELECT team FROM present WHERE volunteer_id = v.id ORDER BY team_id)) AS teams
              FROM volunteer AS v LEFT JOIN ends AS e ON e.volunteer_id = v.id
             WHERE v.id IN (SELECT volunteer_id FROM present) AND v.id NOT IN covered
             ORDER BY (SELECT min(team_id) FROM present WHERE volunteer_id = v.id), v.id""",
        scope.parameters,
    )


def entries(store: Store, scope: Scope) -> Rows:
    """Return the quarter's money entries, team by team; `team` is empty for what the office shares.

    A reversal stands in the direction of what it reverses, with a minus; 期初结余 is no entry of any quarter.
    """
    return store.query(
        f"""SELECT f.entry_on, f.voucher, t.name AS team, n.direction, n.category, n.fund_source, n.amount_fen,
                   f.earmark, f.counterpart, f.summary
              FROM fund_entry AS f JOIN netted_entry AS n ON n.id = f.id LEFT JOIN team AS t ON t.id = f.team_id
             WHERE f.entry_on BETWEEN :start AND :as_of AND NOT n.is_opening AND {_THIS_TEAM}
             ORDER BY t.id IS NULL, {own_team()} DESC, t.id, f.entry_on, f.id""",
        scope.parameters,
    )


def public_teams(store: Store, scope: Scope) -> Rows:
    """Return what may be told in public of every team of ours that stands, beside its figures."""
    return store.query(
        f"""SELECT name, team_leader, primary_domain, other_domains FROM team AS t
             WHERE {own_team()} AND {existing_team()} ORDER BY id""",
        scope.parameters,
    )


def gifts(store: Store, scope: Scope) -> Rows:
    """Return one row of what was given and what became of it since New Year: money by 资金来源 捐赠, goods by their value."""
    given = collected(store, Period.parse(str(scope.quarter.year)), scope.as_of or scope.quarter.end)
    spent = store.query(
        """SELECT coalesce(sum(amount_fen), 0) AS fen FROM netted_entry
            WHERE direction = 'expense' AND fund_source = 'donation' AND NOT is_opening
              AND entry_on BETWEEN :new_year AND :as_of""",
        scope.parameters,
    )[0]["fen"]
    return [{
        "income_fen": given["income_from_donation_fen"], "expense_fen": spent,
        "received_fen": given["goods_received_fen"], "issued_fen": given["goods_issued_fen"],
    }]  # fmt: skip


def evidence(store: Store, scope: Scope) -> Rows:
    """Return the quarter's evidence, clause by clause."""
    return store.query(
        """SELECT e.clause, a.name, a.effective_on, a.uploaded_on, a.note, a.sha256
             FROM evidence AS e JOIN attachment AS a ON a.id = e.attachment_id
            WHERE e.quarter BETWEEN :first_quarter AND :last_quarter ORDER BY e.clause, a.effective_on, e.id""",
        scope.parameters,
    )


def archive(store: Store, scope: Scope) -> Rows:
    """Return the files of the teams that stand on the day, and the vouchers of the period's entries; `note` says whose."""
    return store.query(
        f"""SELECT 'team_file' AS kind, a.name, a.effective_on, a.uploaded_on, t.name AS note, a.sha256
              FROM team_file AS f JOIN attachment AS a ON a.id = f.attachment_id JOIN team AS t ON t.id = f.team_id
             WHERE {existing_team()}
            UNION ALL
            SELECT * FROM (
                SELECT 'fund_voucher', a.name, a.effective_on, a.uploaded_on, trim(e.entry_on || ' ' || ifnull(e.summary, e.category)), a.sha256
                  FROM fund_voucher AS f JOIN attachment AS a ON a.id = f.attachment_id
                  JOIN fund_entry AS e ON e.id = f.fund_entry_id
                 WHERE e.entry_on BETWEEN :start AND :as_of ORDER BY e.entry_on, f.id)""",
        scope.parameters,
    )


def person(store: Store, scope: Scope) -> Rows:
    """Return the one volunteer, and the service up to the day: minutes and times.

    ``opening_minutes`` were served before the ledger, until ``opening_until``; None where that day is still to come.
    """
    return store.query(
        """SELECT CASE WHEN ifnull(v.opening_until, '') <= :as_of THEN v.opening_minutes END AS opening_minutes,
                  v.opening_until, v.name, v.sex, v.birth_date, v.id_type, v.id_number, v.phone, v.platform_id,
                  v.registered_on, v.left_on, v.guardian, v.sources,
                  (SELECT coalesce(sum(service_minutes), 0) FROM service_record
                    WHERE volunteer_id = v.id AND served_on <= :as_of) AS minutes,
                  (SELECT count(*) FROM service_record WHERE volunteer_id = v.id AND served_on <= :as_of) AS times
             FROM volunteer AS v WHERE v.id = :person""",
        scope.parameters,
    )


def person_teams(store: Store, scope: Scope) -> Rows:
    """Return the one volunteer's times in teams, up to the day."""
    return store.query(
        """SELECT t.name AS team, m.role, m.joined_on,
                  CASE WHEN m.ended_on <= :as_of THEN m.ended_on END AS left_on
             FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
            WHERE m.volunteer_id = :person AND m.joined_on <= :as_of ORDER BY m.joined_on, m.id""",
        scope.parameters,
    )


def person_services(store: Store, scope: Scope) -> Rows:
    """Return the one volunteer's service records up to the day, and the sum of each year on its last record."""
    return store.query(
        """SELECT s.served_on, t.name AS team, a.name AS activity, s.content, s.service_minutes,
                  sum(s.service_minutes) OVER year AS year_minutes, substr(s.served_on, 1, 4) AS year,
                  lead(s.id) OVER (PARTITION BY substr(s.served_on, 1, 4) ORDER BY s.served_on, s.id) IS NULL AS is_last
             FROM service_record AS s JOIN team AS t ON t.id = s.team_id LEFT JOIN activity AS a ON a.id = s.activity_id
            WHERE s.volunteer_id = :person AND s.served_on <= :as_of
           WINDOW year AS (PARTITION BY substr(s.served_on, 1, 4))
            ORDER BY s.served_on, s.id""",
        scope.parameters,
    )


def person_covers(store: Store, scope: Scope) -> Rows:
    """Return the one volunteer's cover, the latest end first: policy, from when to when, and how it stands on the day."""
    return store.query(
        f"""SELECT p.policy_number, p.insurer, p.product, s.first_on, s.last_on,
                  CASE WHEN s.last_on < :as_of THEN 'expired' WHEN s.first_on > :as_of THEN 'later' ELSE 'active' END AS state
             FROM ({SPANS}) AS s JOIN insurance_policy AS p ON p.id = s.policy_id
            WHERE s.volunteer_id = :person ORDER BY s.last_on DESC, s.first_on DESC, p.id""",
        scope.parameters,
    )


def person_trainings(store: Store, scope: Scope) -> Rows:
    """Return the trainings that the one volunteer was expected at, up to the day, the latest first, with certificates."""
    return store.query(
        """SELECT t.name, t.category, t.start_on, ifnull(a.attended_minutes, t.class_minutes) AS minutes, a.result,
                  a.certificate, a.certificate_number, a.certified_on, a.valid_until
             FROM attendance AS a JOIN training AS t ON t.id = a.training_id
            WHERE a.volunteer_id = :person AND t.start_on <= :as_of ORDER BY t.start_on DESC, a.id DESC""",
        scope.parameters,
    )


def person_years(store: Store, scope: Scope) -> Rows:
    """Return the one volunteer's service year by year, up to the day, the latest first: ``minutes`` and ``times``."""
    return store.query(
        """SELECT substr(served_on, 1, 4) AS year, sum(service_minutes) AS minutes, count(*) AS times
             FROM service_record WHERE volunteer_id = :person AND served_on <= :as_of GROUP BY 1 ORDER BY 1 DESC""",
        scope.parameters,
    )


def person_posts(store: Store, scope: Scope) -> Rows:
    """Return the posts of the one volunteer: in teams (but 队员), as the leader a team names, and 责任分工 by the name."""
    return store.query(
        """SELECT t.name AS place, m.role AS team_role, NULL AS matter, NULL AS duty, m.joined_on AS start_on,
                  CASE WHEN m.ended_on <= :as_of THEN m.ended_on END AS end_on
             FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
            WHERE m.volunteer_id = :person AND m.role <> 'member' AND m.joined_on <= :as_of
           UNION ALL
           SELECT NULL, NULL, r.matter, r.role, r.start_on, r.end_on
             FROM responsibility AS r JOIN volunteer AS v ON v.name = r.holder
            WHERE v.id = :person AND r.start_on <= :as_of
            ORDER BY 5 DESC""",
        scope.parameters,
    )


def person_consents(store: Store, scope: Scope) -> Rows:
    """Return what one volunteer agreed to up to the day, the latest first."""
    return store.query(
        """SELECT matter, given_on, CASE WHEN withdrawn_on <= :as_of THEN withdrawn_on END AS withdrawn_on, given_by, form,
                  notice
             FROM consent WHERE volunteer_id = :person AND given_on <= :as_of ORDER BY given_on DESC, id""",
        scope.parameters,
    )


def report_facts(store: Store, scope: Scope) -> Rows:
    """Return one row of what the report's text tells beside the figures: names of teams, first aid, blood donation.

    Counts within the period: ``audience`` (None: nowhere entered), ``headcounts`` (trainings known by their head-count
    alone), ``first_aid`` and its ``certified`` persons, ``publicity``, ``recruitment`` and ``theme_days`` (day=number,
    joined by commas); since New Year: ``consultations``.
    """
    counts = collected(store, scope.quarter, scope.as_of)
    year = collected(store, Period.parse(str(scope.quarter.year)), scope.as_of or scope.quarter.end)
    words = store.query(
        """WITH days AS (
                SELECT theme_day || '=' || count(*) AS day FROM activity
                 WHERE start_on BETWEEN :start AND :as_of AND theme_day <> 'other' AND category <> 'drill'
                 GROUP BY theme_day ORDER BY min(start_on))
            SELECT (SELECT group_concat(name, '、') FROM team
                     WHERE parent_id IS NULL AND established_on BETWEEN :start AND :as_of) AS founded,
                   (SELECT group_concat(name, '、') FROM team
                     WHERE parent_id IS NULL AND dissolved_on BETWEEN :start AND :as_of) AS dissolved,
                   (SELECT group_concat(day, ',') FROM days) AS theme_days""",
        scope.parameters,
    )[0]
    return [words | {
        "audience": counts["activities_audience"], "headcounts": counts["training_headcounts"],
        "first_aid": counts["training_first_aid"], "certified": counts["training_certified"],
        "publicity": counts["activities_publicity"], "recruitment": counts["activities_recruitment"],
        "consultations": year["work_consultations"],
    }]  # fmt: skip


# A row of the whole area is a total: it stands for its parts and is never added to them.
_BLOOD = f"""
    WITH done AS (
        SELECT unit, scope, sum(person_times) AS person_times, sum(ml) AS ml FROM blood_result
         WHERE donated_on BETWEEN :new_year AND :as_of GROUP BY unit, scope),
    wanted AS (SELECT * FROM blood_target WHERE year = :year),
    named AS (SELECT unit, scope FROM wanted UNION SELECT unit, scope FROM done),
    lines AS (
        SELECT n.unit, n.scope, w.id AS place, w.target_units, w.employees, w.unemployed_citizens, w.planned_persons,
               w.blood_reserve, w.reserve_reported_on, d.person_times, d.ml,
               {whole_area("n.unit")} AS is_whole
          FROM named AS n LEFT JOIN wanted AS w ON w.unit = n.unit AND w.scope = n.scope
          LEFT JOIN done AS d ON d.unit = n.unit AND d.scope = n.scope)
"""
_SCOPES = "CASE scope WHEN 'group' THEN 0 WHEN 'street' THEN 1 ELSE 2 END"
_BLOOD_COLUMNS = "target_units person_times ml employees unemployed_citizens planned_persons blood_reserve".split()


def blood_lines(store: Store, scope: Scope) -> Rows:
    """Return target, people and result of each unit since New Year, in units of 200 ml; totals of the area first."""
    return store.query(
        f"""{_BLOOD} SELECT unit, scope, is_whole, target_units, employees, unemployed_citizens, planned_persons,
                            blood_reserve, reserve_reported_on, ifnull(person_times, 0) AS person_times, ifnull(ml, 0) AS ml,
                            ifnull(ml, 0) / :ml_per_unit AS units
                       FROM lines ORDER BY {_SCOPES}, is_whole DESC, place IS NULL, place, unit""",
        scope.parameters,
    )


def blood_totals(store: Store, scope: Scope) -> Rows:
    """Return the sums of each way of donating, then of all (`scope` empty).

    Each is the row of the whole area where there is one, else the sum of the parts.
    """
    whole_or_parts = ", ".join(
        f"""CASE WHEN count({name}) FILTER (WHERE is_whole) THEN sum({name}) FILTER (WHERE is_whole)
                 ELSE sum({name}) END AS {name}"""
        for name in _BLOOD_COLUMNS
    )
    sums = ", ".join(f"sum({name}) AS {name}" for name in _BLOOD_COLUMNS)
    found = store.query(
        f"""{_BLOOD}, ways AS (SELECT scope, {whole_or_parts} FROM lines GROUP BY scope)
            SELECT * FROM (SELECT * FROM ways UNION ALL SELECT NULL AS scope, {sums} FROM ways HAVING count(*) > 0)
             ORDER BY scope IS NULL, {_SCOPES}""",
        scope.parameters,
    )
    return [row | {name: row[name] or 0 for name in ("person_times", "ml")} | {"units": (row["ml"] or 0) // ML_PER_UNIT}
            for row in found]  # fmt: skip


READS: dict[str, Callable[[Store, Scope], Rows]] = {
    read.__name__: read
    for read in (
        roster, trainings, attendees, policies, uncovered, entries, public_teams, evidence, archive, person, person_teams, person_services,
        person_covers, person_trainings, person_years, person_posts, person_consents,
        blood_lines, blood_totals, report_facts, gifts,
    )
}  # fmt: skip


_LISTED = 10


def _told(words: str) -> str:
    """Return what was asked for as a message says it: without numbers of people, and no longer than is read."""
    return starred(starred(words)[:40])


def team_named(store: Store, name: str) -> int:
    """Return the id of a team by its name; raise `UserError` where there is none."""
    name = clean(name)
    found = store.query("SELECT id FROM team WHERE name = ?", [name])
    if not found:
        raise UserError(f"台账里没有这支队伍：{_told(name)}。请照“志愿服务队伍”表中的名称填写")
    return int(found[0]["id"])


def person_named(store: Store, words: str) -> int:
    """Return the id of a volunteer by it, by 志愿者网编号, the document's number or a name nobody else has; raise `UserError` otherwise."""
    words = clean(words)
    found = store.query(
        """SELECT id, name, id_number FROM volunteer
            WHERE name = :words OR platform_id = :words OR id_number = upper(:words) OR CAST(id AS TEXT) = :words ORDER BY id""",
        {"words": words},
    )
    if not found:
        raise UserError(f"台账里没有找到这名志愿者：{_told(words)}。可以填姓名、志愿者网编号或台账中的编号")
    if len(found) > 1:
        listed = "、".join(
            f"{row['id']}（{IdNumber().mask(row['id_number']) or '证件待补'}）" for row in found[:_LISTED]
        )
        more = f"等 {len(found):,} 人" if len(found) > _LISTED else ""
        raise UserError(f"有几名志愿者都是“{_told(words)}”，请改用台账中的编号：{listed}{more}")
    return int(found[0]["id"])
