"""Functions made into machine code, once."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, which other threads may run beside it.

    The code is kept beside the source, or in the user's cache where the program may not write
    (NUMBA_CACHE_DIR moves it). Where neither can be written to, it is made anew by each process.
    """
    try:
        return cast(Function, numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
