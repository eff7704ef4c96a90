"""任务包: what the level above asks for a period, by when, on which form, under which rules; signed, answered in two clicks.

The answer is a 报送包 that names the task and holds its form, filled by the binding that was saved for it.
"""

import datetime as dt
import re
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from db import bounded
from db.errors import UserError
from db.quarters import Period
from db.records.internal_entities import ATTACHMENT, SUPERIOR_TASK
from db.rules.checks import CHECKS
from db.rules.local_packs import add_pack, checked
from db.rules.register import LARGEST
from db.storage import uids
from db.storage.store import Store
from db.tasks.attachments import box_of, keep_content
from db.tasks.editions import canonical, editions
from desktop.services.packages import LEVELS, package_bytes, package_name
from desktop.services.receipts import known_key
from desktop.services.signed_files import (
    FORM,
    SUFFIX,
    Signed,
    expect,
    fingerprint,
    key_of,
    public_of,
    read_signed,
    refused,
    sender,
    sign,
    sound,
)
from desktop.services.templates import changed_words, form_of, read_template, recognise, values_of
from forms import output

_FIELDS = {"form", "kind", "office", "office_uid", "code", "level", "number", "title", "period", "deadline", "note", "template",
           "rules", "issued_on", "files"}  # fmt: skip
_LARGEST_FORM = 32 << 20  # bytes
_FORMS = (".xlsx", ".docx")


@dataclass(frozen=True)
class Task:
    """A task as a person sees it; `row` is its record, `fits` says how far its form is known, in words."""

    row: int
    number: str
    title: str
    office: str
    period: Period
    deadline: dt.date
    note: str
    template: str  # the form's name; empty without one
    rules: str
    answered_on: str
    handed_up: bool  # whether the period is frozen
    fits: str = ""
    ready: bool = True


@dataclass(frozen=True)
class TakenIn:
    """A task that was taken in, the sender's fingerprint, whether its key is new, and how many clauses came with it."""

    title: str
    office: str
    key: str
    new_key: bool
    clauses: int = 0


@dataclass(frozen=True)
class Asked:
    """What a superior puts into a task."""

    title: str
    period: Period
    deadline: dt.date
    note: str = ""
    template: Path | None = None
    rules: Path | None = field(default=None)


def make_task(store: Store, asked: Asked, today: dt.date, path: Path) -> tuple[Path, str]:
    """Sign a task, log it, and write it to `path` or, under its own name, into a folder; return the file and the fingerprint.

    Raises `UserError` for a deadline before the period's end, a form that cannot be filled, a rule file that is wrong.
    """
    if asked.deadline <= asked.period.end:
        raise UserError(f"期限 {asked.deadline} 不晚于{asked.period.label}的最后一天，没有做任务包。请核对期限")
    if not asked.title.strip():
        raise UserError("请写明任务的名称，没有做任务包")
    files: list[tuple[str, bytes]] = []
    if asked.template is not None:
        if asked.template.suffix.lower() not in _FORMS:
            raise UserError(
                f"任务包里的模板应是 .xlsx 工作簿或 .docx 文档：{asked.template.name}。没有做任务包，"
                "请另存为 .xlsx 或 .docx 再试"
            )
        read_template(asked.template)
        files.append((_file_name(asked.template), _content(asked.template, _LARGEST_FORM)))
    if asked.rules is not None:
        checked(store, asked.rules, dict(CHECKS))
        files.append((_file_name(asked.rules), _content(asked.rules, LARGEST)))
    key = key_of(store)
    said: dict[str, Any] = {
        **sender(store), "kind": "task", "number": uids.new(), "title": asked.title.strip(), "period": str(asked.period),
        "deadline": asked.deadline.isoformat(), "note": asked.note.strip(),
        "template": files[0][0] if asked.template is not None else "",
        "rules": files[-1][0] if asked.rules is not None else "", "issued_on": today.isoformat(),
    }  # fmt: skip
    content = sign(said, files, key)
    target = path
    if path.is_dir() or not path.suffix:
        target = path / (output.safe_name(f"{asked.period.label}任务包 {said['title']}") + SUFFIX)
    with store.operation(f"下达任务：{said['title']}"):
        row = _row("given", said, public_of(key), "", canonical({**said, "form": FORM, "files": []}).decode(), today)
        store.save(SUPERIOR_TASK, row)
    return output.write_beside(target, content), fingerprint(public_of(key))


