"""What a clause is judged by, in the words of the records: a code is shown as the record's own forms show it."""

import datetime as dt
from collections.abc import Iterator

from db.records.entities import BY_NAME
from db.records.kinds import Choice
from db.rules.register import Clause, Parameter, register

# Words that a check knows and no record has.
_OURS = {"explain": "需说明", "explain_at_end": "季末仍没有的需说明"}


def parameter_words(clause: Clause, parameter: Parameter, value: object, day: dt.date) -> str:
    """Return one line on a parameter: its label, its value, from when it holds, and when a person last confirmed it."""
    values = value if isinstance(value, tuple | list) else (value,)
    shown = "、".join(_word(clause, str(each)) for each in values) or "不限"
    start = [begun for begun, _ in parameter.values if begun <= day]
    since = f"，自 {start[-1].isoformat()} 起" if start else ""
    own = "，本程序内部约定" if parameter.internal else ""
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"{parameter.label}：{shown}{unit}{since}{own}（{parameter.checked_on} 核对）"


def _word(clause: Clause, value: str) -> str:
    """Return the label of a code, the title of a clause, or a word with its other forms."""
    if value in _OURS:
        return _OURS[value]
    if not value.isascii():
        return value.replace("|", "或")
    other = next((c.title for c in register() if c.id == value), None)
    return other or next(_labels(clause, value), value)


def _labels(clause: Clause, code: str) -> Iterator[str]:
    """Yield what a code or a field is called, in the clause's own record and in those that its evidence names first."""
    named = [name for name in BY_NAME if name == clause.record or name in clause.evidence]
    for name in sorted(BY_NAME, key=lambda n: (n != clause.record, n not in named)):
        for field in BY_NAME[name].fields:
            if isinstance(field.kind, Choice) and code in field.kind.labels:
                yield field.kind.labels[code]
            if field.name == code:
                yield field.label
