"""The look of the program: colours of both themes, type, sizes and icons; the only place that knows a colour.

Widgets carry object names and properties; `resources/style.qss` styles those. `$name` in it is a colour of the theme,
`12px` a length that grows with the zoom.
"""

import platform
import re
import weakref
from functools import cache
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

import resources

LIGHT = {
    "bg": "#F6F4F0", "surface": "#FFFFFF", "surface2": "#FAF8F5", "nav": "#EDE9E2",
    "text": "#2B2824", "text2": "#5C564E", "text3": "#736B61",
    "primary": "#27607F", "primary2": "#1F4F69", "on_primary": "#FFFFFF", "accent": "#27607F",
    "edge": "#8C8378", "line": "#E5E0D8", "line2": "#CBC3B7",
    "sel": "#E3EEF3", "hover": "#F4F1EC", "mark": "#FFE9A8",
    "good": "#2C6B46", "good_bg": "#E4F1E8", "warn": "#855300", "warn_bg": "#FBEFD5",
    "bad": "#A63A2C", "bad_bg": "#FAE8E3", "calm": "#645D54", "calm_bg": "#EFECE6",
    "info": "#27607F", "info_bg": "#E3EEF3",
    "toast": "#2B2824", "toast_text": "#FFFFFF", "toast_link": "#9CCBE4", "bar": "#6C9A76", "shade": "#CBC3B7",
    "chart1": "#3F7F9F", "chart1_pale": "#C4DAE4", "chart2": "#B27A36", "chart2_pale": "#F0DCC0",
    "chart3": "#6C9A76", "chart3_pale": "#D3E3D7",
}  # fmt: skip
DARK = {
    "bg": "#1C1B19", "surface": "#262422", "surface2": "#2C2A27", "nav": "#211F1D",
    "text": "#ECE7DF", "text2": "#BDB5A9", "text3": "#9C9488",
    "primary": "#2F7093", "primary2": "#347B9F", "on_primary": "#FFFFFF", "accent": "#8EC3DE",
    "edge": "#8A8276", "line": "#3A3733", "line2": "#524D46",
    "sel": "#29404C", "hover": "#302D2A", "mark": "#6A5614",
    "good": "#8CCBA2", "good_bg": "#22372A", "warn": "#E5B765", "warn_bg": "#3B301B",
    "bad": "#F0998B", "bad_bg": "#432621", "calm": "#B6AEA2", "calm_bg": "#36332F",
    "info": "#8EC3DE", "info_bg": "#29404C",
    "toast": "#ECE7DF", "toast_text": "#2B2824", "toast_link": "#27607F", "bar": "#85B590", "shade": "#524D46",
    "chart1": "#6BAACB", "chart1_pale": "#35505E", "chart2": "#D3A262", "chart2_pale": "#57452D",
    "chart3": "#85B590", "chart3_pale": "#3A5041",
}  # fmt: skip

ZOOMS = (90, 100, 110, 125, 150)
_CHINESE_FONTS = ("Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC")


