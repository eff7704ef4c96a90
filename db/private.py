"""Private rights: what the program makes belongs to this account alone.

Elsewhere the process's umask and the mode of each new file do it. Windows has neither: each file and folder is given an
access list of its own, with one entry for its owner and none inherited from the folder it lies in.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

# Rights of an access entry for all that is in a folder too: files (object inherit) and folders (container inherit).
_BELOW = "OICI"


def descriptor(sid: str, *, folder: bool) -> str:
    """Return the access list in Microsoft's descriptor language (SDDL): protected, and full access for one account.

    `sid` is the account's, as text (``S-1-5-21-…``).
    """
    return f"D:P(A;{_BELOW if folder else ''};FA;;;{sid})"


if sys.platform == "win32":  # pragma: no cover (Windows only)
    import ctypes
    from ctypes import wintypes

    _advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _TOKEN_QUERY, _TOKEN_USER, _SDDL_REVISION_1, _SE_FILE_OBJECT = 0x0008, 1, 1, 1
    _DACL, _PROTECTED_DACL = 0x00000004, 0x80000000  # DACL_ and PROTECTED_DACL_SECURITY_INFORMATION

    class _SidAndAttributes(ctypes.Structure):
        """SID_AND_ATTRIBUTES; a TOKEN_USER is one of these, with the SID itself behind it."""

        _fields_ = (("sid", ctypes.c_void_p), ("attributes", wintypes.DWORD))

    _kernel32.GetCurrentProcess.argtypes = []
    _kernel32.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel32.CloseHandle.argtypes = [wintypes.HANDLE]
    _kernel32.LocalFree.argtypes = [ctypes.c_void_p]
    _kernel32.LocalFree.restype = ctypes.c_void_p
    _advapi32.OpenProcessToken.argtypes = [wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE)]
    _advapi32.GetTokenInformation.argtypes = [
        wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD, ctypes.POINTER(wintypes.DWORD),
    ]  # fmt: skip
    _advapi32.ConvertSidToStringSidW.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]
    _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = [
        wintypes.LPCWSTR, wintypes.DWORD, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p,
    ]  # fmt: skip
    _advapi32.GetSecurityDescriptorDacl.argtypes = [
        ctypes.c_void_p, ctypes.POINTER(wintypes.BOOL), ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(wintypes.BOOL),
    ]  # fmt: skip
    _advapi32.SetNamedSecurityInfoW.argtypes = [
        wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    _advapi32.SetNamedSecurityInfoW.restype = wintypes.DWORD

    def _own_sid() -> str:
        """Return the SID of the account that this process runs as; raises OSError."""
        token, size = wintypes.HANDLE(), wintypes.DWORD()
        if not _advapi32.OpenProcessToken(_kernel32.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            _advapi32.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(size))  # how much there is to say
            room = ctypes.create_string_buffer(size.value)
            if not _advapi32.GetTokenInformation(token, _TOKEN_USER, room, size, ctypes.byref(size)):
                raise ctypes.WinError(ctypes.get_last_error())
            user = ctypes.cast(room, ctypes.POINTER(_SidAndAttributes)).contents
            text = ctypes.c_void_p()
            if not _advapi32.ConvertSidToStringSidW(user.sid, ctypes.byref(text)):
                raise ctypes.WinError(ctypes.get_last_error())
            try:
                return ctypes.wstring_at(text.value or 0)
            finally:
                _kernel32.LocalFree(text)
        finally:
            _kernel32.CloseHandle(token)

    def _set(path: Path, sddl: str) -> None:
        """Give a file or folder the access list of a descriptor; raises OSError."""
        made, dacl = ctypes.c_void_p(), ctypes.c_void_p()
        present, defaulted = wintypes.BOOL(), wintypes.BOOL()
        if not _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            sddl, _SDDL_REVISION_1, ctypes.byref(made), None
        ):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            if not _advapi32.GetSecurityDescriptorDacl(
                made, ctypes.byref(present), ctypes.byref(dacl), ctypes.byref(defaulted)
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            told = _advapi32.SetNamedSecurityInfoW(
                str(path), _SE_FILE_OBJECT, _DACL | _PROTECTED_DACL, None, None, dacl, None
            )
            if told:
                raise ctypes.WinError(told)
        finally:
            _kernel32.LocalFree(made)

    def keep(path: Path) -> bool:
        """Let a file, or a folder with all that is in it, be this account's alone; tell whether it could be done.

        A stick's file system (FAT, exFAT) has no access lists, and a share may not let us.
        """
        try:
            _set(path, descriptor(_own_sid(), folder=path.is_dir()))
        except OSError:
            return False
        return True

else:

    def keep(path: Path) -> bool:
        """Let a file, or a folder with all that is in it, be this account's alone; tell whether it could be done.

        Nothing to do here: the process's umask and the modes of new files have done it.
        """
        return True


def keep_all(paths: Iterable[Path]) -> None:
    """Keep every one of these that is there: those that a stopped or an older program made, too."""
    for path in paths:
        if path.exists():
            keep(path)
