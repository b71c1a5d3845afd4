"""Functions made into machine code, once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])
Number = int | np.integer[Any]


def compiled(function: Function) -> Function:
    """The function as machine code, which other threads may run beside it.

    The code is kept beside the source, or in the user's cache where the program may not write
    (NUMBA_CACHE_DIR moves it). Where neither can be written to, it is made anew by each process.
    """
    try:
        made = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
    # numba looks only at the function's own file, and would keep what it took from others.
    kept = cast(Any, made)._cache._cache_file
    kept._source_stamp = (kept._source_stamp, *sorted(set(_taken_from_others(function))))
    return cast(Function, made)


def _taken_from_others(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """What a function's code holds of other files: functions that it calls, and constants."""
    for name in function.__code__.co_names:
        used = function.__globals__.get(name)
        called = getattr(used, "py_func", None)
        if called is not None and called is not function:
            file = Path(called.__code__.co_filename)
            yield str(file), str(file.stat().st_mtime_ns)
            yield from _taken_from_others(called)
        elif isinstance(used, int | float):
            yield name, repr(used)
