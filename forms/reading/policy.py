"""An insurer's electronic policy (a PDF with text) as what a policy's record asks for: number, insurer, days, sums.

What is not sure is left out and named: two numbers that differ, a sum of which it is not said whose. A person confirms the
rest before anything is written. Nothing is taken from the list of the insured.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from forms.errors import FileTrouble
from forms.reading.in_a_child import answer_of
from forms.reading.pdf_page import PageText
from forms.reading.pdf_tables import inspect_pdf, pages_of, trouble_of
from forms.reading.table import Tick

_PAGES, _MOST = 12, 60_000  # pages and characters: what a policy says stands in front, lists of people follow
_BRACKET = r"\s{0,3}(?:\([^()\n]{0,40}\))?"
_AFTER = rf"{_BRACKET}[\s:/]{{0,12}}"
_THEN = rf"{_BRACKET}[:\t ]\s{{0,8}}"  # of what is not told by its own form, something must part the label
_NUMBER = re.compile(
    rf"(?<![投原续年度])(?:保险单|保单|保险凭证)(?:号码|编号|号){_AFTER}([A-Za-z0-9](?:[A-Za-z0-9\-/]{{6,38}})[A-Za-z0-9])"
)
_COMPANY = (
    r"[\u4e00-\u9fff()]{2,24}?保险[\u4e00-\u9fff()]{0,16}?公司"
    r"(?:[\u4e00-\u9fff()]{2,16}?(?:分公司|支公司|营业部|营销服务部)){0,3}"
)
_INSURER = re.compile(rf"(?<!被)(?:保险人|承保人|承保公司|承保机构|承保单位|保险公司)(?:名称)?{_AFTER}({_COMPANY})")
_ANY_INSURER = re.compile(rf"(?<![\u4e00-\u9fff()]){_COMPANY}")
_HOLDER = re.compile(
    rf"(?:投保人|投保单位)(?:名称|姓名)?{_THEN}(?!被保险人|投保人|联系|地址|证件|信息|资料|声明|签)([\u4e00-\u9fff()A-Za-z·]{{2,40}})"
)
_PRODUCT = re.compile(
    rf"(?:险种名称|险种|产品名称|保险产品|保险名称|投保险种|主险名称|主险){_THEN}"
    r"([\u4e00-\u9fffA-Za-z0-9()\-]{2,36}险[\u4e00-\u9fffA-Za-z0-9()]{0,14})"
)
_TITLE = re.compile(
    r"^(?:[^\n]{0,30}公司)?[ \t]{0,8}([\u4e00-\u9fffA-Za-z0-9()]{2,30}?险)\s{0,4}(?:\(?电子\)?)?[ \t]{0,4}"
    r"(?:单|保险单|电子保单|保单|保险凭证)(?:\(电子\))?[ \t]*$",
    re.MULTILINE,
)
_DAY = r"(\d{4})\s{0,3}[年/.\-]\s{0,3}(\d{1,2})\s{0,3}[月/.\-]\s{0,3}(\d{1,2})\s{0,3}日?"
_TIME = r"\s{0,4}((?:零|二十四|十二|\d{1,2})\s{0,3}[时点](?:\s{0,3}\d{1,2}\s{0,3}分)?|\d{1,2}:\d{2}(?::\d{2})?)?"
_PERIODS = (
    re.compile(
        r"(?:保险|保障|责任)(?:责任)?(?:期间|期限|起止日期|起止期|期)(?:[^\d\n]{0,12}(?:\d{1,2}个月|1年))?"
        rf"[^\d\n]{{0,30}}\n?[^\d\n]{{0,20}}{_DAY}{_TIME}[^\d\n]{{0,6}}\n?[^\d\n]{{0,6}}{_DAY}{_TIME}"
    ),
    re.compile(
        rf"(?:起保日期|保险起期|起始日期|生效日期|生效日)[^\d\n]{{0,12}}{_DAY}{_TIME}[^\d\n]{{0,6}}\s?"
        rf"(?:终保日期|保险止期|终止日期|满期日期|满期日|到期日期|到期日)[^\d\n]{{0,12}}{_DAY}{_TIME}"
    ),
)
_SUM = r"((?:人民币|RMB|CNY|¥)?)\s{0,3}(\d[\d,]{0,14}(?:\.\d{1,2})?)(?![\d年\-/])\s{0,3}(万元|万|元)?"
_UNIT = r"(?:\((元|万元)\))?"
_EACH = re.compile(
    r"每(?:一?被保险)?人(?:意外)?[身故伤残害、/和]{0,10}(?:每次)?(?:保险金额|保额|责任限额|赔偿限额)"
    rf"{_UNIT}[^\d\n]{{0,24}}?{_SUM}"
)
_PREMIUM = re.compile(
    r"(?:保险费合计|保费合计|合计保险费|合计保费|总保险费|总保费|保险费总额|保费总额|应[交缴]保险费|应[交缴]保费)"
    rf"{_UNIT}[^\d\n]{{0,48}}?{_SUM}"
)
_PLAIN_PREMIUM = re.compile(rf"(?<!人)(?<!每)(?:保险费|保费){_UNIT}[^\d\n]{{0,48}}?{_SUM}")
_COVERED_RISK = re.compile("身故|伤残|意外伤害")
_OTHER_RISK = re.compile("医疗|津贴|住院|救护|药品|误工|门诊")
_LISTED = re.compile(r"被保险人(?:名单|清单|名册|一览表)|(?<![不无])记名")
_UNLISTED = re.compile("[不无]记名")
_AT_NIGHT, _AT_END = ("零", "0", "00"), ("二十四", "24")
LABELS = {
    "policy_number": "保单号", "insurer": "保险公司", "product": "险种", "policyholder": "投保人", "start_on": "保险期间",
    "sum_insured_fen": "每人保额", "premium_fen": "保费",
}  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """What was read: values of a policy's record by field, and sentences on what is to be looked at."""

    values: Mapping[str, str | int]
    notes: tuple[str, ...] = field(default=())

    @property
    def missing(self) -> tuple[str, ...]:
        """What was not found, in words."""
        return tuple(label for name, label in LABELS.items() if name not in self.values)


