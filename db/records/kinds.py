"""Kinds of value: how each is stored, read from what people type or Excel holds, and shown again.

A value has three forms: the cell (what a workbook or a form gives: text, number, date or nothing), the stored
value (text or integer, as SQLite's STRICT tables take it), and the text a person sees.
`parse` goes from cell to stored, `show` from stored to text, `to_cell` from stored to a workbook's cell.
Kinds know nothing of screens, workbooks or tables.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import eq

from db.records.numbers_in_text import DOUBT, holds_number, starred

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | Decimal | None
Value = str | int | None

_CARD_NUMBERS = re.compile(r"(?:[0-9]{17}[0-9X]\n)*+")
_MOBILE_NUMBERS = re.compile(r"(?:1[3-9][0-9]{9}\n)*+")
_HALF = re.compile("[\ud800-\udfff]")
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"}


class Invalid(ValueError):
    """A cell that cannot be taken; the text says why and what to type instead, without quoting the cell."""


def clean(text: str) -> str:
    """Return `text` without control and invisible characters, with outer white space (also U+3000) removed.

    Half of a character (a lone surrogate, which no file can hold) becomes U+FFFD: seen, and told of in a name.
    """
    if text.isprintable():  # as nearly every cell is
        return text.strip()
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in _INVISIBLE))
    return _HALF.sub("\ufffd", "".join(kept)).strip()


def plain(text: str) -> str:
    """Return `text` with full-width forms made half-width (NFKC) and all white space removed."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):  # as nearly every Chinese word is
        return text
    return "".join(unicodedata.normalize("NFKC", clean(text)).split())


def _are_all(texts: Collection[str], lines: re.Pattern[str], length: int) -> bool:
    """Whether each text is one of the `lines`, all of one length; asked once for all of them."""
    together = "\n".join((*texts, ""))
    # As many lines as texts, none of them empty: a text with a line break in it cannot pass for two.
    return len(together) == (length + 1) * len(texts) and lines.fullmatch(together) is not None


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing: None, or text of white space alone."""
    if not isinstance(cell, str):
        return cell is None
    return not (cell[:1].isalnum() or clean(cell))


def number_text(cell: int | float | Decimal) -> str:
    """Return a number as Excel shows it: 15 significant digits, no exponent, no trailing zeros."""
    exact = Decimal(format(cell, ".15g")) if isinstance(cell, float) else Decimal(cell)
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_text(cell: Cell) -> str:
    """Return any cell as the text a person would read in it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, int | float | Decimal):
        return number_text(cell)
    return cell


class Kind:
    """A kind of value; the plain kind is text of one line."""

    sql = "TEXT"
    numeric = False
    free = False  # what people type as they like: `mask` stars only the numbers of people in it
    hint = ""  # what a person may type, for templates and forms

    def parse(self, cell: Cell) -> Value:
        """Return the stored value of a cell that is not blank; raise `Invalid` with the reason."""
        return clean(cell_text(cell))

    def stand(self, texts: Collection[str]) -> bool:
        """Whether `parse` would surely give each text back as it is: a quick look, for thousands that need no work."""
        return not texts

    def show(self, value: Value) -> str:
        """Return the text a person sees; empty for None."""
        return "" if value is None else str(value)

    def to_cell(self, value: Value) -> Cell:
        """Return what a workbook's cell holds; by default the text that is shown."""
        return None if value is None else self.show(value)

    def mask(self, value: Value) -> str:
        """Return the text shown where the whole value must not be seen."""
        text = self.show(value)
        return "*" * len(text)

    def doubt(self, value: Value, today: dt.date) -> str | None:
        """Return a warning about a readable value that looks wrong, or None."""
        return None

    def doubted(self, values: Iterable[Value], today: dt.date) -> set[Value]:
        """Return those of many values of which `doubt` says something."""
        return {v for v in set(values) if v is not None and self.doubt(v, today)}


