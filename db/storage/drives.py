"""What kind of place a path is: on this computer, or on another one, where file locking cannot be trusted; and how the
driver is told of it."""

import os
import sys
from pathlib import Path
from urllib.parse import quote

_NETWORK_FILESYSTEMS = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "9p", "fuse.sshfs", "fuse.davfs"}


def as_uri(path: Path, mode: str) -> str:
    """Return a file as SQLite is told of it: `mode` is ``ro``, ``rw`` or ``rwc``."""
    if sys.platform == "win32":
        return f"file:///{quote(path.resolve().as_posix(), safe='/:')}?mode={mode}"
    return f"file:{quote(path.resolve().as_posix())}?mode={mode}"


def is_network_path(path: Path) -> bool:
    """Tell whether a path lies on another computer (UNC path, mapped drive, or a network file system)."""
    text = str(path)
    if text.startswith(("\\\\", "//")) and not text.startswith(("\\\\?\\", "\\\\.\\")):
        return True
    if sys.platform == "win32":  # pragma: no cover (Windows only)
        import ctypes

        drive = os.path.splitdrive(path.resolve())[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == 4)  # DRIVE_REMOTE
    return _filesystem(path) in _NETWORK_FILESYSTEMS


def _filesystem(path: Path) -> str:
    """Return the type of the file system that holds `path` (Linux), or an empty string."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    place = str(path.resolve())
    best, kind = "", ""
    for line in mounts:
        _, mount, filesystem, *_ = line.split(" ")
        mount = mount.replace("\\040", " ")
        if (place == mount or place.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best):
            best, kind = mount, filesystem
    return kind
