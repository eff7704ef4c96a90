"""Handing up: a period through its steps to a frozen edition, its files again byte for byte, and what changed since."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.queries.changes import changed_between
from db.queries.figures import period_figures
from db.records.choices import LEVELS
from db.records.entities import BY_NAME
from db.rules.checks import READS, check_office
from db.rules.register import VERSION
from db.rules.verdicts import Result
from db.storage.changed import Changed, day_of
from db.storage.store import Store
from db.tasks import quarter_steps
from db.tasks.editions import TITLE, Edition, edition_of, editions, files_of, freeze, prepare
from desktop.services.nameless import Names
from desktop.services.reporting import FORMATS, quarter_data, report_book, report_docx, report_pdf, texts_of
from forms import output
from forms.report.correction import Difference, correction_pdf
from forms.report.pdf import check_lines
from forms.report.quarterly import QuarterData
from forms.report.report_text import report_sections

NOT_DONE = "未经"
STEPS = {"prepare": "填表", "review": "审核", "sign": "签发", "submit": "报送"}
SHARED = "本会共用"
LEVEL_CODES = {label: code for code, label in LEVELS}
# What any verdict may rest on besides the tables that its check names: answers, and the office's own facts.
_ANSWERS = ("confirmation", "self_assessment", "evidence", "office_parameter", "office")


@dataclass(frozen=True)
class Submitted:
    """A frozen edition, and what the person should know of it."""

    edition: Edition
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Line(Difference):
    """A difference with the records it comes from."""

    records: tuple[Changed, ...] = ()


# Handing up


def submit(
    store: Store, period: Period, people: Mapping[str, str], on: dt.date, today: dt.date, *, reason: str = ""
) -> Submitted:
    """Freeze a period that is over as its next edition; `people` names who did the steps prepare, review and sign.

    Without `reason` it is the first edition; with one it corrects the last. A step without a name stands as 未经.
    Raises `UserError` for a running period, one that is frozen already, or a correction of none.
    """
    if today <= period.end:
        raise UserError(f"{period.label}还没有结束，不能报送；可以用 boai report 写出草稿。没有改动任何内容")
    if on <= period.end:
        raise UserError(f"报送日期 {on} 早于{period.label}的结束，没有报送。请核对日期")
    known = editions(store, period)
    if known and not reason:
        raise UserError(
            f"{known[-1].words}，已经冻结，没有再报送。数字有变的，请用更正报告（boai correct {period} --reason …）"
        )
    if reason and not known:
        raise UserError(f"{period.label}还没有报送过，不用更正。没有改动任何内容")
    data = quarter_data(store, period, today)
    done = quarter_steps.steps_done(store, period)
    names = {step: (people.get(step) or "").strip() or str(done.get(step, {}).get("person", "")) for step in STEPS}
    names["submit"] = names["submit"] or names["prepare"] or store.actor
    data = replace(data, issued_on=on, signed={step: name for step, name in names.items() if name})
    changes = difference(store, period) if known else None
    files, volunteers = _files(store, data), Names(store)
    named = [files[0][0]] if volunteers.found_in(_words(data)) else []
    if changes is not None:
        content = correction_pdf(data, changes[0], reason.strip(), known[-1].words)
        files.append((output.safe_name(f"{data.title.replace('报告', '')}更正说明") + ".pdf", content))
        named += [files[-1][0]] if volunteers.found_in([reason]) else []
    manifest = _manifest(store, data, names, on, today) | {
        "corrects": known[-1].number if known else None, "reason": reason.strip(), "named": named,
    }  # fmt: skip
    prepared = prepare(store, period, manifest, files)
    with store.operation(f"{TITLE}：{period.label}", "event", detail=prepared.detail) as operation:
        for step, person in names.items():
            if person:
                quarter_steps.mark_step(store, period, step, person=person, on=on)
        assert operation.id is not None
        freeze(store, prepared, operation.id)
    return Submitted(editions(store, period)[-1], tuple(_warnings(names)))


def _warnings(names: Mapping[str, str]) -> Iterable[str]:
    if names["prepare"] and names["prepare"] == names["review"]:
        yield f"填表人和审核人是同一个人（{names['prepare']}），最好由另一位审核"
    missing = [STEPS[step] for step in ("prepare", "review", "sign") if not names[step]]
    if missing:
        yield f"{'、'.join(missing)}没有写办理人，在报送版中记为“{NOT_DONE}”"


def _files(store: Store, data: QuarterData) -> list[tuple[str, bytes]]:
    made = {
        "pdf": lambda: report_pdf(data)[0],
        "xlsx": lambda: report_book(store, data),
        "docx": lambda: report_docx(data),
    }
    return [(f"{output.safe_name(data.title)}.{form}", made[form]()) for form in FORMATS]


def _words(data: QuarterData) -> Iterable[str]:
    """Yield what people typed into the report on paper, and what it says of each clause."""
    yield from data.texts.values()
    for section in report_sections(data):
        yield from (paragraph.text for paragraph in section.paragraphs)
    for _, lines in check_lines(data):
        yield from (cell for line in lines for cell in line)


def _manifest(store: Store, data: QuarterData, names: Mapping[str, str], on: dt.date, today: dt.date) -> dict[str, Any]:
    figures = _with_uids(store, period_figures(store, data.quarter, data.as_of))
    return {
        "office": data.office.get("name", ""), "level": LEVEL_CODES.get(data.office.get("level", ""), ""),
        "code": data.office.get("division_code", ""), "profile": dict(data.office),
        "as_of": data.as_of.isoformat(), "prepared_on": today.isoformat(), "submitted_on": on.isoformat(),
        "steps": {step: names[step] or NOT_DONE for step in STEPS}, "rules": VERSION,
        "figures": figures, "collected": {n: v for n, v in data.province["now"].items() if n not in figures["office"]},
        "clauses": [_verdict(r) for r in data.results], "texts": texts_of(store, data.quarter),
    }  # fmt: skip


def _with_uids(store: Store, figures: dict[str, Any]) -> dict[str, Any]:
    uids = {str(r["name"]): str(r["uid"]) for r in store.rows(BY_NAME["team"])}
    teams = [{"uid": uids[str(team["team"])], **team} for team in figures["teams"]]
    return {"office": figures["office"], "shared": figures["shared"], "teams": teams}


def _verdict(r: Result) -> dict[str, Any]:
    return {
        "clause": r.clause.id, "title": r.clause.title, "source": r.clause.source.key, "article": r.clause.article, "status": r.status, "k": r.k,
        "n": r.n, "listed": r.listed, "parameters": {name: str(value) for name, value in r.parameters.items()},
        "reads": sorted({*READS.get(r.clause.check or "", ()), *_ANSWERS}),
        "judgement": {k: str(v) for k, v in (r.judgement or {}).items()}, "message": r.message,
    }  # fmt: skip


# Its files again


def write_edition(store: Store, period: Period, number: int | None, folder: Path) -> list[Path]:
    """Write the files of an edition into `folder`, byte for byte; one of that name with other content stays."""
    edition = edition_of(store, period, number)
    return [output.write_beside(folder / name, content) for name, content in files_of(store, edition)]


# What changed


def difference(
    store: Store, period: Period, first: int | None = None, last: int | None = None
) -> tuple[list[Line], list[Changed]]:
    """Compare an edition (the last one by default) with another one, or with now; return lines and changed records.

    The records are those that the period reads: what they speak of begins by its last day.
    """
    old = edition_of(store, period, first)
    until = edition_of(store, period, last) if last is not None else None
    as_of = str(old.manifest["as_of"])
    changed = [
        c
        for c in changed_between(store, old.log, until.log if until else None)
        if (day := day_of(store.db, c)) is None or day <= as_of
    ]
    new = until.manifest if until is not None else _today(store, period, dt.date.fromisoformat(as_of))
    teams = Teams(store, changed)
    return [*_figure_lines(teams, old.manifest, new, changed), *_clause_lines(old.manifest, new, changed)], changed


def _today(store: Store, period: Period, as_of: dt.date) -> dict[str, Any]:
    figures = _with_uids(store, period_figures(store, period, as_of))
    return {"figures": figures, "clauses": [_verdict(r) for r in check_office(store, as_of)]}


class Teams:
    """Which teams a changed record belongs to."""

    def __init__(self, store: Store, changed: Iterable[Changed]) -> None:
        self.of_person: dict[int, set[int]] = {}
        memberships: list[dict[str, Any]] = [dict(row) for row in store.rows(BY_NAME["membership"])]
        memberships += [side for c in changed if c.record == "membership" for side in c.sides]
        for row in memberships:
            self.of_person.setdefault(int(row["volunteer_id"]), set()).add(int(row["team_id"]))
        self.ids = {str(r["uid"]): int(r["id"] or 0) for r in store.rows(BY_NAME["team"])}
        self.ids |= {c.uid: c.id for c in changed if c.record == "team"}

    def concerns(self, changed: Changed, team: int) -> bool:
        """Tell whether a record may count for a team: it names it, or a person who was ever in it, or no team at all."""
        if changed.record == "team":
            return changed.id == team or any(side.get("parent_id") == team for side in changed.sides)
        entity, found = BY_NAME[changed.record], set[int]()
        if changed.record == "volunteer":
            found |= self.of_person.get(changed.id, set())
        for side in changed.sides:
            named = [side.get(f.name) for f in entity.refs if getattr(f.kind, "entity", "") == "team"]
            found |= {int(n) for n in named if n is not None}
            if not any(named) and side.get("volunteer_id") is not None:
                found |= self.of_person.get(int(side["volunteer_id"]), set())
        return team in found or (not found and changed.record not in ("fund_entry", "volunteer"))


def _figure_lines(
    teams: Teams, old: Mapping[str, Any], new: Mapping[str, Any], changed: list[Changed]
) -> Iterable[Line]:
    before, after = old["figures"], new["figures"]
    yield from _lines(None, before["office"], after["office"], changed)
    shared = [c for c in changed if c.record == "fund_entry" and any(s.get("team_id") is None for s in c.sides)]
    yield from _lines(SHARED, before["shared"], after["shared"], shared)
    were = {team["uid"]: team for team in before["teams"]}
    are = {team["uid"]: team for team in after["teams"]}
    for uid in dict.fromkeys([*were, *are]):
        was, now = were.get(uid, {}), are.get(uid, {})
        own = [c for c in changed if teams.concerns(c, teams.ids.get(uid, 0))]
        yield from _lines(str((now or was)["team"]), was, now, own)


def _lines(team: str | None, old: Mapping[str, Any], new: Mapping[str, Any], changed: list[Changed]) -> Iterable[Line]:
    for figure in dict.fromkeys([*old, *new]):
        was, now = old.get(figure), new.get(figure)
        if figure not in ("uid", "team", "own_level") and was != now and (was or now or (old and new)):
            causes, records = _because([c for c in changed if c.record in _tables(figure)])
            yield Line(team, figure, None, was, now, causes, records=records)


def _tables(figure: str) -> set[str]:
    """Return the records that a figure counts."""
    for beginning, tables in (
        ("teams", ()), ("subteams", ()), ("volunteers", ("volunteer",)), ("members", ("membership", "volunteer")),
        ("persons", ("membership", "volunteer")), ("training", ("training", "attendance", "membership", "volunteer")),
        ("service", ("service_record", "activity", "membership", "volunteer")), ("activities", ("activity",)),
    ):  # fmt: skip
        if figure.startswith(beginning):
            return {"team", "office", *tables}
    if figure.endswith("_fen"):
        return {"team", "fund_entry"}
    return {"team", "office", "coverage", "insurance_policy", "membership", "volunteer"}


def _clause_lines(old: Mapping[str, Any], new: Mapping[str, Any], changed: list[Changed]) -> Iterable[Line]:
    were = {v["clause"]: v for v in old["clauses"]}
    are = {v["clause"]: v for v in new["clauses"]}
    for clause in dict.fromkeys([*were, *are]):
        was, now = were.get(clause, {}), are.get(clause, {})
        if was.get("status") != now.get("status"):
            tables = {*was.get("reads", ()), *now.get("reads", ())}
            causes, records = _because([c for c in changed if c.record in tables])
            if was.get("parameters") != now.get("parameters"):
                causes = tuple(dict.fromkeys(("rule", *causes)))
            title = str(now.get("title") or was.get("title") or "")
            yield Line(None, None, clause, was.get("status"), now.get("status"), causes, title, records)


def _because(read: list[Changed]) -> tuple[tuple[str, ...], tuple[Changed, ...]]:
    """Return the causes of a line and its records; where no record of it changed, the rule did."""
    return (tuple(dict.fromkeys(c.cause for c in read)) or ("rule",)), tuple(read)
