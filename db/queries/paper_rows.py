"""Reads behind the papers: lists of people, trainings, policies, entries and results for a quarter's last day.

Counts and sums come from `db.queries.figures`; here are only the rows that stand beside them. Every read takes a `Scope` and
returns plain rows; `READS` names them for the papers, which know no connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from db.errors import UserError
from db.quarters import Quarter
from db.queries.figures import COUNTED, COVERED
from db.records.kinds import IdNumber
from db.rules.checks.district import ML_PER_UNIT
from db.storage.store import Store

Rows = list[dict[str, Any]]

_OWN = "(t.managing_org = (SELECT content FROM office WHERE item = 'name'))"
_PRESENT = "m.joined_on <= :as_of AND (m.left_on IS NULL OR m.left_on > :as_of)"
_THIS_TEAM = "(:team IS NULL OR t.id = :team)"
# A coverage cannot outlive its policy.
_FIRST = "max(coalesce(c.start_on, p.start_on), p.start_on)"
_LAST = "min(coalesce(c.end_on, p.end_on), p.end_on)"


@dataclass(frozen=True)
class Scope:
    """What a paper is about: a quarter, and where it is about one team or one volunteer, which."""

    quarter: Quarter
    team: int | None = None
    person: int | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """The scope as the parameters of a read."""
        q = self.quarter
        return {
            "quarter": str(q), "start": q.start.isoformat(), "as_of": q.end.isoformat(), "eve": q.eve.isoformat(),
            "new_year": f"{q.year}-01-01", "year": q.year, "team": self.team, "person": self.person,
            "ml_per_unit": ML_PER_UNIT,
        }  # fmt: skip


def roster(store: Store, scope: Scope) -> Rows:
    """Return the members on the day, team by team, those with a role first."""
    return store.query(
        f"""WITH covered AS ({COVERED})
            SELECT t.name AS team, v.id AS volunteer_id, v.name, v.sex, v.id_number, v.phone, v.platform_id, m.role, m.joined_on,
                   v.id IN covered AS insured
              FROM membership AS m JOIN team AS t ON t.id = m.team_id JOIN volunteer AS v ON v.id = m.volunteer_id
             WHERE {_PRESENT} AND {_THIS_TEAM}
             ORDER BY {_OWN} DESC, t.id,
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
                   coalesce(p.minutes, 0) AS minutes,
                   (SELECT count(*) FROM attendance WHERE training_id = r.id AND result = 'passed') AS passed
              FROM training AS r LEFT JOIN team AS t ON t.id = r.team_id LEFT JOIN took_part AS p ON p.training_id = r.id
             WHERE r.start_on BETWEEN :start AND :as_of
               AND (:team IS NULL OR r.team_id = :team OR EXISTS (
                    SELECT 1 FROM attendance AS a LEFT JOIN membership AS m ON a.team_id IS NULL
                           AND m.volunteer_id = a.volunteer_id AND m.joined_on <= r.start_on
                           AND (m.left_on IS NULL OR m.left_on > r.start_on)
                     WHERE a.training_id = r.id AND coalesce(a.team_id, m.team_id) = :team))
             ORDER BY r.start_on, r.id""",
        scope.parameters,
    )


def attendees(store: Store, scope: Scope) -> Rows:
    """Return who is down for the quarter's trainings, with the team named or the first team of that day."""
    return store.query(
        """SELECT a.training_id, v.name,
                  coalesce(t.name, (SELECT o.name FROM membership AS m JOIN team AS o ON o.id = m.team_id
                                     WHERE m.volunteer_id = v.id AND m.joined_on <= r.start_on
                                       AND (m.left_on IS NULL OR m.left_on > r.start_on) ORDER BY o.id LIMIT 1)) AS team
             FROM attendance AS a JOIN training AS r ON r.id = a.training_id JOIN volunteer AS v ON v.id = a.volunteer_id
             LEFT JOIN team AS t ON t.id = a.team_id
            WHERE r.start_on BETWEEN :start AND :as_of ORDER BY a.training_id, team, a.id""",
        scope.parameters,
    )


