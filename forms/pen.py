"""The pen that writes lines of type into a PDF page: the operators themselves, each state set only where it changes.

ReportLab's own text object formats every number and splits every text anew; on a table of thousands of rows that is most
of the time. Fonts and their subsets stay ReportLab's.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from reportlab.pdfbase import pdfmetrics

from forms.fonts import FontSet, Role
from forms.typeset import Line

_START = ("", 0.0, 0.0, 100.0)


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
        known = self._fonts.codes
        baseline = f"{y:.3f} Tm"
        for shift, font, text, run_space, run_scale in line.runs:
            if run_space != space:
                out.append(f"{run_space:.4f} Tc")
                space = run_space
            if run_scale != scale:
                out.append(f"{run_scale:.3f} Tz")
                scale = run_scale
            out.append(f"1 0 0 1 {x + shift:.3f} {baseline}")
            for name, shown in known.get((font, text)) or self._codes(font, text):
                if name != face or size != points:
                    out.append(f"{name} {size:g} Tf")
                    face, points = name, size
                out.append(shown)
        self._state = (face, points, space, scale)

    def _codes(self, font: str, text: str) -> tuple[tuple[str, str], ...]:
        """Return the internal font and the operator for each stretch of a text, and keep them for the next time."""
        known = self._fonts.characters
        shown = [known.get((font, char)) or self._character(font, char) for char in text]
        made = self._fonts.codes[font, text] = tuple(
            (name, f"<{''.join([code for _, code in part])}> Tj") for name, part in groupby(shown, itemgetter(0))
        )
        return made

    def _character(self, font_name: str, char: str) -> tuple[str, str]:
        """Return the internal font of a character, and its code in it; the subsets are ReportLab's."""
        font, doc = pdfmetrics.getFont(font_name), self._canvas._doc
        ((part, code),) = font.splitString(char, doc)
        made = self._fonts.characters[font_name, char] = font.getSubsetInternalName(part, doc), code.hex()
        return made
