"""One formula worked out: numbers and texts, + - * /, comparisons, and the functions that forms mostly use."""

import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from forms.template.row_shifts import split_cell

Place = tuple[str, int, int]  # sheet, row, column
Value = Decimal | str | None  # None is a blank
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>\"(?:[^\"]|\"\")*\")|(?P<function>[A-Za-z]+)\(|"
    r"(?P<ref>(?:(?:'(?:[^']|'')+'|[^\s'\"!(),:;+\-*/^&=<>{}\[\]]+)!)?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)|"
    r"(?P<mark><=|>=|<>|[-+*/(),%=<>]))"
)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_MOST_PLACES = 20


class Beyond(Exception):
    """The formula needs more than is done here."""


class _Divided(Beyond):
    """A division by nothing: an error that a formula may provide for."""


class Cells(Protocol):
    """What a formula asks of the workbook."""

    def value(self, place: Place) -> Value:
        """Return a cell's content."""

    def values(self, sheet: str, ref: str) -> list[Value]:
        """Return what stands in a range."""

    def is_sum(self, sheet: str, ref: str) -> bool:
        """Tell whether a range holds sub-totals."""


class Formula:
    """One formula, read from left to right."""

    def __init__(self, text: str, here: str, cells: Cells) -> None:
        self._text, self._here, self._cells = text.strip(), here, cells
        self._at = 0
        self._next: re.Match[str] | None = None
        self._advance()

    def result(self) -> Decimal | str:
        """Return the value of the whole formula; raises `Beyond` where it is not known here."""
        value = self._compared()
        if self._next is not None or isinstance(value, bool):
            raise Beyond
        return Decimal(0) if value is None else value

    def _advance(self) -> Any:
        taken = self._next
        if self._at >= len(self._text.rstrip()):
            self._next = None
            return taken
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise Beyond
        self._next, self._at = found, found.end()
        return taken

    def _is(self, *marks: str) -> bool:
        return self._next is not None and self._next["mark"] in marks

    def _compared(self) -> Value | bool:
        value = self._sum()
        if not self._is(*_COMPARED):
            return value
        mark, other = self._advance()["mark"], self._sum()
        if self._is(*_COMPARED):
            raise Beyond
        blank: Value = "" if isinstance(value, str) or isinstance(other, str) else Decimal(0)
        one, two = (blank if v is None else v for v in (value, other))
        if isinstance(one, str) != isinstance(two, str):
            if mark not in ("=", "<>"):
                raise Beyond
            return bool(mark == "<>")
        if isinstance(one, str) and isinstance(two, str):
            one, two = one.casefold(), two.casefold()
            if mark not in ("=", "<>"):
                raise Beyond
        return bool(_COMPARED[mark](one, two))

    def _sum(self) -> Value:
        value = self._product()
        while self._is("+", "-"):
            mark, one, two = self._advance()["mark"], _number(value), _number(self._product())
            value = one + two if mark == "+" else one - two
        return value

    def _product(self) -> Value:
        value = self._single()
        while self._is("*", "/"):
            mark, one, two = self._advance()["mark"], _number(value), _number(self._single())
            if mark == "/" and not two:
                raise _Divided
            value = one * two if mark == "*" else one / two
        return value

    def _single(self) -> Value:
        if self._next is None:
            raise Beyond
        if self._is("+", "-"):
            mark = self._advance()["mark"]
            number = _number(self._single())
            return -number if mark == "-" else number
        token = self._advance()
        value: Value = self._of(token)
        while self._is("%"):
            self._advance()
            value = _number(value) / 100
        return value

    def _of(self, token: re.Match[str]) -> Value:
        if token["number"]:
            return Decimal(token["number"])
        if token["text"]:
            return token["text"][1:-1].replace('""', '"')
        if token["ref"]:
            if ":" in token["ref"]:
                raise Beyond
            sheet, cell = self._split(token["ref"])
            return self._cells.value((sheet, *split_cell(cell)))
        if token["function"]:
            return self._function(token["function"].upper())
        if token["mark"] != "(":
            raise Beyond
        value = self._compared()
        self._close()
        if isinstance(value, bool):
            raise Beyond
        return value

    def _close(self) -> None:
        if not self._is(")"):
            raise Beyond
        self._advance()

    def _split(self, ref: str) -> tuple[str, str]:
        prefix, _, cell = ref.rpartition("!")
        name = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
        return name or self._here, cell

    # Functions

    def _function(self, name: str) -> Value:
        if name in ("IF", "IFERROR"):
            return self._case(name)
        if name in ("ROUND", "ABS"):
            return self._rounded(name)
        if name == "SUBTOTAL":
            return self._subtotal()
        if name in _OVER_MANY:
            return _over(name, self._many())
        raise Beyond

    def _case(self, name: str) -> Value:
        """A case: what is not needed may be anything, a division by nothing among it."""
        found = [self._tried()]
        while self._is(","):
            self._advance()
            found.append(self._tried())
        self._close()
        first = found[0]
        if name == "IFERROR" and len(found) == 2:
            chosen = found[1] if isinstance(first, _Divided) else first
        elif name == "IF" and len(found) == 3 and not isinstance(first, Exception):
            chosen = found[1] if (first if isinstance(first, bool) else _number(first)) else found[2]
        else:
            raise first if isinstance(first, Exception) else Beyond
        if isinstance(chosen, Exception):
            raise chosen
        if isinstance(chosen, bool):
            raise Beyond
        return chosen

    def _tried(self) -> Value | bool | Beyond:
        """Return an argument's value, or what stands in its way; either way it has been read."""
        begun = self._next, self._at
        try:
            value = self._compared()
            if self._is(",", ")"):
                return value
            trouble = Beyond()
        except Beyond as error:
            trouble = error
        self._next, self._at = begun
        depth = 0
        while self._next is not None and (depth or not self._is(",", ")")):
            depth += bool(self._next["function"]) + self._is("(") - self._is(")")
            self._advance()
        return trouble

    def _rounded(self, name: str) -> Decimal:
        value = _number(self._sum())
        if name == "ABS":
            self._close()
            return abs(value)
        if not self._is(","):
            raise Beyond
        self._advance()
        places = _number(self._sum())
        self._close()
        if places != places.to_integral_value() or abs(places) > _MOST_PLACES:
            raise Beyond
        return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)

    def _subtotal(self) -> Decimal:
        if not self._is_number("9"):
            raise Beyond
        self._advance()
        if not self._is(","):
            raise Beyond
        self._advance()
        if self._next is None or not self._next["ref"] or self._cells.is_sum(*self._split(self._next["ref"])):
            raise Beyond
        return _over("SUM", self._many())

    def _is_number(self, number: str) -> bool:
        return self._next is not None and self._next["number"] == number

    def _many(self) -> list[Value]:
        """Return the values of arguments, ranges spread out; of a text that is written there, nothing is known."""
        found: list[Value] = []
        while not self._is(")"):
            if self._next is not None and self._next["ref"] and self._text[self._at :].lstrip()[:1] in (",", ")"):
                found += self._cells.values(*self._split(self._advance()["ref"].replace("$", "")))
            else:
                found.append(_number(self._sum()))
            if self._is(","):
                self._advance()
            elif not self._is(")"):
                raise Beyond
        self._close()
        return found


_OVER_MANY = frozenset(("SUM", "COUNT", "COUNTA", "MAX", "MIN", "AVERAGE"))


def _over(name: str, values: list[Value]) -> Decimal:
    numbers = [v for v in values if isinstance(v, Decimal)]
    if name == "COUNTA":
        return Decimal(len(values))
    if name == "COUNT":
        return Decimal(len(numbers))
    if name == "SUM":
        return sum(numbers, Decimal(0))
    if name == "AVERAGE":
        if not numbers:
            raise _Divided
        return sum(numbers, Decimal(0)) / len(numbers)
    return (max if name == "MAX" else min)(numbers, default=Decimal(0))


def _number(value: Value) -> Decimal:
    """Return what a value counts as; a text counts as nothing that is known here."""
    if isinstance(value, str):
        raise Beyond
    return Decimal(0) if value is None else value