def policies(store: Store, scope: Scope) -> Rows:
    """Return the policies in force on the day, each with the persons on its list who are covered then."""
    return store.query(
        f"""SELECT p.policy_number, p.insurer, p.product, p.policyholder, p.cover_mode, p.start_on, p.end_on,
                   p.sum_insured_fen, p.premium_fen, p.fund_source,
                   (SELECT count(DISTINCT c.volunteer_id) FROM coverage AS c
                     WHERE c.policy_id = p.id AND {_FIRST} <= :as_of AND {_LAST} >= :as_of) AS persons
              FROM insurance_policy AS p WHERE p.start_on <= :as_of AND p.end_on >= :as_of ORDER BY p.end_on, p.id""",
        scope.parameters,
    )


def uncovered(store: Store, scope: Scope) -> Rows:
    """Return the members without a coverage on the day: their teams, and when a coverage ended or will begin."""
    return store.query(
        f"""WITH covered AS ({COVERED}),
            present AS (
                SELECT m.volunteer_id, t.id AS team_id, t.name AS team FROM membership AS m JOIN team AS t ON t.id = m.team_id
                 WHERE {_PRESENT} AND {_THIS_TEAM} GROUP BY m.volunteer_id, t.id),
            ends AS (
                SELECT c.volunteer_id, max({_LAST}) FILTER (WHERE {_LAST} < :as_of) AS ended_on,
                       min({_FIRST}) FILTER (WHERE {_FIRST} > :as_of) AS begins_on
                  FROM coverage AS c JOIN insurance_policy AS p ON p.id = c.policy_id
                 WHERE p.cover_mode = 'named_list' GROUP BY c.volunteer_id)
            SELECT v.name, v.phone, e.ended_on, e.begins_on, v.platform_id IS NOT NULL AS on_platform,
                   (SELECT group_concat(team, '、') FROM (
                        SELECT team FROM present WHERE volunteer_id = v.id ORDER BY team_id)) AS teams
              FROM volunteer AS v LEFT JOIN ends AS e ON e.volunteer_id = v.id
             WHERE v.id IN (SELECT volunteer_id FROM present) AND v.id NOT IN covered
             ORDER BY (SELECT min(team_id) FROM present WHERE volunteer_id = v.id), v.id""",
        scope.parameters,
    )


def entries(store: Store, scope: Scope) -> Rows:
    """Return the quarter's money entries, team by team; `team` is empty for what the office shares."""
    return store.query(
        f"""SELECT f.entry_on, f.voucher, t.name AS team, f.direction, f.category, f.fund_source, f.amount_fen,
                   f.earmark, f.counterpart, f.summary
              FROM fund_entry AS f LEFT JOIN team AS t ON t.id = f.team_id
             WHERE f.entry_on BETWEEN :start AND :as_of AND {_THIS_TEAM}
             ORDER BY t.id IS NULL, {_OWN} DESC, t.id, f.entry_on, f.id""",
        scope.parameters,
    )


def public_teams(store: Store, scope: Scope) -> Rows:
    """Return what may be told of every team in public, beside its figures."""
    return store.query("SELECT name, team_leader, primary_domain, other_domains FROM team ORDER BY id")


def evidence(store: Store, scope: Scope) -> Rows:
    """Return the quarter's evidence, clause by clause."""
    return store.query(
        """SELECT e.clause, a.name, a.effective_on, a.uploaded_on, a.note
             FROM evidence AS e JOIN attachment AS a ON a.id = e.attachment_id
            WHERE e.quarter = :quarter ORDER BY e.clause, a.effective_on, e.id""",
        scope.parameters,
    )


