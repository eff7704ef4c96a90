"""Reads on personal data: what people agreed to, whose agreement is wanting, and whose data is due to be erased.

Each takes a `Scope` and returns plain rows as of its day.
"""

import datetime as dt
import tomllib
from collections.abc import Callable
from functools import cache

import resources
from db.queries.conditions import office_item, registered
from db.queries.paper_rows import Rows, Scope
from db.records.choices import CONSENT_MATTERS
from db.records.identity import GONE
from db.storage.store import Store


@cache
def _terms() -> dict[str, tuple[int, str]]:
    """Return the terms that ship: years, and what they rest on, by the kind of case (`resources/retention.toml`)."""
    read = tomllib.loads(resources.path("retention.toml").read_text(encoding="utf-8"))
    return {term["case"]: (int(term["years"]), str(term["basis"])) for term in read["term"]}


def consents(store: Store, scope: Scope) -> Rows:
    """Return every volunteer on the day with the matters agreed to (``matter`` by code: its day or None).

    ``child``: under fourteen, so that the guardian agrees; ``guardian`` is that person's name or None.
    """
    columns = ", ".join(f"max(c.given_on) FILTER (WHERE c.matter = '{code}') AS {code}" for code, _ in CONSENT_MATTERS)
    return store.query(
        f"""SELECT v.id, v.name, v.guardian, v.birth_date > date(:as_of, '-14 years') AS child,
                   (SELECT group_concat(name, '、') FROM (
                        SELECT DISTINCT t.name FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
                         WHERE m.volunteer_id = v.id AND m.joined_on <= :as_of AND m.ended_on > :as_of ORDER BY t.id)) AS teams,
                   {columns}
              FROM volunteer AS v LEFT JOIN consent AS c ON c.volunteer_id = v.id AND c.given_on <= :as_of
                   AND (c.withdrawn_on IS NULL OR c.withdrawn_on > :as_of)
             WHERE {registered()} GROUP BY v.id ORDER BY v.id""",
        scope.parameters,
    )


def retention(store: Store, scope: Scope) -> Rows:
    """Return for how many years data is kept after somebody left: the office's own number on the day, else what ships."""
    years, basis = _terms()["left"]
    (own,) = store.query(f"SELECT {office_item('retention_years')} AS years", scope.parameters)
    return [{"years": int(own["years"]), "basis": "本会规定"} if own["years"] else {"years": years, "basis": basis}]


def to_erase(store: Store, scope: Scope) -> Rows:
    """Return whose data is due to be erased on the day: who left long enough ago, or left and took consent back.

    ``due_on`` is the day since when, ``case`` which (`resources/retention.toml`), ``years`` and ``basis`` its term.
    """
    (term,) = retention(store, scope)
    rows = store.query(
        """SELECT v.id, v.name, v.left_on, min(c.withdrawn_on) AS withdrawn_on,
                  (SELECT group_concat(name, '、') FROM (SELECT DISTINCT t.name FROM membership AS m JOIN team AS t
                      ON t.id = m.team_id WHERE m.volunteer_id = v.id ORDER BY t.id)) AS teams
             FROM volunteer AS v LEFT JOIN consent AS c ON c.volunteer_id = v.id AND c.matter = 'processing'
                  AND c.withdrawn_on <= :as_of AND NOT EXISTS (
                      SELECT 1 FROM consent AS again WHERE again.volunteer_id = v.id AND again.matter = 'processing'
                         AND again.given_on >= c.withdrawn_on AND again.given_on <= :as_of AND again.withdrawn_on IS NULL)
            WHERE v.left_on <= :as_of AND v.name <> :gone GROUP BY v.id ORDER BY v.left_on, v.id""",
        scope.parameters | {"gone": GONE},
    )
    day = str(scope.parameters["as_of"])
    found: Rows = []
    for row in rows:
        if row["withdrawn_on"]:
            again = max(str(row["withdrawn_on"]), str(row["left_on"]))
            found.append(row | {"case": "withdrawn", "due_on": again, "years": 0, "basis": _terms()["withdrawn"][1]})
        elif (due := _after(str(row["left_on"]), int(term["years"]))) <= day:
            found.append(row | {"case": "left", "due_on": due} | term)
    return sorted(found, key=lambda r: (r["due_on"], r["id"]))


def _after(day: str, years: int) -> str:
    left = dt.date.fromisoformat(day)
    try:
        return left.replace(year=left.year + years).isoformat()
    except ValueError:  # 29 February
        return left.replace(year=left.year + years, month=3, day=1).isoformat()


PERSONAL_READS: dict[str, Callable[[Store, Scope], Rows]] = {
    read.__name__: read for read in (consents, retention, to_erase)
}
