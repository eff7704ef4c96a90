"""Team names for narrow places: the office's own name in front of them is left out, since all would begin alike."""

from collections.abc import Iterable


def short_name(name: str, office: str) -> str:
    """Return a team's name without the office's own in front of it, where enough is left to know it by."""
    for front in (office, office.removesuffix("会")):
        if front and name.startswith(front) and len(name) - len(front) >= 3:
            return name[len(front) :]
    return name


def short_names(names: Iterable[str], office: str, mark: str = "、") -> str:
    """Return several names in one line, with a mark between them."""
    return mark.join(short_name(name, office) for name in names)
