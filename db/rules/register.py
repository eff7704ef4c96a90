"""The rule register: every clause of the notices as data, loaded strictly, with parameters that have dates.

One TOML file per notice in ``resources/rules/``. A clause holds its citation, strength, mode, levels, words and dated
parameters; the logic is a named function in `db.rules.checks`. A file with an unknown or missing key, a wrong date or an
unknown word fails with the file and the key named.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import resources
from db import bounded
from db.records.statuses import STATUSES, STRENGTHS

VERSION = "2026.1"
FILES = ("z34", "b25", "insurance", "s24")  # in the order in which notices are shown

FIRMNESS = {"hard": "硬", "soft": "软"}
MODES = {"auto": "自动", "semi": "半自动", "self": "自评", "reference": "参考"}
BINDING = ("yes", "no", "conditional")
PERIODS = ("point_in_time", "quarter", "calendar_year", "one_off", "continuous", "winter_season", "none")


LARGEST = 1_000_000  # bytes of a register file
_DEEPEST = 200  # dots of a line: each may be a table in a table, and thousands end Python itself
_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_DEVICE = re.compile(r"CON|PRN|AUX|NUL|(COM|LPT)[0-9]")  # what Windows takes for a device, whatever follows the dot
_CLAUSE = re.compile(r"[A-Za-z0-9.-]{1,40}")


class RegisterError(ValueError):
    """A register file breaks its form; the text names file and key."""


@dataclass(frozen=True)
class Source:
    """A notice: where clauses come from."""

    key: str
    title: str
    doc_number: str | None
    issuer: str
    issued_on: dt.date
    division_codes: tuple[str, ...] = ()  # a local notice binds these offices only
    years: tuple[int, ...] = ()  # and is judged in these years only
    is_local: bool = False
    short: str | None = None  # what a report calls it after its first mention


Words = str | tuple[str, ...]


@dataclass(frozen=True)
class Parameter:
    """A number, a word or a list of words with a history.

    `values` are (from, value) in order; `checked_on`: a person last confirmed it then.
    """

    name: str
    label: str
    unit: str
    checked_on: dt.date
    internal: bool
    values: tuple[tuple[dt.date, int | Words], ...]

    def on(self, day: dt.date) -> int | Words:
        """Return the value in force on a day; a day before the first value is our bug."""
        found = [value for start, value in self.values if start <= day]
        if not found:
            raise LookupError(f"parameter {self.name} has no value on {day}")
        return found[-1]


@dataclass(frozen=True)
class Clause:
    """One clause of a notice and how it is decided."""

    id: str
    source: Source
    article: str
    quotation: str
    title: str
    binds: tuple[str, ...]
    strength: str
    firmness: str
    mode: str
    levels: Mapping[str, str]
    period: str
    topic: str
    effective_from: dt.date
    effective_until: dt.date | None
    due: str | None
    check: str | None
    parameters: Mapping[str, Parameter]
    evidence: str
    not_applicable: str | None
    message: str
    messages: Mapping[str, str]
    why: str
    fix: str
    record: str | None
    problem: str | None  # as an official states that it is not met, apart from the program's hints
    problem_none: str | None  # the same where nothing was done, so that no 0次 is reported
    measure: str | None  # and what is done about it, verb first
    lacks: Mapping[str, str]  # fact → what is said where it is 0, or k of n short: {lacking} in `problem`

    @property
    def citation(self) -> str:
        """The source as a report cites it."""
        number = f"（{self.source.doc_number}）" if self.source.doc_number else ""
        article = f"第{self.article}" if self.article.endswith("条") else self.article
        return f"《{self.source.title}》{number}{article}"


# key → (type, required)
_SOURCE_KEYS: dict[str, tuple[type, bool]] = {
    "key": (str, True), "title": (str, True), "doc_number": (str, False), "issuer": (str, True),
    "issued_on": (dt.date, True), "division_codes": (list, False), "years": (list, False), "short": (str, False),
}  # fmt: skip
_CLAUSE_KEYS: dict[str, tuple[type, bool]] = {
    "article": (str, True), "quotation": (str, True), "title": (str, True), "binds": (list, True),
    "strength": (str, True), "firmness": (str, True), "mode": (str, True), "levels": (dict, True),
    "period": (str, True), "topic": (str, True), "effective_from": (dt.date, True), "effective_until": (dt.date, False),
    "due": (str, False), "check": (str, False), "parameter": (dict, False), "evidence": (str, True),
    "not_applicable": (str, False), "message": (str, True), "messages": (dict, False), "why": (str, True),
    "fix": (str, True), "record": (str, False), "problem": (str, False), "measure": (str, False),
    "problem_none": (str, False), "lacks": (dict, False),
}  # fmt: skip
_PARAMETER_KEYS: dict[str, tuple[type, bool]] = {
    "label": (str, True), "unit": (str, True), "checked_on": (dt.date, True), "internal": (bool, False),
    "values": (list, True),
}  # fmt: skip


def load(path: Path) -> tuple[Clause, ...]:
    """Read one register file; raise `RegisterError` naming file and key where it breaks the form."""
    try:
        text = bounded.read(path, LARGEST).decode()
        if any(line.count(".") > _DEEPEST for line in text.splitlines()):
            raise ValueError("a key is too deep")
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also what is no UTF-8, too large, or nested without end
        raise RegisterError(f"{path.name}: {error}") from None
    _keys(path.name, "", content, {"source": (dict, True), "clause": (dict, True)})
    raw = content["source"]
    _keys(path.name, "source", raw, _SOURCE_KEYS)
    codes, years = tuple(raw.get("division_codes", ())), tuple(raw.get("years", ()))
    for key, words, kind in (("division_codes", codes, str), ("years", years, int)):
        if not all(isinstance(word, kind) for word in words):
            raise RegisterError(f"{path.name}: source.{key}: a list of {kind.__name__} is expected")
    if not _KEY.fullmatch(raw["key"]) or _DEVICE.fullmatch(raw["key"]):
        raise RegisterError(
            f"{path.name}: source.key: two to ten capital letters and digits are expected, a letter first"
        )
    if not content["clause"]:
        raise RegisterError(f"{path.name}: clause: at least one is expected")
    source = Source(
        raw["key"], raw["title"], raw.get("doc_number"), raw["issuer"], raw["issued_on"], codes, years,
        is_local=bool(codes or years), short=raw.get("short"),
    )  # fmt: skip
    return tuple(_clause(path.name, source, key, value) for key, value in content["clause"].items())


def _clause(file: str, source: Source, key: str, raw: dict[str, Any]) -> Clause:
    place = f"clause.{key}"
    _keys(file, place, raw, _CLAUSE_KEYS)
    if not _CLAUSE.fullmatch(key):
        raise RegisterError(f"{file}: {place}: an id has at most 40 letters, digits, dots and hyphens")
    if not key.startswith(f"{source.key}-"):
        raise RegisterError(f"{file}: {place}: id does not begin with the source's key {source.key}-")
    for name, words in (
        ("strength", STRENGTHS), ("firmness", FIRMNESS), ("mode", MODES), ("period", dict.fromkeys(PERIODS)),
    ):  # fmt: skip
        if raw[name] not in words:
            raise RegisterError(f"{file}: {place}.{name}: unknown word {raw[name]!r}")
    if len("".join(raw["quotation"].split())) > 60:
        raise RegisterError(f"{file}: {place}.quotation: longer than 60 characters")
    if set(raw["levels"]) != {"province", "city", "county"} or not set(raw["levels"].values()) <= set(BINDING):
        raise RegisterError(f"{file}: {place}.levels: province, city, county, each one of {', '.join(BINDING)}")
    if (raw["mode"] in ("auto", "semi")) != ("check" in raw):
        raise RegisterError(f"{file}: {place}.check: needed by computed clauses, and by no other")
    until = raw.get("effective_until")
    if until is not None and until < raw["effective_from"]:
        raise RegisterError(f"{file}: {place}.effective_until: before effective_from")
    for status in raw.get("messages", {}):
        if status not in STATUSES:
            raise RegisterError(f"{file}: {place}.messages.{status}: unknown status")
    if ("problem" in raw) != ("measure" in raw) or (raw.keys() & {"lacks", "problem_none"} and "problem" not in raw):
        raise RegisterError(f"{file}: {place}.problem: a problem and its measure are worded together, or neither")
    parameters = {
        name: _parameter(file, f"{place}.parameter.{name}", name, value, raw["effective_from"])
        for name, value in raw.get("parameter", {}).items()
    }
    return Clause(
        id=key, source=source, article=raw["article"], quotation=raw["quotation"], title=raw["title"],
        binds=tuple(raw["binds"]), strength=raw["strength"], firmness=raw["firmness"], mode=raw["mode"],
        levels=raw["levels"], period=raw["period"], topic=raw["topic"], effective_from=raw["effective_from"],
        effective_until=until, due=raw.get("due"), check=raw.get("check"), parameters=parameters,
        evidence=raw["evidence"], not_applicable=raw.get("not_applicable"), message=raw["message"],
        messages=raw.get("messages", {}), why=raw["why"], fix=raw["fix"], record=raw.get("record"),
        problem=raw.get("problem"), problem_none=raw.get("problem_none"), measure=raw.get("measure"), lacks=raw.get("lacks", {}),
    )  # fmt: skip


def _parameter(file: str, place: str, name: str, raw: Any, needed_from: dt.date) -> Parameter:
    _keys(file, place, raw, _PARAMETER_KEYS)
    values: list[tuple[dt.date, int | Words]] = []
    for i, pair in enumerate(raw["values"]):
        _keys(file, f"{place}.values[{i}]", pair, {"from": (dt.date, True), "value": (object, True)})
        if values and pair["from"] <= values[-1][0]:
            raise RegisterError(f"{file}: {place}.values[{i}].from: not after the value before it")
        values.append((pair["from"], _value(file, f"{place}.values[{i}].value", pair["value"])))
        if type(values[-1][1]) is not type(values[0][1]):
            raise RegisterError(f"{file}: {place}.values[{i}].value: not of the kind of the value before it")
    if not values or values[0][0] > needed_from:
        raise RegisterError(f"{file}: {place}.values: no value on {needed_from}, when the clause takes effect")
    return Parameter(name, raw["label"], raw["unit"], raw["checked_on"], raw.get("internal", False), tuple(values))


def _value(file: str, place: str, raw: Any) -> int | Words:
    """Read a whole number, a word, or a list of words."""
    if isinstance(raw, int | str) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, list) and all(isinstance(word, str) for word in raw):
        return tuple(raw)
    raise RegisterError(f"{file}: {place}: a whole number, a word or a list of words is expected")


def _keys(file: str, place: str, raw: Any, allowed: Mapping[str, tuple[type, bool]]) -> None:
    where = f"{file}: {place}" if place else file
    if not isinstance(raw, dict):
        raise RegisterError(f"{where}: a table is expected")
    for key in raw:
        if key not in allowed:
            raise RegisterError(f"{where}.{key}: unknown key" if place else f"{file}: {key}: unknown key")
    for key, (kind, required) in allowed.items():
        if key not in raw:
            if required:
                raise RegisterError(f"{where}.{key}: missing" if place else f"{file}: {key}: missing")
        elif not isinstance(raw[key], kind) or isinstance(raw[key], dt.datetime) or (kind is int and raw[key] is True):
            raise RegisterError(f"{where}.{key}: {kind.__name__} is expected")


@cache
def register() -> tuple[Clause, ...]:
    """Return every clause that ships, in the order of the notices."""
    clauses = [clause for name in FILES for clause in load(resources.path(f"rules/{name}.toml"))]
    ids = [clause.id for clause in clauses]
    if len(set(ids)) != len(ids):
        raise RegisterError("a clause id stands in two files")
    return tuple(clauses)
