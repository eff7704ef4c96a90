"""Rows of a template that somebody has typed a team's name into: each takes its own team, and is not repeated."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from db.records.kinds import plain
from forms.template.grid import Grid
from forms.template.units import Labels

_TEAMS = ("队伍", "本级队伍", "其他队伍")
NOBODY = -1  # a typed name that is no team of ours: its cells stay blank


def typed_rows(
    sheet: Grid, rows: Mapping[int, str], records: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[int, int]:
    """Return which record each row takes, by its number; `rows` are the rows that repeat, with their group.

    A column in which one row names a team names it in all of them.
    """
    teams = {row: label for row, label in rows.items() if label in _TEAMS}
    known = {row: _index(records[label]) for row, label in teams.items()}
    labels = Labels(sheet)
    named: dict[int, dict[int, str]] = {
        row: {column: text for column in sheet.cells(row) if (text := labels.at(row, column))} for row in teams
    }
    columns = {c for row in teams for c, text in named[row].items() if plain(text) in known[row]}
    found: dict[int, int] = {}
    for row in teams:
        text = next((named[row][c] for c in sorted(columns) if c in named[row]), "")
        if text:
            found[row] = known[row].get(plain(text), NOBODY)
    return found


def _index(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {plain(str(row["name"])): n for n, row in enumerate(records)}
