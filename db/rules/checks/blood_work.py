"""Semi-automatic checks of the notice on blood donation that count work records, activities and venues.

Each proposes a status; a person confirms it. A soft duty and an internal threshold never propose “not met”.
"""

import datetime as dt
from typing import Any

from db.quarters import Quarter
from db.rules.checks.blood import IN_FORCE, NOTICE_DAY, ON_BLOOD
from db.rules.checks.case import Case, Finding
from db.rules.checks.universities import BLOOD_ACTIVITY, NAME, universities
from db.rules.verdicts import Item

Rows = list[dict[str, Any]]

# Clause → categories of work records, and the kinds of partner the clause names.
_PARTNERS = {
    "B25-1-5": (
        ("cooperation",),
        {"publicity": "宣传", "education": "教育", "youth_league": "共青团", "university": "高校",
         "enterprise": "企业", "media": "媒体"},
    ),
    "B25-3.4-1": (
        ("cooperation", "consultation"),
        {"social_work": "社会工作", "youth_league": "共青团", "education": "教育"},
    ),
}  # fmt: skip
_KEPT = {"B25-1-8": "专项基金", "B25-3.1-5": "应急献血者队伍"}
_VENUES = {"first_aid_base": "应急救护培训基地", "boai_home": "博爱家园", "safety_experience_hall": "体验馆"}


def year_end(case: Case) -> dt.date:
    """Return the last day of the year that is judged."""
    return dt.date(case.as_of.year, 12, 31)


def by_year_end(case: Case, k: int, n: int, *, some: str = "partial", nothing: str = "explain") -> str:
    """Judge what is to be done within the year: only its last day says what is missing."""
    if n == 0:
        return "not_applicable"
    if k >= n:
        return "met"
    if case.as_of < year_end(case):
        return "in_progress"
    return some if k else nothing


def quarter_first(case: Case) -> str:
    """Return the first day of the quarter that counts: none before the notice."""
    return max(Quarter.of(case.as_of).start, NOTICE_DAY).isoformat()


def quarter_runs(case: Case) -> bool:
    """Whether the quarter has days left."""
    return case.as_of < Quarter.of(case.as_of).end


def items_of(record: str, rows: Rows, status: str = "met") -> list[Item]:
    """Return rows with ``id`` and ``title`` as items of one status."""
    return [Item(record, r["id"], r["title"], status) for r in rows]


def total_text(numbers: list[int | None], unit: str) -> str:
    """Write a total, and how many records lack their number: an unknown number is never 0."""
    known = [number for number in numbers if number is not None]
    unknown = len(numbers) - len(known)
    if numbers and not known:
        return "未填"
    return f"{sum(known)} {unit}" + (f"（另有 {unknown} 条未填）" if unknown else "")


def _records(case: Case, where: str, **more: Any) -> Rows:
    return case.query(
        f"""SELECT id, title, partner_kind, subcategory, channel, quantity, recorded_on, valid_until, {NAME} AS name
              FROM work_record WHERE {where} ORDER BY recorded_on, id""",
        first=f"{case.as_of.year}-01-01",
        **more,
    )


def _activities(case: Case, where: str, first: str | None = None) -> Rows:
    return case.query(
        f"""SELECT a.id, a.name AS title, a.category, a.topic, a.place, a.place_kind, a.audience, a.start_on,
                   a.with_health_authority
              FROM activity AS a WHERE a.start_on BETWEEN :first AND :as_of AND {where} ORDER BY a.start_on, a.id""",
        first=first or f"{case.as_of.year}-01-01",
    )


_IN_YEAR = "recorded_on BETWEEN :first AND :as_of"


def _by_kind(case: Case, counts: dict[str, int], items: list[Item], nothing: str = "explain") -> Finding:
    k = sum(count > 0 for count in counts.values())
    text = "、".join(f"{label} {count}" for label, count in counts.items())
    status = by_year_end(case, k, len(counts), nothing=nothing)
    return Finding(status, k, len(counts), {"kinds": counts, "kinds_text": text}, items)


