"""What people type as they do in Excel: a day without its year, and a sum in a cell of numbers."""

import ast
import datetime as dt
import operator
import re
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation

from db.records.kinds import plain

_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_LONGEST = 100
_DOES: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def with_year(text: str, year: int) -> str:
    """Return a month and day (11.20, 11/20, 11月20日) as a day of the year; any other text as it is."""
    found = _DAY.fullmatch(plain(text))
    if found is None:
        return text
    try:
        return dt.date(year, int(found[1]), int(found[2])).isoformat()
    except ValueError:
        return text


def worked_out(text: str) -> str:
    """Return what a sum such as =1+2*3 comes to, to two decimals; any other text as it is."""
    sum_of = plain(text)
    if not sum_of.startswith("=") or len(sum_of) > _LONGEST:
        return text
    try:
        value = _value(ast.parse(sum_of[1:].replace("×", "*").replace("÷", "/").replace(",", ""), mode="eval").body)
        return format(round(value, 2).normalize() + 0, "f")
    except (SyntaxError, ValueError, DivisionByZero, InvalidOperation, RecursionError):
        return text


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Decimal(repr(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _DOES:
        return _DOES[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError("no sum of numbers")