class Text(Kind):
    """Text; at most `longest` characters (32,767 is the most an Excel cell holds)."""

    free = True

    def __init__(self, longest: int = 2000) -> None:
        self.longest = longest

    def mask(self, value: Value) -> str:
        """Return the text with the numbers of people in it starred."""
        return starred(self.show(value))

    def doubt(self, value: Value, today: dt.date) -> str | None:
        """Warn where somebody's number seems to have been typed into a text."""
        return DOUBT if value is not None and holds_number(str(value)) else None

    def doubted(self, values: Iterable[Value], today: dt.date) -> set[Value]:
        """Return the texts that `doubt` doubts; all are looked at together first."""
        texts = {str(v) for v in set(values) if v is not None}
        together = "\n".join(texts)
        return {t for t in texts if holds_number(t)} if holds_number(together) else set()

    def parse(self, cell: Cell) -> Value:
        """Return the text; raise `Invalid` where it is too long."""
        text = clean(cell_text(cell))
        if len(text) > self.longest:
            raise Invalid(f"文字过长（{len(text)} 字），最多 {self.longest} 字，请缩短后再试")
        return text

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all texts hold something, nothing to remove, and no sign of an Excel error."""
        together = "".join(texts)
        return (
            together.isprintable()
            and "#" not in together
            and "" not in texts
            # Other white space is not printable.
            and (" " not in together or all(map(eq, map(str.strip, texts), texts)))
            and max(map(len, texts), default=0) <= self.longest
        )


class OfficeText(Text):
    """What the office says of itself: its own telephone, a mobile one too, is no person's and stays (interfaces.md)."""

    free = False

    def mask(self, value: Value) -> str:
        """Return the text itself."""
        return self.show(value)

    def doubt(self, value: Value, today: dt.date) -> str | None:
        """Nothing is doubted."""
        return None

    def doubted(self, values: Iterable[Value], today: dt.date) -> set[Value]:
        """Nothing is doubted."""
        return set()


class LongText(Text):
    """Text of several lines."""

    def __init__(self) -> None:
        super().__init__(30000)


class Kept(Text):
    """What the program keeps for itself, as it was; a person sees how much it is."""

    free = False

    def __init__(self) -> None:
        super().__init__(10_000_000)

    def show(self, value: Value) -> str:
        """Return how long it is."""
        return "" if value is None else f"（{len(str(value)):,} 字）"

    def mask(self, value: Value) -> str:
        """Return how long it is."""
        return self.show(value)

    def doubt(self, value: Value, today: dt.date) -> str | None:
        """Nothing is doubted."""
        return None


class NumberName(Text):
    """A number that is a name (of a policy, a voucher, a certificate, a training): what Excel has ruined is refused."""

    def parse(self, cell: Cell) -> Value:
        """Return the text; raise `Invalid` where a number of 16 digits or more lost its last ones."""
        _refuse_ruined(cell)
        return super().parse(cell)

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all texts stand as they are, and none is a number in the form with an exponent."""
        together = "".join(texts)
        return "+" not in together and "E" not in together and "e" not in together and super().stand(texts)


_EXPONENT = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")


def _refuse_ruined(cell: Cell) -> None:
    """Raise `Invalid` for a number that Excel has stored with 15 digits of more."""
    is_number = isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
    if (is_number and abs(int(cell)) >= 10**15) or (isinstance(cell, str) and _EXPONENT.fullmatch(plain(cell))):  # type: ignore[arg-type]
        raise Invalid("号码被 Excel 存成了数字，后几位已丢失；请把该列设为“文本”格式，照原件重新填写")


class IdNumber(Kind):
    """A document number, normalised: half-width, upper case, no spaces (GB 11643 is checked with its type)."""

    hint = "按文本填写，勿让 Excel 变成数字"

    def parse(self, cell: Cell) -> Value:
        """Return the normalised number; raise `Invalid` for numbers that Excel has ruined, and for masked ones."""
        ruined = "号码被 Excel 存成了数字，后几位已丢失；请把该列设为“文本”格式，照证件重新填写"
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            if abs(int(cell)) >= 10**14:
                raise Invalid(ruined)
            return number_text(cell)
        text = plain(cell_text(cell)).upper().lstrip("'‘’`")
        if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
            raise Invalid(ruined)
        if "*" in text:
            raise Invalid("这是脱敏后的号码，不能导入；请填写完整号码（可用不脱敏方式重新导出）")
        if not text or len(text) > 40:
            raise Invalid("证件号码长度不对，请照证件核对")
        return text

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all texts look like the number of a resident's card."""
        return _are_all(texts, _CARD_NUMBERS, 18)

    def mask(self, value: Value) -> str:
        """Show the first three and last two characters: first six and last four would give the rest away."""
        text = str(value or "")
        return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}" if len(text) > 7 else "*" * len(text)


