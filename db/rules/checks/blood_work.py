"""Semi-automatic checks of the notice on blood donation that count work records, activities and venues.

Each proposes a status; a person confirms it. A soft duty and an internal threshold never propose “not met”.
"""

import datetime as dt
import json

from db.quarters import Period, Quarter
from db.queries.conditions import active
from db.records.entities import ACTIVITY, WORK_RECORD
from db.records.kinds import Choice
from db.rules.checks.blood import IN_FORCE, ON_BLOOD
from db.rules.checks.case import Case, Finding, Row, check
from db.rules.checks.items import by_kind, items_of, kinds_text, listed, names_any, total_text
from db.rules.checks.periods import by_year_end, new_year, quarter_first, within_quarter
from db.rules.checks.universities import BLOOD_ACTIVITY, NAME, UNIVERSITIES, has_universities, no_university
from db.rules.checks.work import no_venue, unanswered
from db.rules.verdicts import Item

Rows = list[Row]

_VENUES = {"first_aid_base": "应急救护培训基地", "boai_home": "博爱家园", "safety_experience_hall": "体验馆"}


def _labels(field: object) -> dict[str, str]:
    assert isinstance(field, Choice)
    return field.labels


_PARTNERS = _labels(WORK_RECORD["partner_kind"].kind)
_PLACES = _labels(ACTIVITY["place_kind"].kind)


def _records(case: Case, where: str, **more: str) -> Rows:
    return case.query(
        f"""SELECT id, title, partner_kind, subcategory, channel, quantity, recorded_on, valid_until, {NAME} AS name
              FROM work_record WHERE {where} ORDER BY recorded_on, id""",
        first=new_year(case),
        **more,
    )


def _activities(case: Case, where: str, first: str | None = None) -> Rows:
    return case.query(
        f"""SELECT a.id, a.name AS title, a.category, a.topic, a.place, a.place_kind, a.audience, a.start_on,
                   a.with_health_authority
              FROM activity AS a WHERE a.start_on BETWEEN :first AND :as_of AND {where} ORDER BY a.start_on, a.id""",
        first=first or new_year(case),
    )


_IN_YEAR = "recorded_on BETWEEN :first AND :as_of"


@check(*UNIVERSITIES)
def cooperation_by_kind(case: Case, clause: str, *, categories: tuple[str, ...], partners: tuple[str, ...]) -> Finding:
    """Kinds of partner with a record of cooperation on blood donation in the year.

    Universities are left out where there are none; where nobody has said so, they alone decide nothing.
    """
    asked = has_universities(case)
    kinds = {p: _PARTNERS[p] for p in partners if p != "university" or asked is not False}
    marks = ", ".join(f"'{c}'" for c in categories)
    rows = [r for r in _records(case, f"category IN ({marks}) AND {ON_BLOOD} AND {_IN_YEAR}")
            if r["partner_kind"] in kinds]  # fmt: skip
    counts = {label: sum(r["partner_kind"] == kind for r in rows) for kind, label in kinds.items()}
    finding = by_kind(case, counts, items_of("work_record", rows))
    lacking = [kind for kind, label in kinds.items() if not counts[label]]
    if lacking == ["university"] and asked is None:
        finding.status = "missing_data"
        finding.facts["question"] = "has_universities"
    return finding


@check("work_record")
def kept_in_force(case: Case, clause: str, *, subcategory: str) -> Finding:
    """Something the notice encourages stands on the day, such as a special fund."""
    rows = _records(case, f"category = 'other' AND subcategory = :kind AND {ON_BLOOD} AND {IN_FORCE}", kind=subcategory)
    facts = {"quantity_text": total_text([r["quantity"] for r in rows], "人")}
    return Finding("met" if rows else "recorded", len(rows), None, facts, items_of("work_record", rows))