@cache
def _svg(name: str) -> str:
    return resources.path(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def chinese_family() -> str:
    """Return the family that the interface is set in; loads the bundled font where no Chinese one is installed."""
    installed = set(QFontDatabase.families())
    for family in _CHINESE_FONTS:
        if family in installed:
            return family
    import pylopdf_fonts_zh_cn as bundled

    sans = bundled.sans_path()  # the packaged program has the serif face only
    number = QFontDatabase.addApplicationFont(str(sans if sans.is_file() else bundled.serif_path()))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else QGuiApplication.font().family()


class Theme(QObject):
    """The colours, sizes and icons in force; `changed` is sent after a switch of theme or zoom."""

    changed = Signal()

    def __init__(self, dark: bool = False, zoom: int = 100) -> None:
        super().__init__()
        self.dark = dark
        self.zoom = zoom
        self._icons: weakref.WeakKeyDictionary[Any, tuple[str, str]] = weakref.WeakKeyDictionary()
        self.colours: dict[str, QColor] = {}
        self._made: dict[tuple[str, str], QIcon] = {}
        self._read_colours()

    def _read_colours(self) -> None:
        self._made.clear()
        self.colours = {name: QColor(text) for name, text in (DARK if self.dark else LIGHT).items()}

    def colour(self, name: str) -> QColor:
        """Return a colour of the theme by its name."""
        return self.colours[name]

    def px(self, length: float) -> int:
        """Return a length in logical pixels at the present zoom."""
        return round(length * self.zoom / 100)

    def font(self, size: float = 14, bold: bool = False) -> QFont:
        """Return the interface font at a size in pixels (14 is body text)."""
        font = QFont(chinese_family())
        font.setPixelSize(max(9, self.px(size)))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return font

    def set(self, dark: bool | None = None, zoom: int | None = None) -> None:
        """Switch theme or zoom and restyle the whole program."""
        self.dark = self.dark if dark is None else dark
        self.zoom = self.zoom if zoom is None else zoom
        self.apply()

    def apply(self) -> None:
        """Give the application its style, palette, font and style sheet: palette first, then the sheet again."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._read_colours()
        font, sheet = self.font(), self._sheet()
        if (app.font(), app.styleSheet()) != (font, sheet):  # to read the same sheet again costs as much as a page
            app.setStyleSheet("")  # from one sheet to another Qt styles each widget ten times over; from none, once
            app.setFont(font)
            app.setPalette(self._palette())
            app.setStyleSheet(sheet)
        for widget, (name, tone) in list(self._icons.items()):
            if shiboken6.isValid(widget):  # else Qt has destroyed it with its dialog, and Python has not noticed yet
                self.dress(widget, name, tone)
        self.changed.emit()

    def _sheet(self) -> str:
        text = resources.path("style.qss").read_text(encoding="utf-8")
        text = re.sub(r"\b(\d+)px", lambda m: f"{self.px(int(m[1])) if int(m[1]) > 2 else m[1]}px", text)
        colours = DARK if self.dark else LIGHT
        # Qt reckons with the same room for an icon in a field at every zoom, and draws corners square whose radius is
        # more than half of the side.
        text = re.sub(r"\$fixed\((\d+)\)", lambda m: f"{m[1]}px", text)
        text = re.sub(r"\$round\((\d+)\)", lambda m: f"{(self.px(int(m[1])) + 2) // 2}px", text)
        text = re.sub(r"\$icon\((\w+)\)", lambda m: resources.path(f"icons/{m[1]}.svg").as_posix(), text)
        return re.sub(r"\$(\w+)", lambda m: colours[m[1]], text)

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        palette = QPalette()
        for target, name in (
            (role.Window, "bg"), (role.WindowText, "text"), (role.Base, "surface"), (role.AlternateBase, "surface2"),
            (role.Text, "text"), (role.Button, "surface"), (role.ButtonText, "text"), (role.ToolTipBase, "surface"),
            (role.ToolTipText, "text"), (role.PlaceholderText, "text3"), (role.Highlight, "sel"),
            (role.HighlightedText, "text"), (role.Link, "accent"), (role.LinkVisited, "accent"), (role.Light, "surface"),
            (role.Midlight, "line"), (role.Mid, "line2"), (role.Dark, "edge"), (role.Shadow, "edge"),
            (role.Accent, "primary"),
        ):  # fmt: skip
            palette.setColor(target, self.colour(name))
        for target in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
            palette.setColor(QPalette.ColorGroup.Disabled, target, self.colour("text3"))
        return palette

    # Icons

    def icon(self, name: str, tone: str = "text2") -> QIcon:
        """Return a line icon in a colour of the theme, sharp at every scale."""
        icon = self._made.get((name, tone))
        if icon is None:
            icon = self._made[name, tone] = QIcon()
            for size in (16, 20, 24, 32, 40):
                icon.addPixmap(self.pixmap(name, tone, size))
                icon.addPixmap(self.pixmap(name, "text3", size), QIcon.Mode.Disabled)
        return icon

    def pixmap(self, name: str, tone: str = "text2", size: int = 16, ratio: float = 1.0) -> QPixmap:
        """Return one icon as a picture, drawn once for each size and tone: lists show hundreds of them."""
        return _drawn(name, self.colour(tone).name(), size, ratio)

    def dress(self, widget: Any, name: str, tone: str = "text2") -> None:
        """Give a button or action an icon that follows the theme."""
        self._icons[widget] = (name, tone)
        widget.setProperty("icon_name", name)
        widget.setIcon(self.icon(name, tone))
        if isinstance(widget, QAbstractButton):
            widget.setIconSize(QSize(self.px(18), self.px(18)))


@cache
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(_svg(name).replace("currentColor", colour).encode())
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def prefers_dark() -> bool:
    """Tell whether the system asks for a dark interface (Windows only; elsewhere light)."""
    on_windows = platform.system() == "Windows"
    return on_windows and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
