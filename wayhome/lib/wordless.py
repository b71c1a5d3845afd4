"""Lines of a log that tell where an error struck and never what it said: that may quote a name."""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Wordless(logging.Formatter):
    """The plain formatter; of an exception it tells kinds and frames, without their own words."""

    def formatException(self, ei: Raised) -> str:
        """Said in place of the traceback."""
        return "".join(_told(ei[1])).rstrip("\n")


def _told(error: BaseException | None) -> Iterator[str]:
    """What was raised last comes first, then what it came of."""
    while error is not None:
        yield f"{type(error).__name__} at:\n{''.join(traceback.format_tb(error.__traceback__))}"
        hidden = error.__cause__ is None and error.__suppress_context__
        error = None if hidden else error.__cause__ or error.__context__
