import logging
import logging.config
import sys

from django.conf import settings


def broken(said: str) -> None:
    try:
        raise ValueError(f"Failing row contains ({said})")
    except ValueError as error:
        raise RuntimeError(said) from error


def test_an_error_in_a_log_tells_where_it_struck_and_nothing_that_it_said():
    """A database quotes the row that it refuses, and a row holds a man's name."""
    said, told = "".join(("Ющек", "яжев")), settings.LOGGING["formatters"]["plain"]
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(told)
    try:
        broken(said)
    except RuntimeError:
        record = logging.LogRecord(
            "procrastinate", logging.ERROR, "", 0, "Job 7 failed", None, sys.exc_info()
        )

    lines = formatter.format(record)

    assert said not in lines
    assert "Job 7 failed" in lines
    assert "RuntimeError at:" in lines
    assert "ValueError at:" in lines
    assert "in broken" in lines