class Phone(Kind):
    """A mobile or landline number; +86, spaces and dashes removed."""

    hint = "11 位手机号码，或带区号的座机"

    def parse(self, cell: Cell) -> Value:
        """Return digits alone (with +852, +853 or +886 kept in front); raise `Invalid` otherwise."""
        _refuse_ruined(cell)
        text = plain(cell_text(cell))
        if "*" in text:
            raise Invalid("这是脱敏后的号码，不能导入；请填写完整号码（可用不脱敏方式重新导出）")
        text = re.sub(r"[-‐‑‒–—－()]|(微信)?同号|同?微信|^(手机|电话)号?码?[:]?", "", text)
        text = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))", "", text)
        if re.fullmatch(r"(\+|00)(852|853|886)\d{7,10}", text):
            return "+" + text.lstrip("+0")
        if re.fullmatch(r"1[3-9]\d{9}", text) or re.fullmatch(r"0\d{2,3}\d{7,8}(\d{1,6})?", text):
            return text
        if re.fullmatch(r"[2-9]\d{6,7}", text) or re.fullmatch(r"[48]00\d{7}", text):
            return text
        if re.fullmatch(r"1\d*", text) and len(text) != 11:
            raise Invalid(f"手机号码应为 11 位，现为 {len(text)} 位，请核对")
        raise Invalid("不是手机号码，也不是带区号的座机号码，请核对")

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all texts are mobile numbers written plainly."""
        return _are_all(texts, _MOBILE_NUMBERS, 11)

    def mask(self, value: Value) -> str:
        """Show the first three and last four digits."""
        text = str(value or "")
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else text[:1] + "*" * (len(text) - 1)


class Uscc(Kind):
    """统一社会信用代码, 18 characters with the check character of GB 32100-2015."""

    ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    hint = "18 位"

    def parse(self, cell: Cell) -> Value:
        """Return the code in upper case; raise `Invalid` for a wrong length, character or check character."""
        if isinstance(cell, int | float | Decimal):
            raise Invalid("代码被 Excel 存成了数字，后几位已丢失；请把该列设为“文本”格式，重新填写")
        code = plain(cell_text(cell)).upper()
        if len(code) != 18:
            raise Invalid(f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请照登记证书核对")
        if any(c not in self.ALPHABET for c in code):
            raise Invalid("统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），请照登记证书核对")
        total = sum(self.ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
        if self.ALPHABET[-total % 31] != code[17]:
            raise Invalid("统一社会信用代码校验位不符，可能抄错了一位，请照登记证书核对")
        return code


class Date(Kind):
    """A day, stored as ISO text; a month alone is never guessed into a day."""

    hint = "2026-03-05、2026/3/5、2026.3.5、2026年3月5日 均可"

    _FORMS = (
        re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"),
        re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?"),
        re.compile(r"(\d{4})()(\d{2})(\d{2})"),
    )
    _MONTH = re.compile(r"\d{4}([-/.]\d{1,2}|年\d{1,2}月?|\d{2})")
    _TIME = re.compile(r"(?<=[\d日号])((T|\s+)\d{1,2}[:：]\d\d([:：]\d\d(\.\d+)?)?|\W*(星期|周).\W?|\W*[上下]午)$")

    def parse(self, cell: Cell) -> Value:
        """Return ``YYYY-MM-DD``; raise `Invalid` for a month alone, a day that does not exist, or anything else."""
        if isinstance(cell, dt.datetime):
            return cell.date().isoformat()
        if isinstance(cell, dt.date):
            return cell.isoformat()
        if isinstance(cell, bool | dt.time):
            raise Invalid(f"不是日期，请写成 {dt.date(2026, 3, 5)} 这样的年月日")
        text = plain(self._TIME.sub("", cell_text(cell).strip()))
        for form in self._FORMS:
            if found := form.fullmatch(text):
                try:
                    return dt.date(int(found[1]), int(found[3]), int(found[4])).isoformat()
                except ValueError:
                    raise Invalid("日历上没有这一天，请核对年月日") from None
        if self._MONTH.fullmatch(text):
            raise Invalid("只有年月，没有日；请补上具体日期，如 2026-03-05")
        if re.fullmatch(r"\d{5}", text):
            raise Invalid("这是 Excel 的日期序号；请把该格设为“日期”格式，或写成 2026-03-05")
        raise Invalid("认不出这个日期，请写成 2026-03-05、2026.3.5 或 2026年3月5日")

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all texts are days in ISO form."""
        different = set(texts)
        try:
            return all(map(eq, map(dt.date.isoformat, map(dt.date.fromisoformat, different)), different))
        except ValueError:
            return False

    def to_cell(self, value: Value) -> Cell:
        """Return a real date, so that Excel sorts and filters it."""
        return None if value is None else dt.date.fromisoformat(str(value))

    def doubt(self, value: Value, today: dt.date) -> str | None:
        """Warn of a day before 1900 or more than a year ahead of `today`."""
        if value is None:
            return None
        day = str(value)  # days in ISO form compare as text
        if day < "1900":
            return "日期早于 1900 年，请核对"
        if day > _last_near(today):
            return "日期比今天晚一年以上，请核对"
        return None

    def doubted(self, values: Iterable[Value], today: dt.date) -> set[Value]:
        """Return the days that `doubt` doubts; the first and the last of them speak for all that lie between."""
        days, last = {str(v) for v in set(values) if v is not None}, _last_near(today)
        if not days or (min(days) >= "1900" and max(days) <= last):
            return set()
        return {day for day in days if day < "1900" or day > last}


