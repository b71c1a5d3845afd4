"""Dates in Russian: no full stop that would meet another."""

DATE_FORMAT = r"j E Y \г\о\д\а"
DATETIME_FORMAT = r"j E Y \г\о\д\а, H:i"
