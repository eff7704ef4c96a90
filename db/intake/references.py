"""Finding the row that an imported reference means: a team by its name, a person by name and number together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from db.intake.by_name import Names
from db.records.entities import BY_NAME, INSURANCE_POLICY, MEMBERSHIP, TEAM, TRAINING, VOLUNTEER
from db.records.fields import Entity, Field, Problem, Row
from db.records.kinds import Cell, Date, Invalid, Kind, Ref, Refs, Value, cell_text, clean, is_blank, words_of
from db.storage.store import Store


class Unresolved(Exception):
    """A reference that cannot be followed; `column` is the heading to blame, `unknown` that it may yet come, `follows`
    that its row was refused.
    """

    def __init__(self, reason: str, column: str, unknown: bool = False, follows: bool = False) -> None:
        super().__init__(reason)
        self.column = column
        self.unknown, self.follows = unknown, follows


class References:
    """What references may point to: the rows in the ledger and those this import has added so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[str, dict[str, dict[str, list[Row]]]] = {}
        self._refused: dict[str, set[str]] = defaultdict(set)
        self._added: dict[str, list[Row]] = defaultdict(list)  # not in the indexes yet
        self._names: Names | None = None
        self._waiting: list[tuple[Entity, list[Row]]] = []  # people and members the names do not know yet
        self.told: Problem | None = None  # what is to be said of the row found last

    def find(self, f: Field, cells: dict[str, Cell]) -> Value:
        """Return the id a row's cells refer to, or None where they are blank; raise `Unresolved` otherwise.

        A person without a number is looked for by name: `told` is then what is to be said of it.
        """
        self.told = None
        if isinstance(f.kind, Refs):
            return self._several(f, f.kind, cells)
        assert isinstance(f.kind, Ref)
        entity = BY_NAME[f.kind.entity]
        blank = [heading for heading, _ in f.kind.columns if is_blank(cells.get(heading))]
        if len(blank) == len(f.kind.columns) and not f.required:
            return None
        if blank == ["证件号码"]:
            return self._by_name(f, cells)
        if blank:
            raise Unresolved(f"“{blank[0]}”必须填写", blank[0])
        heading, target = f.kind.columns[-1]
        wanted = _stored(entity[target].kind, cells[heading], heading)
        found = self._index(entity, target).get(wanted, [])
        if not found:
            if wanted in self._refused[entity.name]:
                text = f"“{entity.label}”表中对应的那一行有错误，没有导入；改好那一行后再导入"
                raise Unresolved(text, heading, follows=True)
            raise Unresolved(
                f"没有找到对应的“{entity.label}”：台账和文件中都没有；请核对“{heading}”，或先补录", heading, True
            )
        for other, name in f.kind.columns[:-1]:
            same = [row for row in found if row[name] == _stored(entity[name].kind, cells[other], other)]
            if not same:
                raise Unresolved(f"“{other}”与“{heading}”对不上：这个号码登记的是另一个{other}，请核对", other)
            found = same
        if len(found) > 1:
            raise Unresolved(f"有几条“{entity.label}”都符合，分不清是哪一条；请先合并重复的记录", heading)
        return int(found[0]["id"] or 0)

    def _several(self, f: Field, kind: Refs, cells: dict[str, Cell]) -> Value:
        """Return the ids that one cell names; raise `Unresolved` where a name fits no row, or several."""
        ids = set()
        for word in words_of(cells.get(f.label)):
            found = self._index(BY_NAME[kind.entity], kind.target).get(word, [])
            if len(found) != 1:
                what = "有几条同名的" if found else "台账和文件中都没有"
                reason = (
                    f"没有找到对应的“{BY_NAME[kind.entity].label}”：{what}；请核对“{f.label}”里的每个名称，或先补录"
                )
                raise Unresolved(reason, f.label, not found)
            ids.add(int(found[0]["id"] or 0))
        return ",".join(map(str, sorted(ids))) or None

    def names(self) -> Names:
        """Return the people by name, those of this import included."""
        if self._names is None:
            self._names = Names(self._store)
        for entity, rows in self._waiting:
            (self._names.add_people if entity is VOLUNTEER else self._names.add_members)(rows)
        self._waiting.clear()
        return self._names

    def _by_name(self, f: Field, cells: dict[str, Cell]) -> int:
        """Return the one person whom a row names without a number: by birth date or phone, else the member of the team."""
        name = _stored(VOLUNTEER["name"].kind, cells["姓名"], "姓名")
        alike = self.names().alike(name, cells)
        if len(alike) == 1:
            return int(alike[0]["id"] or 0)
        if len(alike) > 1:
            raise Unresolved("没有证件号码，同名、同出生日期或手机的有几个人，分不清是谁；请填写证件号码", "证件号码")
        team, day = self._team_and_day(cells)
        if not team:
            raise Unresolved("没有证件号码，也看不出是哪支队伍的人；请填写证件号码或队伍名称", "证件号码")
        found = self.names().members(name, team, day)
        if len(found) > 1:
            raise Unresolved(f"没有证件号码，这支队伍里有 {len(found)} 个同名的人；请填写证件号码", "证件号码")
        if not found:
            raise Unresolved("没有证件号码，这支队伍那一天没有叫这个名字的队员；请核对姓名，或填写证件号码", "证件号码")
        number = VOLUNTEER["id_number"].kind.mask(found[0]["id_number"]) or "证件待补"
        self.told = Problem(f.name, f"没有证件号码，按这支队伍的同名队员（{number}）记，请核对", "warning")
        return int(found[0]["id"] or 0)

    def _team_and_day(self, cells: dict[str, Cell]) -> tuple[int, str | None]:
        """Return the team that a row names (else the training's) and the day it is about."""
        training = self._row(TRAINING, "code", cells.get("培训编号"))
        policy = self._row(INSURANCE_POLICY, "policy_number", cells.get("保单号"))
        named = self._row(TEAM, "name", cells.get("队伍名称"))
        team = int(named["id"] or 0) if named else int((training or {}).get("team_id") or 0)
        days = [cells.get(h) for h in ("服务日期", "保障起始日期", "入队日期")]
        given = next((c for c in days if not is_blank(c)), (training or policy or {}).get("start_on"))
        try:
            return team, None if is_blank(given) else str(Date().parse(given))
        except Invalid:
            return team, None

    def _row(self, entity: Entity, target: str, cell: Cell) -> Row | None:
        if is_blank(cell):
            return None
        found = self._index(entity, target).get(_loose(entity[target].kind, cell), ())
        return found[0] if len(found) == 1 else None

    def find_all(self, f: Field, parts: Sequence[Sequence[Value]], unread: Set[int]) -> tuple[list[Value], set[int]]:
        """Return the ids that many rows refer to, and the places where `find` has to look and may have to say something.

        `parts` are the values by which the fields of the reference name the row meant; `unread` where they are not sure.
        """
        assert isinstance(f.kind, Ref)
        *others, (_, last) = f.kind.columns
        index = self._index(BY_NAME[f.kind.entity], last)
        ids: list[Value] = []
        open_places = set(unread)
        for n, named in enumerate(zip(*parts, strict=True)):
            found = index.get(str(named[-1]), ()) if named[-1] is not None else ()
            if len(found) == 1 and all(
                found[0][name] == value for (_, name), value in zip(others, named, strict=False)
            ):
                ids.append(found[0]["id"])
                continue
            ids.append(None)
            if f.required or any(value is not None for value in named):
                open_places.add(n)
        return ids, open_places

    def add(self, entity: Entity, rows: Iterable[Row]) -> None:
        """Make rows of this import known to later references."""
        made = list(rows)
        self._added[entity.name] += made
        if entity in (VOLUNTEER, MEMBERSHIP):
            self._waiting.append((entity, made))

    def refuse(self, entity: Entity, cells: dict[str, Cell]) -> None:
        """Remember a row that was refused, so that references to it are told why they fail."""
        for target in _TARGETS.get(entity.name, ()):
            cell = cells.get(entity[target].label)
            if not is_blank(cell):
                self._refused[entity.name].add(_loose(entity[target].kind, cell))

    def _index(self, entity: Entity, target: str) -> dict[str, list[Row]]:
        """The rows of a record by what names them; made when it is first asked for, and brought up to date."""
        if entity.name not in self._rows:
            self._rows[entity.name] = {name: defaultdict(list) for name in sorted(_TARGETS[entity.name])}
            self._added[entity.name][:0] = self._store.rows(entity)
        for row in self._added.pop(entity.name, ()):
            for name, index in self._rows[entity.name].items():
                index[str(row[name])].append(row)
        return self._rows[entity.name][target]


def _stored(kind: Kind, cell: Cell, heading: str) -> str:
    try:
        return str(kind.parse(cell))
    except Invalid as error:
        raise Unresolved(str(error), heading) from None


def _loose(kind: Kind, cell: Cell) -> str:
    try:
        return str(kind.parse(cell))
    except Invalid:
        return clean(cell_text(cell))


# For each record, the fields by which references name it last (the one that is looked up).
_TARGETS: dict[str, set[str]] = defaultdict(set)
for _entity in BY_NAME.values():
    for _field in _entity.refs:
        assert isinstance(_field.kind, Ref)
        _TARGETS[_field.kind.entity].add(_field.kind.columns[-1][1])
