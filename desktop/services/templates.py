"""Other offices' forms filled from the ledger, the one way for command line and window."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from db.errors import UserError
from db.quarters import Period
from db.queries.template_rows import records
from db.records.entities import BY_NAME
from db.records.fields import Row
from db.storage.store import Store
from desktop.services.reporting import quarter_data
from forms import output
from forms.errors import FileTrouble
from forms.template import Filled, Form, Template, Values, WordTemplate, quarter_values
from forms.template.bindings import Bound, Difference, alike, differences, dumps, fingerprint, loads
from forms.template.word_template import as_docx

WORKBOOKS, DOCUMENTS = (".xlsx", ".xlsm"), (".docx", ".docm")
SUFFIXES = (*WORKBOOKS, *DOCUMENTS)
# What is told how to become one of these.
OLDER = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".dotx", ".dotm", ".xls", ".et", ".ett", ".ods", ".xlsb")
_OLDER_DOCUMENTS = OLDER[:8]
_BINDING = BY_NAME["template_binding"]


@dataclass(frozen=True)
class Known:
    """A binding that fits a template: what is bound, and where the template is no longer as it was."""

    name: str
    bound: Bound
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class FilledFile:
    """A form that was written: where, and what was filled."""

    path: Path
    aside: bool  # the file that was named is open elsewhere: it went beside it
    filled: Filled


def read_template(path: Path) -> Form:
    """Open a template; raises `FileTrouble` in words."""
    suffix = path.suffix.lower()
    if suffix in _OLDER_DOCUMENTS:
        raise as_docx(path.name, f" {suffix} 格式")
    if suffix not in SUFFIXES:
        raise FileTrouble(
            f"模板应是 .xlsx、.xlsm 工作簿或 .docx 文档：{path.name}。没有写出任何文件；"
            "请用 Excel、Word 或 WPS 打开，另存为 .xlsx 或 .docx 再试"
        )
    try:
        content = path.read_bytes()
    except OSError:
        raise FileTrouble(f"读不了模板：{path.name}。请检查文件是否还在、是否正被别的程序占用") from None
    return form_of(content, path.name)


def form_of(content: bytes, name: str) -> Form:
    """Open a template by its content, its kind told by the end of its name; raises `FileTrouble`."""
    return WordTemplate(content, name) if name.lower().endswith(DOCUMENTS) else Template(content, name)


def recognise(store: Store, template: Form) -> Known | None:
    """Return the binding that was saved for a template: for this very form, or for one that it was before."""
    near = None
    for row in reversed(store.rows(_BINDING)):
        bound, before = loads(str(row["cells"])), loads(str(row["shape"] or "{}"))
        now = template.shape(bound)
        if fingerprint(now) == row["fingerprint"]:
            return Known(str(row["name"]), bound)
        if near is None and alike(before, now):
            near = Known(str(row["name"]), bound, tuple(differences(before, now, bound)))
    return near


def save_binding(store: Store, template: Form, bound: Bound) -> None:
    """Keep what was bound in a template under its look. Inside an operation only."""
    shape = template.shape(bound)
    mark = fingerprint(shape)
    same = next((row for row in store.rows(_BINDING) if row["fingerprint"] == mark), None)
    values: Row = {"fingerprint": mark, "name": template.name, "cells": dumps(bound), "shape": dumps(shape)}
    store.save(_BINDING, values | ({"id": same["id"]} if same else {}))


def values_of(store: Store, quarter: Period, issued_on: dt.date, *, masked: bool = True) -> Values:
    """Read everything a form may ask for: up to the quarter's last day, or to today while it runs."""
    data = quarter_data(store, quarter, issued_on)
    return quarter_values(data, records(store, quarter, data.as_of), masked=masked)


def changed_words(known: Known) -> str:
    """Say where a template is no longer as it was."""
    listed = "\n".join(f"  {d}" for d in known.differences[:20])
    more = f"\n  还有 {len(known.differences) - 20} 处" if len(known.differences) > 20 else ""
    return f"这份模板与对应过的“{known.name}”不一样：\n{listed}{more}"


def fill_file(
    store: Store,
    quarter: Period,
    path: Path,
    out: Path,
    issued_on: dt.date,
    *,
    bound: Bound | None = None,
    anyway: bool = False,
    masked: bool = True,
    reason: str = "",
) -> FilledFile:
    """Fill the template at `path` into `out`; `bound` are cells bound by hand, else the saved binding is looked for.

    A template that is no longer as it was bound is filled only `anyway`. Whole numbers need a reason, which is logged.
    """
    if not masked and not reason.strip():
        raise UserError("填写完整的证件号码和手机号码，须用 --reason 写明原因；没有写出任何文件")
    if out.suffix.lower() != path.suffix.lower():
        raise UserError(f"写出的文件应与模板是同一种格式（{path.suffix}），否则打不开。没有写出任何文件")
    if out.resolve() == path.resolve():
        raise UserError("写出的文件不能就是模板本身，模板要留着下季度用。没有写出任何文件；请换一个文件名")
    template = read_template(path)
    if bound is None:
        known = recognise(store, template)
        if known is not None and known.differences and not (anyway or template.has_placeholders()):
            raise UserError(
                f"{changed_words(known)}\n没有写出任何文件。核对无误可以加 --anyway 照原来的对应填写，"
                "或在窗口的“填上级模板”中重新对应"
            )
        bound = known.bound if known is not None and (anyway or not known.differences) else {}
    filled = template.fill(values_of(store, quarter, issued_on, masked=masked), bound)
    if not masked:
        store.note("填表用了完整号码", f"模板：{path.name}；原因：{reason.strip()}")
    written = output.write_whole(out, filled.content)
    return FilledFile(written, written != out, filled)