@lru_cache
def _last_near(today: dt.date) -> str:
    """Return the last day that is not more than a year ahead; the last day of all has none after it."""
    return (today + min(dt.timedelta(366), dt.date.max - today)).isoformat()


class Choice(Kind):
    """One of a fixed list; stored as the glossary's English word, shown as the Chinese one."""

    def __init__(self, options: Sequence[tuple[str, str]], aliases: Mapping[str, str] | None = None) -> None:
        """Take (code, label) pairs and other words that people use for a code."""
        self.options = tuple(options)
        self.labels = dict(options)
        self.codes = {plain(label): code for code, label in options} | dict(aliases or {})

    @property
    def hint(self) -> str:  # type: ignore[override]
        """The labels, as templates and messages list them."""
        return "/".join(label for _, label in self.options)

    def parse(self, cell: Cell) -> Value:
        """Return the code; raise `Invalid` listing what is accepted."""
        code = self.codes.get(plain(cell_text(cell)))
        if code is None:
            raise Invalid(f"不是可选的内容，只能填：{self._listing()}")
        return code

    def _listing(self) -> str:
        return "、".join(label for _, label in self.options)

    def show(self, value: Value) -> str:
        """Return the label; a code that is no longer known is shown as it is."""
        return "" if value is None else self.labels.get(str(value), str(value))


YES_NO = (("yes", "是"), ("no", "否"))
YES_NO_ALIASES = {"有": "yes", "√": "yes", "✓": "yes", "1": "yes", "true": "yes", "TRUE": "yes", "Y": "yes", "yes": "yes"} | {
    "无": "no", "×": "no", "0": "no", "false": "no", "FALSE": "no", "N": "no", "没有": "no", "不是": "no", "no": "no",
}  # fmt: skip


def yes_no() -> Choice:
    """Return the kind for 是/否."""
    return Choice(YES_NO, YES_NO_ALIASES)


class Choices(Choice):
    """Several of a fixed list; stored as codes joined by commas in the list's own order, without doubles."""

    def parse(self, cell: Cell) -> Value:
        """Return the joined codes; ；;、，, all separate; raise `Invalid` for any unknown word."""
        found = set()
        for word in re.split(r"[；;、，,\n]", clean(cell_text(cell))):
            if not clean(word):
                continue
            code = self.codes.get(plain(word))
            if code is None:
                raise Invalid(f"有不可选的内容，只能从这些里选（可多选，用；隔开）：{self._listing()}")
            found.add(code)
        return ",".join(code for code, _ in self.options if code in found) or None

    def show(self, value: Value) -> str:
        """Return the labels joined by ；."""
        return "；".join(self.labels.get(c, c) for c in str(value).split(",")) if value else ""


class Ref(Kind):
    """A row of another record: the row holds its id, a person sees and types its title.

    `columns` are (workbook heading, field of the other record) pairs that together name the row.
    """

    sql = "INTEGER"

    def __init__(self, entity: str, *columns: tuple[str, str]) -> None:
        self.entity = entity
        self.columns = columns

    def parse(self, cell: Cell) -> Value:
        """Return an id that a form has already resolved; titles are resolved where the rows are at hand."""
        if isinstance(cell, int) and not isinstance(cell, bool):
            return cell
        raise Invalid("请从列表中选择")


class Refs(Kind):
    """Several rows of another record: their ids joined by commas, in order; a person sees and types their titles.

    `target` is the field of the other record that names a row. A workbook joins the names by ；.
    """

    hint = "可填多个，用；隔开"

    def __init__(self, entity: str, target: str) -> None:
        self.entity, self.target = entity, target

    def parse(self, cell: Cell) -> Value:
        """Return ids that a form has already resolved; titles are resolved where the rows are at hand."""
        words = cell_text(cell).split(",")
        if not all(word.isdecimal() for word in words):
            raise Invalid("请从列表中选择")
        return ",".join(map(str, sorted({int(word) for word in words})))

    def ids(self, value: Value) -> list[int]:
        """Return the ids of a stored value."""
        return [int(word) for word in str(value).split(",")] if value else []


def words_of(cell: Cell) -> list[str]:
    """Return what a cell of several values names, in its order; ；;、，, and line breaks all separate."""
    return [word for part in re.split(r"[；;、，,\n]", clean(cell_text(cell))) if (word := clean(part))]
