"""What is tried for Windows; and whether it is Windows itself that the tests run on."""

import ctypes
import sys


def is_wine() -> bool:
    """Whether Windows' Python runs on wine, which has no memory limit of a job, no `icacls` and no links to files."""
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")
