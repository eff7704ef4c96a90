"""Texts of table cells into lines: each text once for each width, the plain ones without the care that prose needs."""

from __future__ import annotations

from collections import defaultdict

from forms.fonts import FontSet, Role
from forms.typeset import CAREFUL, Line, Run, break_lines, is_wide, letters

SIZE = 10.5  # 5号
SMALLEST = 7.0
STEP = 0.25


class CellSetter:
    """Sets cell texts; equal texts in equal widths are set once."""

    def __init__(self, fonts: FontSet) -> None:
        self._fonts = fonts
        self._known: defaultdict[Role, dict[str, tuple[str, float]]] = defaultdict(dict)
        self._done: dict[tuple[Role, str, float, float], tuple[Line, ...]] = {}
        self._fitted: dict[tuple[Role, str, float], tuple[float, tuple[Line, ...]]] = {}

    def natural(self, role: Role, text: str) -> float:
        """Width in em of the longest line of *text*, unbroken."""
        return max((line.width for line in self._set(role, text, 1e6, 1.0)), default=0.0)

    def wrapped(self, role: Role, text: str, width: float, size: float = SIZE) -> tuple[Line, ...]:
        key = (role, text, width, size)
        lines = self._done.get(key)
        if lines is None:
            lines = self._done[key] = self._set(role, text, width, size)
        return lines

    def balanced(self, role: Role, text: str, width: float) -> tuple[Line, ...]:
        """*text* in as few lines as in *width*, but lines as equal as can be."""
        lines = self.wrapped(role, text, width)
        if len(lines) < 2 or "\n" in text:
            return lines
        for step in range(int(width / SIZE * 2)):
            narrower = self.wrapped(role, text, width - (step + 1) * SIZE / 2)
            if len(narrower) > len(lines) or max(line.width for line in narrower) > width:
                break
            lines = narrower
        return lines

    def fitted(self, role: Role, text: str, width: float) -> tuple[float, tuple[Line, ...]]:
        """Size between 10.5 and 7 pt at which *text* stands on one line, and its lines."""
        key = (role, text, width)
        if key not in self._fitted:
            unit = self._plain(role, text.strip(), 1.0) if "\n" not in text else None
            size, need = SIZE, unit.width if unit else self.natural(role, text)
            while need * size > width + 1e-6 and size > SMALLEST:
                size -= STEP
            lines = (_scaled(unit, size),) if unit and need * size <= width else self._set(role, text, width, size)
            self._fitted[key] = size, lines
        return self._fitted[key]

    def _set(self, role: Role, text: str, width: float, size: float) -> tuple[Line, ...]:
        lines: list[Line] = []
        for part in text.strip().split("\n"):
            part = part.strip()
            plain = self._plain(role, part, size)
            if plain is not None and plain.width <= width:
                lines.append(plain)
            else:
                lines += break_lines(letters(self._fonts, role, part), size, width, justify=False)
        return tuple(lines)

    def _plain(self, role: Role, text: str, size: float) -> Line | None:
        """Return the one line of a text without marks that need care; None for any other."""
        known = self._known[role]
        runs: list[Run] = []
        x = begun = 0.0
        face, start = "", 0
        for k, char in enumerate(text):
            found = known.get(char)
            if found is None:
                found = known[char] = self._look(role, char)
            font, advance = found
            if not font:
                return None
            if font != face:
                if face:
                    runs.append(Run(begun, face[1:], text[start:k], 0.0, 100.0))
                face, start, begun = font, k, x
            x += advance * size
        if not face:
            return None
        runs.append(Run(begun, face[1:], text[start:], 0.0, 100.0))
        return Line(text, tuple(runs), x)

    def _look(self, role: Role, char: str) -> tuple[str, float]:
        """Return (width class and font, advance in em) of a character; no font where it needs care."""
        letter = letters(self._fonts, role, char)[0]
        wide = is_wide(letter)
        careful = char in CAREFUL or (wide and letter.glyph.width != 1.0)
        return ("" if careful else f"{'w' if wide else 'n'}{letter.glyph.font}"), 1.0 if wide else letter.glyph.width


def _scaled(line: Line, size: float) -> Line:
    """Return a line that was set in em, in points."""
    if len(line.runs) == 1:
        return Line(line.text, line.runs, line.width * size)
    return Line(line.text, tuple(run._replace(x=run.x * size) for run in line.runs), line.width * size)
