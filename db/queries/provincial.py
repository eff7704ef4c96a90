"""What a province collects beside the period's figures (data contract, end of section 5), and its table of rows.

The report's text and the papers take these counts from here too: one count, one query. Money in 分, durations in minutes;
None is not known.
"""

import datetime as dt
from dataclasses import dataclass

from db.quarters import Period
from db.queries.conditions import (
    attended,
    existing_team,
    office_item,
    present,
    registered,
    standing_team,
    whole_area,
)
from db.queries.figures import COUNTED, Figures, compared_figures, days_of, ledger_begins, office_figures
from db.records.choices import DOMAINS
from db.records.entities import FUND_ENTRY
from db.records.kinds import Choice
from db.storage.store import Store

_SOURCE = FUND_ENTRY["fund_source"].kind
assert isinstance(_SOURCE, Choice)
SOURCES = (*(code for code, _ in _SOURCE.options), "unknown")
# The domains as the table has them: 人道救助, which the notice does not name, stands with the others.
DOMAIN_ROWS = (*(code for code, _ in DOMAINS[:6]), "other")
_OTHERS = ", ".join(f"'{code}'" for code in DOMAIN_ROWS[:-1])

_TOP = f"(t.parent_id IS NULL AND {standing_team()})"
_IN_TREE = f"""
    SELECT tree.team_id FROM team_tree AS tree JOIN team AS s ON s.id = tree.team_id
     WHERE tree.top_id = t.id AND (s.id = t.id OR {existing_team("s")})
"""


def _domain(code: str) -> str:
    return f"t.primary_domain NOT IN ({_OTHERS})" if code == "other" else f"t.primary_domain = '{code}'"


_TEAMS = f"""
    SELECT {", ".join(f"count(*) FILTER (WHERE {_domain(code)}) AS teams_domain_{code}" for code in DOMAIN_ROWS)},
           count(*) FILTER (WHERE t.team_type = 'three_donations') AS teams_three_donations,
           count(*) FILTER (WHERE t.platform_registered_on <= :as_of) AS teams_on_network,
           count(*) FILTER (WHERE t.civil_reg_status = 'registered'
                              AND ifnull(t.civil_registered_on, :as_of) <= :as_of) AS teams_civil,
           count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM team AS p WHERE p.id IN ({_IN_TREE}) AND p.party_org_founded_on <= :as_of
                  AND (p.party_org_ended_on IS NULL OR p.party_org_ended_on > :as_of))) AS teams_with_party,
           count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM activity AS a WHERE a.host_team_id IN ({_IN_TREE})
                  AND a.start_on BETWEEN :start AND :as_of)) AS teams_with_activities
      FROM team AS t WHERE {_TOP}
"""
_PEOPLE = f"""
    SELECT (SELECT count(DISTINCT m.volunteer_id) FROM effective_membership AS m
             WHERE {present()} AND m.role IN ('team_leader', 'deputy_leader', 'backbone')) AS members_backbone,
           (SELECT count(*) FROM volunteer AS v WHERE {registered()}) * 1000000
               / nullif(CAST(replace({office_item("resident_population")}, ',', '') AS INTEGER), 0) AS volunteers_per_million
"""
_TRAININGS = f"""
    WITH {COUNTED},
    class AS (SELECT id FROM training WHERE start_on BETWEEN :start AND :as_of AND category = 'first_aid'),
    took_part AS (
        SELECT a.volunteer_id, a.result = 'passed' AND a.certificate_number IS NOT NULL AS certified
          FROM attendance AS a WHERE a.training_id IN class AND {attended()})
    SELECT (SELECT count(*) FROM class WHERE id IN (SELECT training_id FROM counted) OR id IN (SELECT id FROM headcounts))
               AS training_first_aid,
           (SELECT count(DISTINCT volunteer_id) FROM took_part WHERE certified) AS training_certified,
           (SELECT count(*) FROM took_part WHERE NOT ifnull(certified, 0))
               + (SELECT coalesce(sum(person_times), 0) FROM headcounts WHERE id IN class) AS training_reached,
           (SELECT count(*) FROM headcounts) AS training_headcounts,
           (SELECT count(*) FROM training WHERE start_on BETWEEN :start AND :as_of AND has_blood_topic = 'yes')
               AS training_with_blood
"""
_ACTIVITIES = """
    SELECT CASE WHEN count(*) = 0 THEN 0 ELSE sum(audience) END AS activities_audience,
           count(*) FILTER (WHERE category = 'publicity' AND topic LIKE '%无偿献血%') AS activities_publicity,
           count(*) FILTER (WHERE category = 'blood_recruitment') AS activities_recruitment
      FROM activity WHERE start_on BETWEEN :start AND :as_of
"""
_INCOME = f"""
    SELECT {
    ", ".join(
        f"coalesce(sum(amount_fen) FILTER (WHERE ifnull(fund_source, 'unknown') = '{code}'), 0) AS income_from_{code}_fen"
        for code in SOURCES
    )
}
      FROM netted_entry WHERE direction = 'income' AND NOT is_opening AND entry_on BETWEEN :start AND :as_of
"""
_GOODS = """
    SELECT coalesce(sum(value_fen) FILTER (WHERE direction = 'received'), 0) AS goods_received_fen,
           coalesce(sum(value_fen) FILTER (WHERE direction = 'issued'), 0) AS goods_issued_fen
      FROM goods_entry WHERE entry_on BETWEEN :start AND :as_of
"""
# A row of the whole area is a total: it stands for its parts and is never added to them.
_TARGETS = f"""
    SELECT sum(units) AS blood_target_units FROM (
        SELECT CASE WHEN count(*) FILTER (WHERE {whole_area("unit")})
                    THEN sum(target_units) FILTER (WHERE {whole_area("unit")}) ELSE sum(target_units) END AS units
          FROM blood_target WHERE year = CAST(substr(:as_of, 1, 4) AS INTEGER) GROUP BY scope)
"""
_RESULTS = """
    SELECT coalesce(sum(person_times), 0) AS blood_person_times, coalesce(sum(ml), 0) AS blood_ml
      FROM blood_result WHERE donated_on BETWEEN :start AND :as_of
"""
_WORK = """
    SELECT count(DISTINCT recorded_on) FILTER (
               WHERE category = 'consultation' AND partner_kind = 'health_authority'
                 AND ',' || topics || ',' LIKE '%,blood_donation,%' AND recorded_on BETWEEN :start AND :as_of)
               AS work_consultations,
           count(*) FILTER (
               WHERE category = 'project' AND recorded_on <= :as_of AND ifnull(valid_from, recorded_on) <= :as_of
                 AND (valid_until IS NULL OR valid_until >= :as_of)) AS work_projects
      FROM work_record
"""
_PARTS = (_TEAMS, _PEOPLE, _TRAININGS, _ACTIVITIES, _INCOME, _GOODS, _TARGETS, _RESULTS, _WORK)
# Since when there has been a record of the kind that a count is of; the others follow `db.queries.figures`.
_FIRST = {
    "goods_": "SELECT min(entry_on) FROM goods_entry", "blood_target": "SELECT min(year) || '-01-01' FROM blood_target",
    "blood_person": "SELECT min(donated_on) FROM blood_result", "blood_ml": "SELECT min(donated_on) FROM blood_result",
    "work_": "SELECT min(recorded_on) FROM work_record", "activities_": "SELECT min(start_on) FROM activity",
    "training_": "SELECT min(start_on) FROM training", "income_": "SELECT min(entry_on) FROM fund_entry",
    "teams_": "SELECT min(established_on) FROM team", "members_": "SELECT min(joined_on) FROM effective_membership",
    "volunteers_": "SELECT min(registered_on) FROM volunteer",
}  # fmt: skip


