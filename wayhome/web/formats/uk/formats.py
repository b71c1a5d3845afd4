"""Dates in Ukrainian: no nought before the day, and no full stop that would meet another."""

DATE_FORMAT = r"j E Y \р\о\к\у"
DATETIME_FORMAT = r"j E Y \р\о\к\у, H:i"
