"""Amounts: money, durations, counts and quantities, each read as people type it and stored as a whole number."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from db.records.kinds import Cell, Invalid, Kind, Value, cell_text, plain

MINUS = "−"  # before a number that people read, on the screen and on paper; what is copied or kept has the ASCII one


def figure(number: int | float | Decimal, places: int = 0, plus: bool = False) -> str:
    """Return a number as people read it, on the screen and in tables: separators, its decimals, a minus of its own width.

    The one place where a number that may be negative, or has decimals, becomes text; ``plus``: a change, with its sign.
    """
    return f"{number:{'+' if plus and number else ''},.{places}f}".replace("-", MINUS)


def _decimal(cell: Cell, what: str) -> Decimal:
    """Read a number typed in any usual way; raise `Invalid` naming `what` otherwise."""
    if isinstance(cell, bool | dt.date | dt.time):
        raise Invalid(f"{what}应为数字，请核对")
    text = plain(cell_text(cell)).replace(MINUS, "-")
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", text):
        raise Invalid(f"{what}应为数字，认不出所填内容，请核对")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Invalid(f"{what}应为数字，认不出所填内容，请核对") from None


class Money(Kind):
    """An amount in 元, stored as integer 分."""

    sql = "INTEGER"
    numeric = True
    hint = "单位：元，最多两位小数"

    def __init__(self, positive: bool = False) -> None:
        self.positive = positive

    def parse(self, cell: Cell) -> Value:
        """Return 分; raise `Invalid` for more than two decimals, a negative amount, or zero where `positive`."""
        if isinstance(cell, str):
            cell = re.sub(r"^[¥￥]|(人民币)|元(整)?$", "", plain(cell))
        yuan = _decimal(cell, "金额")
        fen = yuan * 100
        if fen != fen.to_integral_value():
            raise Invalid("金额最多两位小数（到分），请核对")
        if abs(fen) >= 10**15:
            raise Invalid("金额过大，请核对单位是否为元")
        if fen < 0 or (self.positive and fen == 0):
            raise Invalid("金额应大于零；收入或支出由“收支方向”表示" if self.positive else "金额不能为负数，请核对")
        return int(fen)

    def show(self, value: Value) -> str:
        """Return 元 with two decimals and thousands separators."""
        if value is None:
            return ""
        return figure(Decimal(int(value)) / 100, 2)

    def to_cell(self, value: Value) -> Cell:
        """Return 元 as an exact decimal."""
        return None if value is None else Decimal(int(value)) / 100


_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?")
_HOURS_AND_MINUTES = re.compile(r"(?:(\d{1,4})(?:个)?(?:小时|h|H))?(\d{1,6})(?:分钟?|min)")


class Hours(Kind):
    """A duration in hours, stored as integer minutes."""

    sql = "INTEGER"
    numeric = True
    hint = "单位：小时"

    def parse(self, cell: Cell) -> Value:
        """Return minutes, rounded half up; raise `Invalid` for a negative or absurd duration.

        A time of the clock, or ``2:30``, is hours and minutes.
        """
        if isinstance(cell, dt.time):
            return cell.hour * 60 + cell.minute
        if isinstance(cell, str):
            text = plain(cell)
            if found := _CLOCK.fullmatch(text):
                return int(found[1]) * 60 + int(found[2])
            if found := _HOURS_AND_MINUTES.fullmatch(text):
                return int(found[1] or 0) * 60 + int(found[2])
            cell = re.sub(r"(个)?(小时|学时|课时|h|H)$", "", text)
        hours = _decimal(cell, "时长")
        if hours < 0:
            raise Invalid("时长不能为负数，请核对")
        if hours > 10000:
            raise Invalid("时长过大，请核对单位是否为小时")
        return int((hours * 60).quantize(Decimal(1), ROUND_HALF_UP))

    def show(self, value: Value) -> str:
        """Return hours with one decimal."""
        if value is None:
            return ""
        return figure((Decimal(int(value)) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP), 1)

    def to_cell(self, value: Value) -> Cell:
        """Return hours with as many decimals as give the same minutes back."""
        if value is None:
            return None
        return (Decimal(int(value)) / 60).quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize() + 0


class Count(Kind):
    """A whole number from zero up."""

    sql = "INTEGER"
    numeric = True

    def parse(self, cell: Cell) -> Value:
        """Return the number; raise `Invalid` for a fraction or a negative."""
        if isinstance(cell, str):
            cell = re.sub(r"(人次|人份|人|名|次|份|个|毫升|ml|ML)$", "", plain(cell))
        number = _decimal(cell, "数量")
        if number != number.to_integral_value():
            raise Invalid("应为整数，请核对")
        if number < 0:
            raise Invalid("不能为负数，请核对")
        if number >= 10**12:
            raise Invalid("数量过大，请核对")
        return int(number)

    def show(self, value: Value) -> str:
        """Return the number with separators."""
        return "" if value is None else figure(int(value))

    def to_cell(self, value: Value) -> Cell:
        """Return the number."""
        return value


class Year(Count):
    """A year, or a number that only says which one."""

    def show(self, value: Value) -> str:
        """Return the number as it is."""
        return "" if value is None else str(value)


class Quantity(Kind):
    """An amount of goods above zero with at most three decimals, stored as integer thousandths."""

    sql = "INTEGER"
    numeric = True
    hint = "大于零，最多三位小数"

    def parse(self, cell: Cell) -> Value:
        """Return thousandths; raise `Invalid` for zero, a negative, or more than three decimals."""
        milli = _decimal(cell, "数量") * 1000
        if milli <= 0:
            raise Invalid("数量应大于零，请核对；发放用“收发方向”表示")
        if milli != milli.to_integral_value():
            raise Invalid("数量最多三位小数，请核对")
        if milli >= 10**15:
            raise Invalid("数量过大，请核对")
        return int(milli)

    def show(self, value: Value) -> str:
        """Return the number without superfluous zeros."""
        return "" if value is None else f"{(Decimal(int(value)) / 1000).normalize():,f}"

    def to_cell(self, value: Value) -> Cell:
        """Return the number as an exact decimal."""
        return None if value is None else (Decimal(int(value)) / 1000).normalize() + 0
