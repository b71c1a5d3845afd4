"""Functions made into machine code, once."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.typed import List

Function = TypeVar("Function", bound=Callable[..., Any])
Box = Any  # what `boxed` gives
Number = Any  # a whole number, Python's or of an array: in machine code they are one


def compiled(function: Function, *, inlined: bool = False) -> Function:
    """The function as machine code, which other threads may run beside it.

    The code is kept beside the source, or in the user's cache where the program may not write
    (NUMBA_CACHE_DIR moves it). Where neither can be written to, it is made anew by each process.
    """
    try:
        made = numba.njit(nogil=True, cache=True, forceinline=inlined)(function)
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True, forceinline=inlined)(function))
    kept = cast(Any, made)._cache._cache_file
    # numba looks only at the function's own file, and would keep what it took from others.
    kept._source_stamp = (kept._source_stamp, *sorted(set(_taken_from_others(function))))
    kept.load = partial(_load, kept, kept.load)
    return cast(Function, made)


def inlined(function: Function) -> Function:
    """As `compiled`, and put where it is called: handing over many arrays takes longer than it."""
    return compiled(function, inlined=True)


def _load(kept: Any, load: Callable[[Any], Any], key: Any) -> Any:
    """What was kept; nothing if it names a type that this version of the source does not have."""
    try:
        return load(key)
    except (AttributeError, ImportError):
        kept.flush()
        return None


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


@compiled
def boxed(arrays: Any) -> Any:
    """Many arrays as one thing, a box: box[0] is they again, in machine code.

    It looks at everything that it is handed over: sixty arrays take longer than many a question.
    """
    box = List()
    box.append(arrays)
    return box