def read_policy(content: bytes, name: str, tick: Tick = lambda: None) -> Policy:
    """Read a policy; raise `FileTrouble` with one sentence where the file is none with text, or no policy."""
    if b"%PDF-" not in content[:1024]:
        raise FileTrouble(f"这不是 PDF：{name}。没有读出任何内容；请选保险公司发来的电子保单（.pdf），别的请照着录入")
    inspect_pdf(content, name)
    pages = answer_of(first_pages, content, tick)
    if isinstance(pages, str):
        raise trouble_of(pages, name)
    chars, unknown = sum(p.chars for p in pages), sum(p.unknown for p in pages)
    if chars < 20 or unknown * 10 > chars:
        what = "是扫描的图片，没有文字" if chars < 20 else "里的文字读出来是乱码"
        raise FileTrouble(f"这份 PDF {what}：{name}。没有读出任何内容；请向保险公司要带文字的电子保单，或照着录入")
    found = policy_of(text_of(pages))
    if "policy_number" not in found.values and "start_on" not in found.values:
        raise FileTrouble(
            f"这份 PDF 里没有找到保单号和保险期间，不像保单：{name}。没有读出任何内容；请核对文件，或照着录入"
        )
    return found


def first_pages(content: bytes) -> "list[PageText] | str":
    """In the child: the pages that say what a policy is."""
    return pages_of(content, _PAGES)


def text_of(pages: list[PageText]) -> str:
    """Return what stands on pages line by line, cells of one row and pieces of one line apart by tabs."""
    return "\n".join(line for page in pages for _, line in sorted(_lines(page), key=lambda found: found[0]))


def _lines(page: PageText) -> Iterator[tuple[float, str]]:
    for line in page.lines:
        yield line.top, "\t".join(text for _, _, text in line.pieces)
    for table in page.tables:
        for n, row in enumerate(table.rows):
            yield table.box[1] + n / 1000, "\t".join(" ".join(cell.split()) for cell in row if cell)


def policy_of(text: str) -> Policy:
    """Return what the text of a policy says."""
    text = unicodedata.normalize("NFKC", text[:_MOST])
    notes: list[str] = []
    values: dict[str, str | int] = {}
    numbers = dict.fromkeys(m[1] for m in _NUMBER.finditer(text) if sum(c.isdigit() for c in m[1]) >= 6)
    _one("policy_number", list(numbers), values, notes)
    values |= _insurer(text)
    for name, pattern in (("product", _PRODUCT), ("policyholder", _HOLDER)):
        if found := pattern.search(text):
            values[name] = _wide(found[1])
    if "product" not in values and (title := _TITLE.search(text)):
        values["product"] = _wide(title[1])
    _period(text, values, notes)
    _one("sum_insured_fen", _sums(_EACH, text) or _from_table(text), values, notes)
    _one("premium_fen", _sums(_PREMIUM, text) or _sums(_PLAIN_PREMIUM, text), values, notes)
    if _LISTED.search(text) and not _UNLISTED.search(text):
        values["cover_mode"] = "named_list"
    return Policy(values, tuple(notes))


