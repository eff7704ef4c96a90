"""A row that a person edited in a form: only what was changed is written, and what changed meanwhile is noticed."""

import datetime as dt

from db.errors import Refused
from db.records.fields import Entity, Row
from db.storage.store import Store


class ChangedElsewhere(Refused):
    """A field that the person changed was changed by somebody else since the form was opened; `now` is the row today."""

    def __init__(self, sentence: str, now: Row) -> None:
        super().__init__(sentence)
        self.now = now


def save_edited(store: Store, entity: Entity, before: Row, edited: Row, today: dt.date) -> int:
    """Write those fields of `edited` (every field, with ``id``) that differ from `before`, the row as the form showed it.

    Returns the row's id. Inside an operation only. Raises `ChangedElsewhere` where such a field holds something else
    by now, `Refused` where the row is gone, or where it no longer fits together with what others wrote into it.
    """
    row_id = int(edited["id"] or 0)
    now = store.row(entity, row_id)
    if now is None:
        raise Refused(
            f"这条“{entity.label}”已在别处删除，没有保存。您填的内容还留在表单里；可以用 Ctrl+Z 撤销那次删除，再来保存"
        )
    changed = {f.name for f in entity.fields if f.name in edited and edited[f.name] != before.get(f.name)}
    clashes = [
        f.label for f in entity.fields if f.name in changed and now[f.name] not in (before.get(f.name), edited[f.name])
    ]
    if clashes:
        names = "、".join(f"“{label}”" for label in clashes)
        raise ChangedElsewhere(
            f"打开表单以后，{names}已在别处改过，没有保存。您填的内容还留着；请核对，再点一次“保存”就按您填的改", now
        )
    merged = now | {name: edited[name] for name in changed}
    wrong = [p for p in entity.judge(dict(merged), today) if p.severity == "error"]
    if wrong:
        raise ChangedElsewhere(
            f"打开表单以后，这一条已在别处改过，与您填的不相符：{wrong[0].reason}。没有保存，请核对", now
        )
    values: Row = {"id": row_id}
    store.save(entity, values | {name: edited[name] for name in changed})
    return row_id