@check("office", "work_record")
def emergency_donor_team(case: Case, clause: str, *, subcategory: str) -> Finding:
    """A team of emergency donors, own or with the blood station: a duty where the office has the conditions for it."""
    answer = case.answer("can_form_emergency_donors")
    rows = _records(
        case,
        f"""{IN_FORCE} AND {ON_BLOOD} AND subcategory = :kind
            AND (category = 'other' OR (category = 'cooperation' AND partner_kind = 'blood_station'))""",
        kind=subcategory,
    )
    facts = {"quantity_text": total_text([r["quantity"] for r in rows], "人")}
    if answer is False:  # a team on record all the same is a figure, which ends what a person said of none
        return Finding("not_applicable", len(rows), facts={"reason": "本会情况中填写的是不具备组建条件"})
    if answer is None and not rows:
        return Finding("missing_data", 0, None, facts | {"question": "can_form_emergency_donors"})
    return Finding("met" if rows else "explain", len(rows), None, facts, items_of("work_record", rows))


@check("activity", "work_record")
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
    return by_kind(case, counts, items_of("activity", rows) + items_of("work_record", awards))


@check("office", "venue", "activity")
def venues_host_blood_publicity(case: Case, clause: str, *, min_activities: int) -> Finding:
    """Kinds of venue the office has, in which publicity for blood donation was held in the year."""
    marks = ", ".join(f"'{kind}'" for kind in _VENUES)
    venues = case.query(
        f"""SELECT v.id, v.name AS title, v.venue_type FROM venue AS v WHERE v.venue_type IN ({marks})
               AND {active("v", "opened_on", "closed_on")} ORDER BY v.id"""
    )
    if not venues:
        return no_venue(case)
    rows = _activities(case, f"a.category = 'publicity' AND a.place IS NOT NULL AND {BLOOD_ACTIVITY}")
    counts = {}
    for kind, label in _VENUES.items():
        names = [v["title"] for v in venues if v["venue_type"] == kind]
        if names:
            counts[label] = sum(any(name in r["place"] for name in names) for r in rows)
    done = {label for label, number in counts.items() if number >= min_activities}
    k, n = len(done), len(counts)
    status = by_year_end(case, k, n, some="attention", nothing="attention")
    rows = [v | {"status": "met" if _VENUES[v["venue_type"]] in done else "attention"} for v in venues]
    return Finding(status, k, n, {"kinds": counts, "kinds_text": kinds_text(counts)}, listed("venue", rows))


@check("work_record")
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


@check("work_record", "lower_office", "received")
def counties_have_blood_teams(case: Case, clause: str, *, judged_by: tuple[str, ...]) -> Finding:
    """County offices that have a team for blood donation, of all that are known: by the list of offices below, by what
    they handed up, or by a record of work. A verdict of theirs on `judged_by` wins over a record."""
    noted = {
        r["name"]: r for r in _records(case, f"category = 'other' AND subcategory = '县级红十字会' AND {IN_FORCE}")
    }
    with_team = {
        r["name"] for r in _records(case, f"category = 'other' AND subcategory = '县级献血队伍' AND {IN_FORCE}")
    }
    said = _handed_up(case, judged_by)
    found: dict[str, tuple[str, int, bool]] = {name: ("work_record", r["id"], False) for name, r in noted.items()}
    for r in _county_list(case):
        found[r["name"]] = ("lower_office", r["id"], False)
    codes = {r["code"]: r["name"] for r in _county_list(case) if r["code"]}
    for r in said:
        name = str(codes.get(r["code"], r["office"]))
        found[name] = (*found.get(name, ("received", r["id"], False))[:2], r["status"] == "met")
    heard = {codes.get(r["code"], r["office"]) for r in said}
    items = [
        Item(record, row, name, "met" if met or (name in with_team and name not in heard) else "attention")
        for name, (record, row, met) in sorted(found.items())
    ]
    k, n = sum(item.status == "met" for item in items), len(items)
    status = by_year_end(case, k, n) if items else "missing_data"
    facts = {"heard": len(heard), "silent": n - len(heard)}
    return Finding(status, k, n, facts, sorted(items, key=lambda item: item.status == "met"))


