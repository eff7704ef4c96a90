"""回执: the level above says of a package that it is accepted, or returned with remarks; the office below shows it.

A receipt is signed, names the very edition by its SHA-256, and is numbered, so that an older one never stands for a newer.
"""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.records.internal_entities import RECEIPT, RECEIVED, SUPERIOR_TASK
from db.storage import vault
from db.storage.store import Store
from db.tasks.editions import canonical, editions
from db.tasks.receipts import ACCEPTED, RETURNED, Standing, given, standing
from desktop.services.packages import LEVELS
from desktop.services.signed_files import (
    FORM,
    SUFFIX,
    Signed,
    expect,
    fingerprint,
    key_of,
    read_signed,
    refused,
    said_in,
    sender,
    sign,
    sound,
)
from forms import output

__all__ = [
    "ACCEPTED",
    "RETURNED",
    "Standing",
    "given",
    "issue",
    "known_key",
    "read_receipt",
    "standing",
    "take_in",
    "unanswered",
]
_FIELDS = {"form", "kind", "office", "office_uid", "code", "level", "to", "period", "edition", "edition_sha256", "number",
           "status", "remarks", "person", "issued_on", "files"}  # fmt: skip


def issue(
    store: Store, period: Period, uids: Sequence[str], status: str, remarks: str, person: str, today: dt.date, folder: Path
) -> list[Path]:  # fmt: skip
    """Sign a receipt for the last edition of each of these offices, log it, and write it into `folder`; return the files.

    Raises `UserError` for a return without remarks. An office whose last receipt says the same gets the same again.
    """
    remarks, person = remarks.strip(), person.strip()
    if status == RETURNED and not remarks:
        raise UserError("退回要写明意见，没有发出回执")
    key, own = key_of(store), sender(store)
    last: dict[tuple[str, str], Any] = {}
    for r in store.rows(RECEIVED):
        who = (str(r["office_uid"]), str(r["kind"]))
        if (
            r["period"] == str(period)
            and who[0] in uids
            and int(r["edition"] or 0) > last.get(who, {"edition": 0})["edition"]
        ):
            last[who] = r
    made: list[tuple[str, bytes]] = []
    with store.operation(f"发回执：{period.label}，{'收下' if status == ACCEPTED else '退回'} {len(last)} 份"):
        for (uid, _), row in last.items():
            earlier = _receipts(store, "given", uid, str(period), int(row["edition"]))
            sha256 = said_in(str(row["content"]))["edition_sha256"]
            same = [r for r in earlier if r["edition_sha256"] == sha256]  # not of a sum that bears the same number
            if same and (same[-1]["status"], same[-1]["remarks"] or "") == (status, remarks):
                content = said_in(str(same[-1]["content"]))
            else:
                content = {
                    **own, "kind": "receipt", "to": {"office": row["office"], "office_uid": uid}, "period": str(period),
                    "edition": row["edition"], "edition_sha256": sha256,
                    "number": len(earlier) + 1, "status": status, "remarks": remarks, "person": person,
                    "issued_on": today.isoformat(),
                }  # fmt: skip
            content = {k: v for k, v in content.items() if k not in ("form", "files")}
            made.append((str(row["office"]), sign(content, [], key)))
            if content["number"] > len(earlier):
                store.save(RECEIPT, _row("given", {**content, "office_uid": uid, "office": row["office"]}, "", content))
    written = []
    for office, signed in made:
        word = "收下" if status == ACCEPTED else "退回"
        name = output.safe_name(f"{office}{period.label}回执（{word}）")
        written.append(output.write_beside(folder / f"{name}{SUFFIX}", signed))
    return written


def take_in(store: Store, path: Path, today: dt.date) -> tuple[Standing, str, bool]:
    """Take in a receipt; return how the submission stands now, the superior's fingerprint, and whether its key is new.

    Raises `UserError` for anything that is not a sound receipt of this office's own edition, an older one than is known, or one
    under another key than that superior's.
    """
    signed = read_receipt(path)
    said = signed.said
    if said["to"]["office_uid"] != vault.id_of(store.db):
        raise refused(path, f"是给“{said['to']['office']}”的，不是给本会的")
    period = Period.parse(said["period"])
    if not any(
        (e.number, e.sha256) == (said["edition"], said["edition_sha256"]) for e in editions(store, period)
    ) and not _own_sum(store, said):
        raise refused(path, f"本会没有这样一版{period.label}的报送（第 {said['edition']} 版，校验值不符）")
    known = known_key(store, said["office_uid"])
    if known and known != signed.key:
        raise refused(
            path, f"“{said['office']}”以前的签名钥匙是 {fingerprint(known)}，这一份是 {signed.mark}，请打电话核对"
        )
    earlier = [
        r for r in _receipts(store, "taken", said["office_uid"], said["period"], said["edition"])
        if r["edition_sha256"] == said["edition_sha256"]
    ]  # fmt: skip
    if earlier and int(earlier[-1]["number"]) > said["number"]:
        raise refused(path, f"已有更新的回执（第 {earlier[-1]['number']} 份）")
    if not earlier or int(earlier[-1]["number"]) < said["number"]:
        word = "收下" if said["status"] == ACCEPTED else "退回"
        with store.operation(f"收回执：{period.label}，{word}"):
            store.save(RECEIPT, _row("taken", said, signed.signature, said, signed.key))
    stands = standing(store, period)
    if not stands.status:  # of a sum that was handed on, or of an edition that was corrected since
        stands = Standing(said["status"], said["remarks"], said["office"], said["issued_on"], said["edition"])
    return stands, signed.mark, not known