def collected(store: Store, period: Period, as_of: dt.date | None = None) -> Figures:
    """Return the counts of a period, up to its last day or to `as_of`, that are no figure of every team.

    ``volunteers_per_million`` of the population; ``blood_target_units`` of the year, None without a target;
    ``activities_audience`` None where no activity says.
    """
    found: Figures = {}
    for sql in _PARTS:
        found.update(store.query(sql, days_of(period, as_of))[0])
    return found


def compared(store: Store, period: Period) -> Figures:
    """Return all counts and figures of an earlier period: None where its kind of record was not yet kept."""
    found = compared_figures(store, period) | collected(store, period)
    last = period.end.isoformat()
    begins = ledger_begins(store)
    is_before = begins is not None and period.end < begins
    for prefix, sql in _FIRST.items():
        first = store.query(f"SELECT ({sql}) AS day")[0]["day"]
        if is_before or first is None or first > last:
            found.update({name: None for name in found if name.startswith(prefix)})
    return found


@dataclass(frozen=True)
class ProvinceTable:
    """The four columns of the table: each a count or figure by its name."""

    now: Figures
    before: Figures
    last_year: Figures
    year: Figures


def province_table(store: Store, period: Period, as_of: dt.date | None = None) -> ProvinceTable:
    """Return 本期, 上期, 上年同期 and 本年累计 of everything that a province collects."""
    whole_year, day = Period.parse(str(period.year)), as_of or period.end
    return ProvinceTable(
        office_figures(store, period, as_of) | collected(store, period, as_of),
        compared(store, period.previous),
        compared(store, period.last_year),
        office_figures(store, whole_year, day) | collected(store, whole_year, day),
    )