def person(store: Store, scope: Scope) -> Rows:
    """Return the one volunteer, and the service up to the day: minutes and times."""
    return store.query(
        """SELECT v.name, v.sex, v.id_type, v.id_number, v.platform_id, v.registered_on, v.left_on,
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
                  CASE WHEN m.left_on <= :as_of THEN m.left_on END AS left_on
             FROM membership AS m JOIN team AS t ON t.id = m.team_id
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


_BLOOD = """
    WITH done AS (
        SELECT unit, scope, sum(person_times) AS person_times, sum(ml) AS ml FROM blood_result
         WHERE donated_on BETWEEN :new_year AND :as_of GROUP BY unit, scope),
    wanted AS (
        SELECT unit, scope, min(id) AS place, sum(target_units) AS target_units FROM blood_target
         WHERE year = :year GROUP BY unit, scope),
    named AS (SELECT unit, scope FROM wanted UNION SELECT unit, scope FROM done),
    lines AS (
        SELECT n.unit, n.scope, w.place, w.target_units, coalesce(d.person_times, 0) AS person_times,
               coalesce(d.ml, 0) AS ml
          FROM named AS n LEFT JOIN wanted AS w ON w.unit = n.unit AND w.scope = n.scope
          LEFT JOIN done AS d ON d.unit = n.unit AND d.scope = n.scope)
"""
_SCOPES = "CASE scope WHEN 'group' THEN 0 WHEN 'street' THEN 1 ELSE 2 END"


def blood_lines(store: Store, scope: Scope) -> Rows:
    """Return target and result of each unit since New Year, in units of 200 ml."""
    return store.query(
        f"""{_BLOOD} SELECT unit, scope, target_units, person_times, ml, ml / :ml_per_unit AS units
                       FROM lines ORDER BY {_SCOPES}, place IS NULL, place, unit""",
        scope.parameters,
    )


def blood_totals(store: Store, scope: Scope) -> Rows:
    """Return the sums of each way of donating, then of all (`scope` empty)."""
    sums = """sum(target_units) AS target_units, sum(person_times) AS person_times, sum(ml) AS ml,
              sum(ml) / :ml_per_unit AS units"""
    return store.query(
        f"""{_BLOOD} SELECT * FROM (
                         SELECT scope, {sums} FROM lines GROUP BY scope
                         UNION ALL SELECT NULL AS scope, {sums} FROM lines HAVING count(*) > 0)
                     ORDER BY scope IS NULL, {_SCOPES}""",
        scope.parameters,
    )


READS: dict[str, Callable[[Store, Scope], Rows]] = {
    read.__name__: read
    for read in (
        roster, trainings, attendees, policies, uncovered, entries, public_teams, evidence, person, person_teams, person_services,
        blood_lines, blood_totals,
    )
}  # fmt: skip


def team_named(store: Store, name: str) -> int:
    """Return the id of a team by its name; raise `UserError` where there is none."""
    found = store.query("SELECT id FROM team WHERE name = ?", [name.strip()])
    if not found:
        raise UserError(f"台账里没有这支队伍：{name}。请照“志愿服务队伍”表中的名称填写")
    return int(found[0]["id"])


def person_named(store: Store, words: str) -> int:
    """Return the id of a volunteer by it, by 志愿者网编号 or by a name nobody else has; raise `UserError` otherwise."""
    words = words.strip()
    found = store.query(
        """SELECT id, name, id_number FROM volunteer
            WHERE name = :words OR platform_id = :words OR CAST(id AS TEXT) = :words ORDER BY id""",
        {"words": words},
    )
    if not found:
        raise UserError(f"台账里没有找到这名志愿者：{words}。可以填姓名、志愿者网编号或台账中的编号")
    if len(found) > 1:
        listed = "、".join(f"{row['id']}（{IdNumber().mask(row['id_number'])}）" for row in found)
        raise UserError(f"有几名志愿者都是“{words}”，请改用台账中的编号：{listed}")
    return int(found[0]["id"])