def read_task(path: Path) -> Signed:
    """Return a task that is whole, signed and sound; raise `UserError` with what is wrong with it."""
    signed = read_signed(path)
    expect(path, signed, "task")
    sound(path, _is_sound(signed.said))
    return signed


def take_in(store: Store, path: Path, today: dt.date) -> TakenIn:
    """Take in a task: its form is kept as an attachment, its rules are added, its deadline counts.

    The same task twice is one. Raises `UserError` for one that is not sound, one under another key than the one known for that
    superior, and one whose form or rules cannot be used; nothing is kept then.
    """
    signed = read_task(path)
    said = signed.said
    if sender(store)["office_uid"] == said["office_uid"]:
        raise refused(path, "是本会自己下达的任务包，请发给下级")
    known = known_key(store, said["office_uid"])
    if known and known != signed.key:
        raise refused(
            path, f"“{said['office']}”以前的签名钥匙是 {fingerprint(known)}，这一份是 {signed.mark}，请打电话核对"
        )
    if any((r["direction"], r["number"]) == ("taken", said["number"]) for r in store.rows(SUPERIOR_TASK)):
        return TakenIn(said["title"], said["office"], signed.mark, False)
    attachment = None
    if said["template"]:
        form_of(signed.files[said["template"]], said["template"])  # the gate, before anything is kept
        box_of(store)
    clauses = 0
    if said["rules"]:
        with tempfile.TemporaryDirectory() as folder:
            pack = Path(folder, "rules.toml")
            pack.write_bytes(signed.files[said["rules"]])
            clauses = len(add_pack(store, pack, dict(CHECKS)))
    with store.operation(f"收任务：{said['title']}"):
        if said["template"]:
            note = f"{said['office']} {said['title']}"
            attachment = keep_content(store, said["template"], signed.files[said["template"]], on=today, note=note)
        row = _row("taken", said, signed.key, signed.signature, signed.text.decode(), today)
        store.save(SUPERIOR_TASK, row | {"attachment_id": attachment})
    return TakenIn(said["title"], said["office"], signed.mark, not known, clauses)


def tasks(store: Store, period: Period | None = None) -> list[Task]:
    """Return the tasks that were taken in, of a period or all, the nearest deadline first."""
    found = []
    for r in store.rows(SUPERIOR_TASK):
        if r["direction"] == "taken" and (period is None or r["period"] == str(period)):
            of = Period.parse(str(r["period"]))
            name = _form_of(store, r["attachment_id"])[0] if r["attachment_id"] else ""
            found.append(Task(
                int(r["id"] or 0), str(r["number"]), str(r["title"]), str(r["office"]), of,
                dt.date.fromisoformat(str(r["deadline"])), str(r["note"] or ""), name, str(r["rules"] or ""),
                str(r["answered_on"] or ""), bool(editions(store, of)),
            ))  # fmt: skip
    return found


def looked_at(store: Store, task: Task) -> Task:
    """Return a task with what can be said of its form: names written in it, a saved binding, or neither."""
    row = store.row(SUPERIOR_TASK, task.row)
    if not task.template or row is None:
        return task
    name, content = _form_of(store, row["attachment_id"])
    template = form_of(content, name)
    known = recognise(store, template)
    if template.has_placeholders():
        return replace(task, fits="模板里写好了名称，可以直接填")
    if known is None:
        return replace(task, fits="模板还没有对应过：先在“填上级模板”里打开它，对应一次", ready=False)
    if known.differences:
        return replace(task, fits=changed_words(known), ready=False)
    return replace(task, fits=f"认得这张表，照上次对应的 {sum(map(len, known.bound.values()))} 格填写")


