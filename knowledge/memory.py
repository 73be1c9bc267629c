"""Memory that was let go of, and that the C library still holds."""

from __future__ import annotations

import ctypes
import sys


def give_back_memory() -> None:
    """Let the C library return to the machine what this process let go of. One without the call keeps no such store."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
