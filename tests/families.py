"""Invented families and their dead, as a demo draws them."""

from wayhome.config.demo.comparisons import Drawn, as_csv

__all__ = ["Drawn", "as_csv"]
