"""Teams that a roster names and nobody has founded yet: founded in the same import, where a person says what is needed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from db.records.entities import MEMBERSHIP, SERVICE_RECORD, TEAM
from db.records.kinds import Cell, cell_text, is_blank, plain
from forms.columns.proposals import Mapped
from forms.reading.table import Table

NEEDED = ("主管单位", "主要领域", "成立日期")  # what a team needs besides its name
_NAME = "队伍名称"


def named_teams(mapped: Iterable[Mapped], known: Collection[str]) -> dict[str, int]:
    """Return the teams that lists of members and hours name and that neither the ledger nor the files found, each with
    the number of the row that names it first."""
    there = {plain(name) for name in known}
    lists = list(mapped)
    for m in lists:
        if m.entity is TEAM:
            there |= {plain(cell_text(c)) for c in _names(m)}
    found: dict[str, int] = {}
    for m in lists:
        if m.entity in (MEMBERSHIP, SERVICE_RECORD) and _NAME in m.columns:
            for (number, _), cell in zip(m.rows, _names(m), strict=True):
                text = cell_text(cell).strip()
                if text and plain(text) not in there:
                    found.setdefault(text, number)
    return found


def _names(m: Mapped) -> list[Cell]:
    i = m.columns.get(_NAME, -1)
    return [row[i] if 0 <= i < len(row) and not is_blank(row[i]) else None for _, row in m.rows]


def founding(teams: Mapping[str, int], values: Mapping[str, str]) -> Mapped:
    """Return the sheet of teams that founds some, all with the same values by our heading."""
    headings = [_NAME, *values]
    rows: list[tuple[int, list[Cell]]] = [(number, [name, *values.values()]) for name, number in teams.items()]
    table = Table(TEAM.label, [(0, [*headings]), *rows])
    note = f"名单里写到、台账里没有的 {len(teams)} 支队伍，按给出的内容一并建立"
    return Mapped(table, TEAM, 0, headings, {h: i for i, h in enumerate(headings)}, rows, (), (note,))


def told(teams: Sequence[str]) -> str:
    """Say which teams are not there, and how they can be founded in the same import."""
    listed = "、".join(teams[:6]) + ("等" if len(teams) > 6 else "")
    return (
        f"名单里有 {len(teams)} 支队伍台账里没有：{listed}。要一并建立，请在窗口里点“一并建立”，"
        f"或在 --map 的 values 里写 {'、'.join(NEEDED)}"
    )