def cooperation_by_kind(case: Case, clause: str) -> Finding:
    """Kinds of partner with a record of cooperation on blood donation in the year."""
    categories, kinds = _PARTNERS[clause]
    kinds = dict(kinds)
    if "university" in kinds and not universities(case):
        del kinds["university"]
    marks = ", ".join(f"'{c}'" for c in categories)
    rows = [r for r in _records(case, f"category IN ({marks}) AND {ON_BLOOD} AND {_IN_YEAR}")
            if r["partner_kind"] in kinds]  # fmt: skip
    counts = {label: sum(r["partner_kind"] == kind for r in rows) for kind, label in kinds.items()}
    return _by_kind(case, counts, items_of("work_record", rows))


def kept_in_force(case: Case, clause: str) -> Finding:
    """Something the notice encourages stands on the day: a special fund, a team of emergency donors."""
    rows = _records(case, f"category = 'other' AND subcategory = '{_KEPT[clause]}' AND {ON_BLOOD} AND {IN_FORCE}")
    facts = {"quantity_text": total_text([r["quantity"] for r in rows], "人")}
    return Finding("met" if rows else "recorded", len(rows), None, facts, items_of("work_record", rows))


def joint_activities(case: Case, clause: str) -> Finding:
    """Publicity, service and commendation held in the year for blood and stem-cell donation together."""
    rows = [r for r in _activities(case, BLOOD_ACTIVITY)
            if any(word in f"{r['title']} {r['topic'] or ''}" for word in ("造血干细胞", "三献"))]  # fmt: skip
    awards = _records(
        case,
        f"category = 'award' AND {ON_BLOOD} AND ',' || ifnull(topics, '') || ',' LIKE '%,hsc_donation,%' AND {_IN_YEAR}",
    )
    kinds = {"publicity": "宣传动员", "service": "志愿服务", "award": "表彰激励"}
    rows = [r for r in rows if r["category"] in kinds]
    counts = {label: sum(r["category"] == kind for r in rows) for kind, label in kinds.items()}
    counts["表彰激励"] += len(awards)
    return _by_kind(case, counts, items_of("activity", rows) + items_of("work_record", awards))


def venues_host_blood_publicity(case: Case, clause: str, *, min_activities: int) -> Finding:
    """Kinds of venue the office has, in which publicity for blood donation was held in the year."""
    marks = ", ".join(f"'{kind}'" for kind in _VENUES)
    venues = case.query(
        f"""SELECT id, name AS title, venue_type FROM venue WHERE venue_type IN ({marks})
               AND opened_on <= :as_of AND (closed_on IS NULL OR closed_on > :as_of) ORDER BY id"""
    )
    rows = _activities(case, f"a.category = 'publicity' AND a.place IS NOT NULL AND {BLOOD_ACTIVITY}")
    counts = {}
    for kind, label in _VENUES.items():
        names = [v["title"] for v in venues if v["venue_type"] == kind]
        if names:
            counts[label] = sum(any(name in r["place"] for name in names) for r in rows)
    done = {label for label, count in counts.items() if count >= min_activities}
    k, n = len(done), len(counts)
    status = by_year_end(case, k, n, some="attention", nothing="attention")
    items = [Item("venue", v["id"], v["title"], "met" if _VENUES[v["venue_type"]] in done else "attention")
             for v in venues]  # fmt: skip
    items.sort(key=lambda item: item.status == "met")
    text = "、".join(f"{label} {count}" for label, count in counts.items())
    return Finding(status, k, n, {"kinds": counts, "kinds_text": text}, items)


def donor_families_are_visited(case: Case, clause: str) -> Finding:
    """Donors' families in need are in the scope of the visits and were visited, or it was found that there are none."""
    scope = _records(case, f"category = 'document' AND subcategory = '博爱送万家' AND {ON_BLOOD} AND {IN_FORCE}")
    visits = _records(case, f"category = 'visit' AND subcategory = '博爱送万家' AND {ON_BLOOD} AND {_IN_YEAR}")
    nobody = _records(case, f"category = 'visit' AND subcategory = '无此类家庭' AND {_IN_YEAR}")
    families = sum(v["quantity"] or 0 for v in visits)
    unknown = sum(v["quantity"] is None for v in visits)
    k = (len(scope) > 0) + (families > 0)
    if unknown and not families:
        status = "missing_data"
    elif nobody and not families:
        status = "met"
    else:
        status = by_year_end(case, k, 2)
    facts = {
        "scope": len(scope), "families": families, "families_text": total_text([v["quantity"] for v in visits], "户"),
        "unknown": unknown, "nobody": len(nobody),
    }  # fmt: skip
    return Finding(status, k, 2, facts, items_of("work_record", scope))  # no items for households


