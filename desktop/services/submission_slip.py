"""The 报送单 of a frozen edition: the key's fingerprint, the log's head and every file's SHA-256, on one page."""

import datetime as dt
import hashlib
from pathlib import Path

from db.quarters import Period
from db.storage.store import Store
from db.tasks.editions import Edition, head_of
from desktop.services.signed_files import fingerprint, key_of, public_of
from forms import output
from forms.report.submission_slip import grouped, submission_slip

_STEPS = {"prepare": "填表人", "review": "审核人", "sign": "负责人（签发）", "submit": "报送人"}


def slip_pdf(store: Store, edition: Edition, package: tuple[str, str] | None = None) -> bytes:
    """Return the slip; `package` is (name, SHA-256) of the package that it goes with."""
    m, head, period = edition.manifest, head_of(store, edition), Period.parse(edition.period)
    kind = f"更正报告，更正第 {m['corrects']} 版" if m["corrects"] else "报告"
    lines = [
        ("报送单位", m["office"]), ("行政区划代码", m["code"] or "—"), ("期间", period.label),
        ("版次", f"第 {edition.number} 版（{kind}）"), ("统计截止", m["as_of"]), ("填报日期", m["prepared_on"]),
        ("报送日期", m["submitted_on"]), *((words, m["steps"].get(step, "")) for step, words in _STEPS.items()),
        ("签名钥匙的指纹", fingerprint(public_of(key_of(store)))),
        ("历史记录头", f"第 {head['number']} 号\n{grouped(head['seal'])}"),
        ("报送版校验值", grouped(edition.sha256)),
    ]  # fmt: skip
    if package is not None:
        lines.append(("报送包", f"{package[0]}\n{grouped(package[1])}"))
    files = [(str(f["name"]), str(f["sha256"])) for f in m["files"]]
    return submission_slip(m["office"], period.label, lines, files, dt.date.fromisoformat(m["submitted_on"]))


def write_slip(store: Store, edition: Edition, package: Path, content: bytes) -> Path:
    """Write the slip beside a package; nothing is written over."""
    made = slip_pdf(store, edition, (package.name, hashlib.sha256(content).hexdigest()))
    name = output.safe_name(package.stem.replace("报送包", "") + "报送单")
    return output.write_beside(package.with_name(f"{name}.pdf"), made)
