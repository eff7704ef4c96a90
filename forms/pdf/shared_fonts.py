"""Fonts cut once for several documents, which is most of the time that a short one takes."""

from collections.abc import Iterable

from forms.pdf.fonts import FontSet, FontText, Role


class SharedFonts:
    """What several documents print is learned first; then each is rendered with it. They need not be kept meanwhile."""

    def __init__(self) -> None:
        self._texts: list[FontText] = []
        self._known: dict[Role, set[str]] = {}
        self._fonts: FontSet | None = None

    def learn(self, texts: Iterable[FontText]) -> None:
        """Know what a document prints, and where each character stands first."""
        for role, where, text in texts:
            known = self._known.setdefault(role, set())
            if new := set(text) - known:
                known |= new
                self._texts.append(FontText(role, where, "".join(sorted(new))))

    def fonts(self) -> FontSet:
        """Return the faces, for one more document. Raises `MissingGlyphs` as a document does."""
        self._fonts = self._fonts.again() if self._fonts else FontSet.build(self._texts)
        return self._fonts
