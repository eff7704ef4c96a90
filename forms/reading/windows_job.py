"""A limit of memory for the own process on Windows, where a plain process has none: a job object that holds it alone."""

import ctypes
import os

_PROCESS_MEMORY, _ACTIVE_PROCESS, _DIE_SILENTLY = 0x0100, 0x0008, 0x0400  # JOB_OBJECT_LIMIT_…
_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation


class _Basic(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("per_process_user_time", ctypes.c_int64), ("per_job_user_time", ctypes.c_int64), ("limit_flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t), ("maximum_working_set", ctypes.c_size_t),
        ("active_process_limit", ctypes.c_uint32), ("affinity", ctypes.c_size_t), ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )  # fmt: skip


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _Basic), ("io", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t), ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t), ("peak_job_memory", ctypes.c_size_t),
    )  # fmt: skip


def limits(memory: int) -> Limits:
    """Return what a job allows: so many bytes committed by a process, no further process, no box of the system's on a crash."""
    return Limits(
        basic=_Basic(limit_flags=_PROCESS_MEMORY | _ACTIVE_PROCESS | _DIE_SILENTLY, active_process_limit=1),
        process_memory=memory,
    )


def hold_self(memory: int) -> bool:
    """Put this process into a job of its own with that limit of bytes; return whether the system agreed."""
    if os.name != "nt":
        return False
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
    kernel.SetInformationJobObject.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32)
    kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    job = kernel.CreateJobObjectW(None, None)  # its handle stays open as long as the process lives
    wanted = limits(memory)
    return bool(
        job
        and kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(wanted), ctypes.sizeof(wanted))
        and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
    )
