"""A child process that ends with its parent, however the parent ends (Linux)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Loaded before any fork: a child between fork and exec must not import.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dying_with_me(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """A preexec_fn for subprocess: the child gets this signal when we end, even by SIGKILL.

    The child must be started from the main thread, as the kernel watches the thread that forks.
    """
    return partial(_die_with, os.getpid(), signal_number)


def _die_with(parent: int, signal_number: int) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)
