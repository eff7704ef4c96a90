"""The pen that writes lines of type into a PDF page: the operators themselves, each state set only where it changes.

ReportLab's own text object formats every number and splits every text anew; on a table of thousands of rows that is most
of the time. Fonts and their subsets stay ReportLab's.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics

from forms.pdf.fonts import FontSet, Role
from forms.pdf.typeset import Line

_START = ("", 0.0, 0.0, 100.0)


class Ready(NamedTuple):
    """A line of type whose operators are written but for its height: (what sets its place, font, what shows it)."""

    parts: tuple[tuple[str, str, str], ...]
    size: float


class Pen:
    """Writes lines through one PDF text object, changing its state only where needed."""

    def __init__(self, canvas: Any, fonts: FontSet) -> None:
        self._canvas = canvas
        self._fonts = fonts
        self._out: list[str] = []
        self._state: tuple[str, float, float, float] = _START

    def line(self, x: float, y: float, line: Line, role: Role, size: float) -> None:
        """Draw *line* with its left end at *x* and its baseline at *y*."""
        stroke = self._fonts.stroke(role) * size
        if stroke:
            self.finish()
            self._canvas.saveState()
            self._canvas.setLineWidth(stroke)
            self._runs(x, y, line, size, mode=2)
            self.finish()
            self._canvas.restoreState()
        else:
            self._runs(x, y, line, size, mode=0)

    def ready(self, x: float, line: Line, role: Role, size: float) -> Ready | None:
        """Return *line* ready to be drawn at *x* at any height; None where it needs more than its fonts set."""
        if self._fonts.stroke(role) or any(run.space or run.scale != 100 for run in line.runs):
            return None
        parts = []
        for run in line.runs:
            at = f"1 0 0 1 {x + run.x:.3f} "
            for name, shown in self._codes(run.font, run.text):
                parts.append((at, name, f" Tm\n{shown}" if at else shown))
                at = ""
        return Ready(tuple(parts), size)

    def put(self, ready: Ready, y: float) -> None:
        """Draw a line made ready, with its baseline at *y*."""
        out = self._out
        if not out:
            out.append("BT")
        face, points, space, scale = self._state
        if space or scale != 100:
            out += ["0 Tc", "100 Tz"]
        for at, name, shown in ready.parts:
            if name != face or ready.size != points:
                face, points = name, ready.size
                out.append(f"{name} {points:g} Tf")
            out.append(f"{at}{y:.3f}{shown}" if at else shown)
        self._state = (face, points, 0.0, 100.0)

    def finish(self) -> None:
        """Close the text object; character space, scale and mode outlive it in PDF, so they are reset."""
        if self._out:
            _, _, space, scale = self._state
            self._out += [*(["0 Tc"] if space else ()), *(["100 Tz"] if scale != 100 else ()), "ET"]
            self._canvas._code.append("\n".join(self._out))
            self._out, self._state = [], _START

    def _runs(self, x: float, y: float, line: Line, size: float, mode: int) -> None:
        out = self._out
        if not out:
            out.append("BT")
            if mode:
                out.append(f"{mode} Tr")
        face, points, space, scale = self._state
        baseline = f"{y:.3f} Tm"
        for shift, font, text, run_space, run_scale in line.runs:
            if run_space != space:
                out.append(f"{run_space:.4f} Tc")
                space = run_space
            if run_scale != scale:
                out.append(f"{run_scale:.3f} Tz")
                scale = run_scale
            out.append(f"1 0 0 1 {x + shift:.3f} {baseline}")
            for name, shown in self._codes(font, text):
                if name != face or size != points:
                    out.append(f"{name} {size:g} Tf")
                    face, points = name, size
                out.append(shown)
        self._state = (face, points, space, scale)

    def _codes(self, font: str, text: str) -> tuple[tuple[str, str], ...]:
        """Return the internal font and the operator for each stretch of a text."""
        names, codes = self._fonts.characters.setdefault(font, ({}, {}))
        if not names.keys() >= set(text):
            self._learn(font, text, names, codes)
        coded = "".join(map(codes.__getitem__, text))
        if len(used := set(map(names.__getitem__, text))) == 1:
            return ((used.pop(), f"<{coded}> Tj"),)
        stretches = []
        at = 0
        for name, part in groupby(map(names.__getitem__, text)):
            end = at + 2 * len(list(part))
            stretches.append((name, f"<{coded[at:end]}> Tj"))
            at = end
        return tuple(stretches)

    def _learn(self, font_name: str, text: str, names: dict[str, str], codes: dict[str, str]) -> None:
        """Find the internal font of characters, and their codes of one byte in it; the subsets are ReportLab's."""
        font, doc = pdfmetrics.getFont(font_name), self._canvas._doc
        for char in text:
            if char not in names:
                ((part, code),) = font.splitString(char, doc)
                names[char], codes[char] = font.getSubsetInternalName(part, doc), code.hex()
