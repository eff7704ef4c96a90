"""What follows from several records and needs no day: who was in a team from when to when, and what a coverage spans.

A view is read like a table and stores nothing: each of these facts has its only home here.
"""

from typing import TYPE_CHECKING

from db.storage.migrations.script import MIGRATIONS, run

if TYPE_CHECKING:
    from sqlite_utils import Database


@MIGRATIONS()
def m006_views(db: "Database") -> None:
    """Effective memberships, spans of coverages, trees of teams, and money with what was reversed netted."""
    run(
        db,
        """
-- Data contract, section 4: a membership ends with itself, with the person's leaving or with the team, whichever is
-- first. `ended_on` is the first day it no longer is. One that would end before it begins never was.
CREATE VIEW effective_membership AS
SELECT m.id, m.team_id, m.volunteer_id, m.role, m.joined_on,
       min(ifnull(m.left_on, '9999-12-31'), ifnull(v.left_on, '9999-12-31'), ifnull(t.dissolved_on, '9999-12-31'))
           AS ended_on
  FROM membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id JOIN team AS t ON t.id = m.team_id
 WHERE m.joined_on
     < min(ifnull(m.left_on, '9999-12-31'), ifnull(v.left_on, '9999-12-31'), ifnull(t.dissolved_on, '9999-12-31'));

-- From when to when a coverage holds, both days inside: it cannot outlast its policy.
CREATE VIEW coverage_span AS
SELECT c.id, c.policy_id, c.volunteer_id, c.team_id, p.cover_mode,
       max(ifnull(c.start_on, p.start_on), p.start_on) AS start_on, min(ifnull(c.end_on, p.end_on), p.end_on) AS end_on
  FROM coverage AS c JOIN insurance_policy AS p ON p.id = c.policy_id;

-- What a reversal reverses is found by its number.
CREATE INDEX fund_entry_voucher ON fund_entry (voucher);

-- Each team that stands under nobody, with itself and all 分队 below it, of any depth.
CREATE VIEW team_tree AS
WITH RECURSIVE below (top_id, team_id) AS (
    SELECT id, id FROM team WHERE parent_id IS NULL
    UNION
    SELECT below.top_id, t.id FROM below JOIN team AS t ON t.parent_id = below.team_id)
SELECT top_id, team_id FROM below;

-- Data contract, section 5: a reversal stands on the side of what it reverses and lowers it, under the same source and
-- category; `amount_fen` is then negative. What an office had when its ledger began is in the balance alone.
CREATE VIEW netted_entry AS
SELECT f.id, ifnull(o.id, f.id) AS counts_as, f.entry_on, f.team_id,
       CASE WHEN f.reverses_voucher IS NULL THEN f.direction
            WHEN f.direction = 'income' THEN 'expense' ELSE 'income' END AS direction,
       CASE WHEN f.reverses_voucher IS NULL THEN f.amount_fen ELSE -f.amount_fen END AS amount_fen,
       CASE f.direction WHEN 'income' THEN f.amount_fen ELSE -f.amount_fen END AS balance_fen,
       ifnull(o.category, f.category) AS category, ifnull(o.fund_source, f.fund_source) AS fund_source,
       f.reverses_voucher IS NOT NULL AS is_reversal, f.category = '期初结余' AS is_opening
  FROM fund_entry AS f
  LEFT JOIN fund_entry AS o ON o.id = (
       SELECT min(x.id) FROM fund_entry AS x
        WHERE x.voucher = f.reverses_voucher AND x.team_id IS f.team_id AND x.direction <> f.direction
          AND x.reverses_voucher IS NULL)
""",
    )
