"""The demo's files, which are measured with."""

from tools.bench.figures import ROOT

FILES = ROOT / "wayhome" / "config" / "demo" / "files"
CARDS = FILES / "cards-20k.xlsx"
ENQUIRIES = FILES / "enquiries-3k.csv"
TRUTH = FILES / "enquiries-3k-truth.csv"
SITE = "A"