def _county_list(case: Case) -> Rows:
    """Return the county offices on the list of those below: all of a city's; a province's list has its cities, too."""
    return case.query(
        """SELECT id, name, ifnull(code, '') AS code FROM lower_office
            WHERE :level <> 'province' OR code IS NULL OR substr(code, 5, 2) <> '00' ORDER BY id""",
        level=case.level,
    )


def _handed_up(case: Case, judged_by: tuple[str, ...]) -> Rows:
    """Return what each county said of the clauses in its last edition of its last period up to the day: the worst verdict.

    What another office handed on counts as if the county's own package had come.
    """
    rows = case.query(
        """SELECT r.id, r.period, o.value ->> 'office' AS office, ifnull(o.value ->> 'code', '') AS code,
                  o.value ->> 'office_uid' AS uid, o.value ->> 'edition' AS edition, v.value ->> 'status' AS status
             FROM received AS r, json_each(CASE r.kind WHEN 'rollup' THEN r.content -> '$.offices'
                                                       ELSE json_array(json(r.content)) END) AS o,
                  json_each(o.value, '$.clauses') AS v
            WHERE o.value ->> 'level' = 'county' AND v.value ->> 'clause' IN (SELECT value FROM json_each(:wanted))
            ORDER BY r.id""",
        wanted=json.dumps(judged_by),
    )
    last: dict[str, tuple[tuple[dt.date, int], Row]] = {}
    for r in rows:
        rank = (Period.parse(r["period"]).end, int(r["edition"]))
        there = last.get(r["uid"])
        worse = there is not None and rank == there[0] and r["status"] != "met"
        if rank[0] <= case.as_of and (there is None or rank > there[0] or worse):
            last[r["uid"]] = (rank, r)
    return [r for _, r in last.values()]


@check(*UNIVERSITIES)
def brand_projects(case: Case, clause: str) -> Finding:
    """Brand projects for blood donation that ran in the year, with the support of the area's universities."""
    if has_universities(case) is not True and (stop := no_university(case)):
        return stop
    rows = _records(
        case,
        f"""category = 'project' AND ifnull(subcategory, '') LIKE '%品牌%' AND {ON_BLOOD}
            AND coalesce(valid_from, recorded_on) <= :as_of AND (valid_until IS NULL OR valid_until >= :first)""",
    )
    return Finding(by_year_end(case, len(rows), 1), len(rows), None, items=items_of("work_record", rows))


@check("activity")
def blood_station_activities(case: Case, clause: str) -> Finding:
    """Kinds of activity held in the year with the blood station."""
    kinds = {"publicity": "宣传招募", "blood_recruitment": "宣传招募", "blood_booking": "预约献血",
             "group_donation": "团体献血"}  # fmt: skip
    rows = [r for r in _activities(case, "a.with_blood_station = 'yes'") if r["category"] in kinds]
    counts = dict.fromkeys(kinds.values(), 0)
    for r in rows:
        counts[kinds[r["category"]]] += 1
    return by_kind(case, counts, items_of("activity", rows))


@check("activity", "work_record")
def thanks_in_year(case: Case, clause: str) -> Finding:
    """Awards and thanks to volunteers for blood donation in the year."""
    awards = _records(case, f"category = 'award' AND {ON_BLOOD} AND {_IN_YEAR}")
    events = _activities(case, f"a.category = 'award' AND {BLOOD_ACTIVITY}")
    k = len(awards) + len(events)
    items = items_of("work_record", awards) + items_of("activity", events)
    return Finding(by_year_end(case, k, 1), k, None, items=items)


@check("activity")
def publicity_in_quarter(case: Case, clause: str, *, min_activities: int) -> Finding:
    """Publicity for blood donation in the quarter."""
    rows = _activities(case, f"a.category = 'publicity' AND {BLOOD_ACTIVITY}", quarter_first(case))
    k = len(rows)
    status = within_quarter(case, k >= min_activities, "attention")
    facts = {"audience_text": total_text([r["audience"] for r in rows], "人次")}
    return Finding(status, k, min_activities, facts, items_of("activity", rows))


