"""The system's libraries that Qt loads on Linux; without one it would abort with a line nobody understands."""

import ctypes
import os
import sys

# What is loaded → the package of Debian, Ubuntu, 统信 UOS and 麒麟 that brings it.
_ALWAYS = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3", "libfontconfig.so.1": "libfontconfig1", "libglib-2.0.so.0": "libglib2.0-0",
}  # fmt: skip
_ON_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-keysyms.so.1": "libxcb-keysyms1",
}  # fmt: skip


def missing_packages(*, on_screen: bool) -> tuple[str, ...]:
    """Return the packages to be installed before Qt can start; none on Windows and macOS, which need nothing."""
    if not sys.platform.startswith("linux"):
        return ()
    wanted = _ALWAYS | (_ON_X11 if on_screen and os.environ.get("DISPLAY") else {})
    return tuple(package for library, package in wanted.items() if not _loads(library))


def told(packages: tuple[str, ...]) -> str:
    """Return the sentence that names what is missing and how to get it."""
    return f"系统缺少显示窗口要用的库：{'、'.join(packages)}。请先安装：sudo apt-get install {' '.join(packages)}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