def _one(name: str, found: list[str] | list[int], values: dict[str, str | int], notes: list[str]) -> None:
    """Take a value that is the only one; of several say so."""
    if len(found) == 1:
        values[name] = found[0]
    elif len(found) > 1:
        shown = "、".join(f"{f / 100:,.2f}" if isinstance(f, int) else f for f in found[:4])
        notes.append(f"{LABELS[name]}读到 {len(found)} 个（{shown}），没有填，请照保单选一个")


def _insurer(text: str) -> dict[str, str | int]:
    if named := _INSURER.search(text):
        return {"insurer": _wide(named[1])}
    found = _ANY_INSURER.search(text)
    return {"insurer": _wide(found[0])} if found else {}


def _wide(text: str) -> str:
    """Return Chinese words with the brackets that Chinese has."""
    return text.replace("(", "（").replace(")", "）")


def _sums(pattern: re.Pattern[str], text: str) -> list[int]:
    """The different sums that stand behind a label; a bare number that nothing says to be money is none."""
    found = [
        _fen(m[3], m[4] or m[1]) for m in pattern.finditer(text) if m[1] or m[2] or m[4] or "." in m[3] or "," in m[3]
    ]
    return list(dict.fromkeys(fen for fen in found if fen))


def _period(text: str, values: dict[str, str | int], notes: list[str]) -> None:
    spans = dict.fromkeys(
        span for pattern in _PERIODS for m in pattern.finditer(text) if (span := _span(m, notes)) is not None
    )
    if len(spans) == 1:
        ((start, end),) = spans
        values |= {"start_on": start, "end_on": end}
    elif spans:
        shown = "、".join(f"{a} 至 {b}" for a, b in list(spans)[:3])
        notes.append(f"{LABELS['start_on']}读到 {len(spans)} 个（{shown}），没有填，请照保单选一个")


def _span(found: re.Match[str], notes: list[str]) -> tuple[str, str] | None:
    """The first and the last day of a period, both counted in; a period that ends at 0 o'clock ends the day before."""
    try:
        start = dt.date(*(int(found[n]) for n in (1, 2, 3)))
        end = dt.date(*(int(found[n]) for n in (5, 6, 7)))
    except ValueError:
        return None
    first, last = (_hour(found[n]) for n in (4, 8))
    if first in _AT_END:
        start += dt.timedelta(days=1)
    if last in _AT_NIGHT:
        end -= dt.timedelta(days=1)
        said = f"保险期间到 {end + dt.timedelta(days=1)} 零时为止，终止日期按含当日填的是 {end}"
        if said not in notes:
            notes.append(said)
    for hour, what in ((first, "起"), (last, "止")):
        if hour and hour not in (*_AT_NIGHT, *_AT_END, "23"):
            notes.append(f"保险期间从几时{what}不是零时或二十四时（{hour} 时），日期请照保单核对")
    return (start.isoformat(), end.isoformat()) if start <= end else None


def _hour(text: str | None) -> str:
    found = re.match(r"零|二十四|十二|\d{1,2}", text) if text else None
    return found[0] if found else ""


def _from_table(text: str) -> list[int]:
    """Sums for each person in a table whose heading says that they are: of death or injury alone, in the heading's unit."""
    found: list[int] = []
    unit: str | None = None
    for line in text.splitlines():
        cells = line.split("\t")
        head = next(
            (c for c in cells if re.search(r"每人.{0,4}(?:保险金额|保额|限额)|(?:保险金额|保额).{0,6}/人", c)), None
        )
        if head is not None:
            unit = "万元" if "万元" in head else "元"
            continue
        risk = "".join(c for c in cells if not re.fullmatch(r"[\d,.¥元万/人]+", c))
        if unit and _COVERED_RISK.search(risk) and not _OTHER_RISK.search(risk):
            sums = [m for c in cells if (m := re.fullmatch(rf"{_SUM}(?:/人)?", c.strip()))]
            found += [_fen(sums[0][2], sums[0][3] or unit)] if len(sums) == 1 else []
    return list(dict.fromkeys(found))


def _fen(digits: str, unit: str | None) -> int:
    plain = digits.replace(",", "").strip(".") or "0"
    return int(Decimal(plain) * (10_000 if unit in ("万元", "万") else 1) * 100)