@check("activity")
def publicity_in_places(case: Case, clause: str, *, places: tuple[str, ...]) -> Finding:
    """The kinds of place that publicity for blood donation reached in the year."""
    kinds = {place: _PLACES[place] for place in places}
    rows = [r for r in _activities(case, f"a.category = 'publicity' AND {BLOOD_ACTIVITY}") if r["place_kind"] in kinds]
    counts = {label: sum(r["place_kind"] == kind for r in rows) for kind, label in kinds.items()}
    return by_kind(case, counts, items_of("activity", rows), nothing="not_met")


@check("office", "work_record")
def own_media_grows(case: Case, clause: str) -> Finding:
    """Items on blood donation in the office's own media, against the same quarter of last year or the one before."""
    now = Quarter.of(case.as_of)
    if not _published(case, None, now) and case.answer("has_own_media") is not True:
        return unanswered(case, "has_own_media", "本会没有自有媒体", None)
    compared = next((q for q in (now.last_year, now.previous) if _published(case, q.start, q)), None)
    if compared is None:
        return Finding("not_applicable", facts={"reason": "去年同季和上一季都没有自有媒体发布的记录，无法比较"})
    rows = _published(case, now.start, now, blood=True)
    k = sum(1 if r["quantity"] is None else r["quantity"] for r in rows)
    n = sum(1 if r["quantity"] is None else r["quantity"]
            for r in _published(case, compared.start, compared, blood=True))  # fmt: skip
    status = within_quarter(case, k > n, "explain")
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


@check("work_record")
def publications_by_subject(case: Case, clause: str, *, subjects: tuple[str, ...]) -> Finding:
    """Items of the year in the office's own media by subject, each written as 名称|子类中的词."""
    rows = _records(case, f"category = 'own_media' AND {ON_BLOOD} AND {_IN_YEAR}")
    words = dict(subject.split("|", 1) for subject in subjects)
    counts = {label: sum(word in (r["subcategory"] or "") for r in rows) for label, word in words.items()}
    rows = [r for r in rows if names_any(r["subcategory"], words.values())]
    return by_kind(case, counts, items_of("work_record", rows))


@check("work_record")
def works_in_year(case: Case, clause: str) -> Finding:
    """Publicity material and works of art for blood donation made in the year."""
    rows = _records(case, f"category = 'work' AND {ON_BLOOD} AND {_IN_YEAR}")
    return Finding(by_year_end(case, len(rows), 1), len(rows), None, items=items_of("work_record", rows))


@check("activity")
def winter_campaign(
    case: Case, clause: str, *, first_month: int, last_month: int, kinds: tuple[str, ...], words: tuple[str, ...]
) -> Finding:
    """Activities for blood donation of the winter campaign in the season that runs or ended last.

    The notice gives winter no dates. What is marked and lies outside, or is of another kind or theme, is explained.
    """
    year = case.as_of.year if case.as_of.month >= first_month else case.as_of.year - 1
    start, end = dt.date(year, first_month, 1), dt.date(year + 1, last_month + 1, 1) - dt.timedelta(days=1)
    after_last = dt.date(year, last_month + 1, 1).isoformat()
    rows = _activities(case, "a.is_winter_campaign = 'yes'", after_last)
    inside = [
        r for r in rows
        if start.isoformat() <= r["start_on"] <= end.isoformat() and r["category"] in kinds
        and names_any(f"{r['title']} {r['topic'] or ''}", words)
    ]  # fmt: skip
    outside = [r for r in rows if r not in inside]
    if inside:
        status = "met"
    elif case.as_of <= end:
        status = "in_progress"
    else:
        status = "explain" if outside else "not_met"
    joint = sum(r["with_health_authority"] == "yes" for r in inside)
    span = [f"{day.year}年{day.month}月{day.day}日" for day in (start, end)]
    facts = {"season": year, "season_text": "至".join(span), "joint": joint, "outside": len(outside)}
    items = items_of("activity", outside, "explain") + items_of("activity", inside)
    return Finding(status, len(inside), None, facts, items)


@check("work_record")
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