def unanswered(store: Store, period: Period) -> list[str]:
    """Return the offices whose last package, or last sum, of a period has no receipt yet."""
    own = vault.id_of(store.db)
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for r in store.rows(RECEIVED):
        who, edition = (str(r["office_uid"]), str(r["kind"])), int(r["edition"] or 0)
        if r["period"] == str(period) and who[0] != own and edition > last.get(who, (0, ""))[0]:
            last[who] = (edition, said_in(str(r["content"]))["edition_sha256"])
    told = {(str(r["office_uid"]), str(r["edition_sha256"])) for r in store.rows(RECEIPT) if r["direction"] == "given"}
    return list(dict.fromkeys(uid for (uid, _), (_, sha256) in last.items() if (uid, sha256) not in told))


def read_receipt(path: Path) -> Signed:
    """Return a receipt that is whole, signed and sound; raise `UserError` with what is wrong with it."""
    signed = read_signed(path)
    expect(path, signed, "receipt")
    sound(path, _is_sound(signed.said))
    return signed


def known_key(store: Store, uid: str) -> str:
    """Return the key that is known of an office above, by the receipts and tasks it sent; empty where there is none."""
    rows = [*store.rows(RECEIPT), *store.rows(SUPERIOR_TASK)]
    return next((str(r["key"]) for r in rows if (r["direction"], r["office_uid"]) == ("taken", uid)), "")


def _receipts(store: Store, direction: str, uid: str, period: str, edition: int) -> list[Any]:
    wanted = (direction, uid, period, edition)
    return [r for r in store.rows(RECEIPT) if (r["direction"], r["office_uid"], r["period"], r["edition"]) == wanted]


def _own_sum(store: Store, said: dict[str, Any]) -> bool:
    """Tell whether a receipt is for a sum that this office handed on."""
    return any(
        r["office_uid"] == said["to"]["office_uid"] and said_in(str(r["content"]))["edition_sha256"] == said["edition_sha256"]
        for r in store.rows(RECEIVED) if (r["period"], r["edition"]) == (said["period"], said["edition"])
    )  # fmt: skip


def _row(
    direction: str, said: dict[str, Any], signature: str, content: dict[str, Any], key: str = ""
) -> dict[str, Any]:
    text = canonical({**content, "form": FORM, "files": []}).decode()
    names = ("office_uid", "office", "period", "edition", "edition_sha256", "number", "status", "issued_on")
    return {name: said[name] for name in names} | {
        "direction": direction, "remarks": said["remarks"] or None, "person": said["person"] or None, "key": key,
        "content": text, "signature": signature,
    }  # fmt: skip


def _is_sound(said: dict[str, Any]) -> bool:
    try:
        to = said["to"]
        texts = (said["office"], said["office_uid"], said["code"], to["office"], to["office_uid"], said["person"])
        return (
            said.keys() == _FIELDS and to.keys() == {"office", "office_uid"}
            and str(Period.parse(said["period"])) == said["period"] and said["level"] in ("", *LEVELS)
            and all(type(t) is str and len(t) <= 100 for t in texts) and bool(said["office"]) and bool(said["office_uid"])
            and type(said["remarks"]) is str and len(said["remarks"]) <= 2000 and said["files"] == []
            and all(type(said[n]) is int and 0 < said[n] < 10_000 for n in ("edition", "number"))
            and re.fullmatch(r"[0-9a-f]{64}", said["edition_sha256"]) is not None
            and said["status"] in (ACCEPTED, RETURNED) and (said["status"] == ACCEPTED or bool(said["remarks"].strip()))
            and dt.date.fromisoformat(said["issued_on"]).isoformat() == said["issued_on"]
        )  # fmt: skip
    except (UserError, KeyError, TypeError, AttributeError, ValueError):
        return False
