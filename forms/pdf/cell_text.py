"""Texts of table cells into lines: each text once for each width, the plain ones without the care that prose needs."""

from __future__ import annotations

from itertools import groupby

from forms.pdf.fonts import ROLES, FontSet, Role
from forms.pdf.typeset import CAREFUL, Line, Run, break_lines, is_wide, letters

SIZE = 10.5  # 5号
SMALLEST = 7.0
STEP = 0.25


class _Faces(dict[str, str]):
    """Width class and font of a role's characters, by character; empty where a character needs care."""

    def __init__(self, fonts: FontSet, role: Role) -> None:
        super().__init__()
        self._fonts, self._role = fonts, role
        self.advances: dict[str, float] = {}  # in em; known for every character that was asked for here
        self.texts: dict[str, tuple[float | None, str]] = {}  # width, and the face where all characters have one

    def __missing__(self, char: str) -> str:
        letter = letters(self._fonts, self._role, char)[0]
        wide = is_wide(letter)
        careful = char in CAREFUL or (wide and letter.glyph.width != 1.0)
        self.advances[char] = 1.0 if wide else letter.glyph.width
        face = self[char] = "" if careful else f"{'w' if wide else 'n'}{letter.glyph.font}"
        return face


class CellSetter:
    """Sets cell texts: the plain ones, which are most, without looking at every character in turn."""

    def __init__(self, fonts: FontSet) -> None:
        self._fonts = fonts
        self._faces = {role: _Faces(fonts, role) for role in ROLES}

    def natural(self, role: Role, text: str) -> float:
        """Width in em of the longest line of *text*, unbroken."""
        if "\n" not in text and (width := self._width(role, text.strip())) is not None:
            return width
        return max((line.width for line in self.wrapped(role, text, 1e6, 1.0)), default=0.0)

    def at_most(self, role: Role, text: str) -> float:
        """Width in em of the longest line of *text*, unbroken and with no mark squeezed."""
        longest = 0.0
        for line in text.split("\n"):
            if (width := self._width(role, line)) is None:  # every character is known from here on
                width = sum(map(self._faces[role].advances.__getitem__, line))
            longest = max(longest, width)
        return longest

    def wrapped(self, role: Role, text: str, width: float, size: float = SIZE) -> tuple[Line, ...]:
        """Lines of *text*, at most *width* points wide."""
        lines: list[Line] = []
        for part in text.strip().split("\n"):
            part = part.strip()
            plain = self._width(role, part)
            if plain is not None and plain * size <= width:
                lines.append(Line(part, self._runs(role, part, size), plain * size))
            else:
                lines += break_lines(letters(self._fonts, role, part), size, width, justify=False)
        return tuple(lines)

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

    def single(self, role: Role, text: str, width: float) -> Line | None:
        """Return a plain text that stands on one line in *width* at full size; None for any other."""
        plain = None if "\n" in text or text != text.strip() else self._width(role, text)
        if plain is None or plain * SIZE > width:
            return None
        return Line(text, self._runs(role, text, SIZE), plain * SIZE)

    def fitted(self, role: Role, text: str, width: float) -> tuple[float, tuple[Line, ...]]:
        """Size between 10.5 and 7 pt at which *text* stands on one line, and its lines."""
        size, need = SIZE, self.natural(role, text)
        while need * size > width + 1e-6 and size > SMALLEST:
            size -= STEP
        return size, self.wrapped(role, text, width, size)

    def _width(self, role: Role, text: str) -> float | None:
        """Return the width in em of a text without marks that need care; None for any other."""
        faces = self._faces[role]
        if text not in faces.texts:
            used = set(map(faces.__getitem__, text))
            width = sum(map(faces.advances.__getitem__, text)) if used and "" not in used else None
            faces.texts[text] = width, used.pop() if len(used) == 1 else ""
        return faces.texts[text][0]

    def _runs(self, role: Role, text: str, size: float) -> tuple[Run, ...]:
        """Return the runs of a plain text, whose width was asked for."""
        faces = self._faces[role]
        if face := faces.texts[text][1]:
            return (Run(0.0, face[1:], text, 0.0, 100.0),)
        runs: list[Run] = []
        x, start = 0.0, 0
        for face, group in groupby(map(faces.__getitem__, text)):
            part = text[start : start + len(list(group))]
            runs.append(Run(x, face[1:], part, 0.0, 100.0))
            x, start = x + sum(map(faces.advances.__getitem__, part)) * size, start + len(part)
        return tuple(runs)