def counties_have_blood_teams(case: Case, clause: str) -> Finding:
    """County offices on the list that have a team for blood donation."""
    listed = {
        r["name"]: r for r in _records(case, f"category = 'other' AND subcategory = '县级红十字会' AND {IN_FORCE}")
    }
    with_team = {
        r["name"] for r in _records(case, f"category = 'other' AND subcategory = '县级献血队伍' AND {IN_FORCE}")
    }
    k = len(listed.keys() & with_team)
    status = by_year_end(case, k, len(listed)) if listed else "missing_data"
    items = [Item("work_record", r["id"], name, "met" if name in with_team else "attention")
             for name, r in sorted(listed.items())]  # fmt: skip
    items.sort(key=lambda item: item.status == "met")
    return Finding(status, k, len(listed), items=items)


def brand_projects(case: Case, clause: str) -> Finding:
    """Brand projects for blood donation that ran in the year."""
    rows = _records(
        case,
        f"""category = 'project' AND ifnull(subcategory, '') LIKE '%品牌%' AND {ON_BLOOD}
            AND coalesce(valid_from, recorded_on) <= :as_of AND (valid_until IS NULL OR valid_until >= :first)""",
    )
    return Finding(by_year_end(case, len(rows), 1), len(rows), None, items=items_of("work_record", rows))


def blood_station_activities(case: Case, clause: str) -> Finding:
    """Kinds of activity held in the year with the blood station."""
    kinds = {"publicity": "宣传招募", "blood_recruitment": "宣传招募", "blood_booking": "预约献血",
             "group_donation": "团体献血"}  # fmt: skip
    rows = [r for r in _activities(case, "a.with_blood_station = 'yes'") if r["category"] in kinds]
    counts = dict.fromkeys(kinds.values(), 0)
    for r in rows:
        counts[kinds[r["category"]]] += 1
    return _by_kind(case, counts, items_of("activity", rows))


def thanks_in_year(case: Case, clause: str) -> Finding:
    """Awards and thanks to volunteers for blood donation in the year."""
    awards = _records(case, f"category = 'award' AND {ON_BLOOD} AND {_IN_YEAR}")
    events = _activities(case, f"a.category = 'award' AND {BLOOD_ACTIVITY}")
    k = len(awards) + len(events)
    items = items_of("work_record", awards) + items_of("activity", events)
    return Finding(by_year_end(case, k, 1), k, None, items=items)


def publicity_in_quarter(case: Case, clause: str, *, min_activities: int) -> Finding:
    """Publicity for blood donation in the quarter."""
    rows = _activities(case, f"a.category = 'publicity' AND {BLOOD_ACTIVITY}", quarter_first(case))
    k = len(rows)
    status = "met" if k >= min_activities else "in_progress" if quarter_runs(case) else "attention"
    facts = {"audience_text": total_text([r["audience"] for r in rows], "人次")}
    return Finding(status, k, min_activities, facts, items_of("activity", rows))


def publicity_in_places(case: Case, clause: str) -> Finding:
    """The four kinds of place that publicity for blood donation reached in the year."""
    kinds = {"community": "社区", "village": "农村", "government_office": "机关", "enterprise": "企业"}
    rows = [r for r in _activities(case, f"a.category = 'publicity' AND {BLOOD_ACTIVITY}") if r["place_kind"] in kinds]
    counts = {label: sum(r["place_kind"] == kind for r in rows) for kind, label in kinds.items()}
    return _by_kind(case, counts, items_of("activity", rows), nothing="not_met")


def own_media_grows(case: Case, clause: str) -> Finding:
    """Items on blood donation in the office's own media, against the same quarter of last year or the one before."""
    now = Quarter.of(case.as_of)
    if not _published(case, None, now):
        return Finding("not_applicable", facts={"reason": "没有登记自有媒体发布"})
    compared = next((q for q in (now.last_year, now.previous) if _published(case, q.start, q)), None)
    if compared is None:
        return Finding("not_applicable", facts={"reason": "去年同季和上一季都没有自有媒体发布的记录，无法比较"})
    rows = _published(case, now.start, now, blood=True)
    k = sum(1 if r["quantity"] is None else r["quantity"] for r in rows)
    n = sum(1 if r["quantity"] is None else r["quantity"]
            for r in _published(case, compared.start, compared, blood=True))  # fmt: skip
    status = "met" if k > n else "in_progress" if quarter_runs(case) else "explain"
    facts = {"compared": str(compared), "compared_text": f"{compared.year}年第{compared.number}季度"}
    return Finding(status, k, n, facts, items_of("work_record", rows))