def answer(store: Store, row: int, folder: Path, today: dt.date) -> tuple[Path, str, tuple[str, ...]]:
    """Answer a task: its form filled by the saved binding, inside the signed package of the frozen edition.

    Return the file, the key's fingerprint and what was left out. Raises `UserError` where the period is not handed up yet, or
    the form was never bound.
    """
    found = next((t for t in tasks(store) if t.row == row), None)
    if found is None:
        raise UserError("这项任务已不存在，请刷新后再试")
    if not found.handed_up:
        raise UserError(f"{found.period.label}还没有报送，不能答复这项任务。请先报送，再答复")
    task = looked_at(store, found)
    more: list[tuple[str, bytes]] = []
    if task.template:
        more.append(_filled(store, task, today))
    content, edition, key, left_out = package_bytes(store, task.period, task=task.number, more=more)
    stem = f"{package_name(edition).replace('报送包', '')}答复 {output.safe_name(task.title)}"
    written = output.write_beside(folder / f"{output.safe_name(stem)}{SUFFIX}", content)
    with store.operation(f"答复任务：{task.title}"):
        store.save(SUPERIOR_TASK, {"id": task.row, "answered_on": today.isoformat()})
    return written, key, left_out


def _filled(store: Store, task: Task, today: dt.date) -> tuple[str, bytes]:
    """Return the form's name and its content, filled; raise `UserError` where it was never bound."""
    if not task.ready:
        raise UserError(f"{task.fits}。没有写出任何文件")
    row = store.row(SUPERIOR_TASK, task.row)
    assert row is not None
    name, content = _form_of(store, row["attachment_id"])
    template = form_of(content, name)
    known = recognise(store, template)
    bound = known.bound if known is not None and not known.differences else {}
    filled = template.fill(values_of(store, task.period, today), bound)
    return f"{Path(name).stem}（已填）{Path(name).suffix.lower()}", filled.content


def save_form(store: Store, row: int, folder: Path) -> Path:
    """Write a task's form as it came, so that it can be bound; nothing is written over."""
    found = store.row(SUPERIOR_TASK, row)
    if found is None or not found["attachment_id"]:
        raise UserError("这项任务没有模板")
    name, content = _form_of(store, found["attachment_id"])
    return output.write_beside(folder / name, content)


def _form_of(store: Store, attachment: Any) -> tuple[str, bytes]:
    row = store.row(ATTACHMENT, int(attachment or 0))
    if row is None:
        raise UserError("任务的模板已不在附件里，请让上级重新发一份")
    return str(row["name"]), box_of(store).get(str(row["sha256"]))


def _row(
    direction: str, said: dict[str, Any], key: str, signature: str, content: str, today: dt.date
) -> dict[str, Any]:
    names = ("number", "title", "office_uid", "office", "period", "deadline")
    return {name: said[name] for name in names} | {
        "direction": direction, "note": said["note"] or None, "attachment_id": None, "rules": said["rules"] or None,
        "recorded_on": today.isoformat(), "answered_on": None, "key": key, "content": content, "signature": signature,
    }  # fmt: skip


def _file_name(path: Path) -> str:
    return output.safe_name(path.stem) + path.suffix.lower()


def _content(path: Path, largest: int) -> bytes:
    try:
        return bounded.read(path, largest)
    except (OSError, ValueError):
        raise UserError(f"读不了文件，或文件过大：{path.name}。没有做任务包") from None


def _is_sound(said: dict[str, Any]) -> bool:
    try:
        names = [f["name"] for f in said["files"]]
        texts = (
            said["office"],
            said["office_uid"],
            said["code"],
            said["number"],
            said["title"],
            said["template"],
            said["rules"],
        )
        days = (said["deadline"], said["issued_on"])
        return (
            said.keys() == _FIELDS and all(type(t) is str and len(t) <= 140 for t in texts)
            and bool(said["office"]) and bool(said["office_uid"]) and bool(said["title"]) and bool(said["number"])
            and type(said["note"]) is str and len(said["note"]) <= 4000 and said["level"] in ("", *LEVELS)
            and str(Period.parse(said["period"])) == said["period"]
            and all(dt.date.fromisoformat(d).isoformat() == d for d in days)
            and sorted(names) == sorted(n for n in (said["template"], said["rules"]) if n)
            and (not said["template"] or said["template"].endswith(_FORMS))
            and (not said["rules"] or said["rules"].endswith(".toml"))
            and re.fullmatch(r"[0-9a-f\-]{8,64}", said["number"]) is not None
        )  # fmt: skip
    except (UserError, KeyError, TypeError, AttributeError, ValueError):
        return False