def _published(case: Case, first: dt.date | None, quarter: Quarter, blood: bool = False) -> Rows:
    return _records(
        case,
        f"""category = 'own_media' AND recorded_on BETWEEN :since AND :until AND recorded_on <= :as_of
            AND {ON_BLOOD if blood else "1"}""",
        since=(first or dt.date.min).isoformat(),
        until=quarter.end.isoformat(),
    )


def publications_by_subject(case: Case, clause: str) -> Finding:
    """Items of the year in the office's own media on role models and on popular science."""
    rows = _records(case, f"category = 'own_media' AND {ON_BLOOD} AND {_IN_YEAR}")
    words = {"先进人物事迹": "人物", "科普知识": "科普"}
    counts = {label: sum(word in (r["subcategory"] or "") for r in rows) for label, word in words.items()}
    rows = [r for r in rows if any(word in (r["subcategory"] or "") for word in words.values())]
    return _by_kind(case, counts, items_of("work_record", rows))


def works_in_year(case: Case, clause: str) -> Finding:
    """Publicity material and works of art for blood donation made in the year."""
    rows = _records(case, f"category = 'work' AND {ON_BLOOD} AND {_IN_YEAR}")
    return Finding(by_year_end(case, len(rows), 1), len(rows), None, items=items_of("work_record", rows))


def winter_campaign(case: Case, clause: str, *, first_month: int, last_month: int) -> Finding:
    """Activities of the winter campaign in the season that runs or ended last; the notice gives winter no dates."""
    year = case.as_of.year if case.as_of.month >= first_month else case.as_of.year - 1
    start, end = dt.date(year, first_month, 1), dt.date(year + 1, last_month + 1, 1) - dt.timedelta(days=1)
    after_last = dt.date(year, last_month + 1, 1).isoformat()
    rows = _activities(case, "a.is_winter_campaign = 'yes'", after_last)
    inside = [r for r in rows if start.isoformat() <= r["start_on"] <= end.isoformat()]
    outside = [r for r in rows if r not in inside]
    if inside:
        status = "met"
    elif case.as_of <= end:
        status = "in_progress"
    else:
        status = "explain" if outside else "not_met"
    joint = sum(r["with_health_authority"] == "yes" for r in inside)
    words = [f"{day.year}年{day.month}月{day.day}日" for day in (start, end)]
    facts = {"season": year, "season_text": "至".join(words), "joint": joint, "outside": len(outside)}
    items = items_of("activity", outside, "explain") + items_of("activity", inside)
    return Finding(status, len(inside), None, facts, items)


def issues_are_resolved(case: Case, clause: str) -> Finding:
    """Issues not resolved before the quarter began, and those of them that are resolved by the day."""
    rows = _records(
        case,
        f"""category = 'issue' AND {ON_BLOOD} AND recorded_on <= :as_of
            AND (valid_until IS NULL OR valid_until >= :since)""",
        since=quarter_first(case),
    )
    left = [r for r in rows if r["valid_until"] is None or r["valid_until"] > case.day]
    done = [r for r in rows if r not in left]
    status = "recorded" if not rows else "in_progress" if left else "met"
    ages = [(case.as_of - dt.date.fromisoformat(r["recorded_on"])).days for r in left]
    facts = {"open": len(left), "days_oldest": max(ages, default=0)}
    items = items_of("work_record", left, "in_progress") + items_of("work_record", done)
    return Finding(status, len(done), len(rows), facts, items)


CHECKS = (
    cooperation_by_kind,
    kept_in_force,
    joint_activities,
    venues_host_blood_publicity,
    donor_families_are_visited,
    counties_have_blood_teams,
    brand_projects,
    blood_station_activities,
    thanks_in_year,
    publicity_in_quarter,
    publicity_in_places,
    own_media_grows,
    publications_by_subject,
    works_in_year,
    winter_campaign,
    issues_are_resolved,
)
