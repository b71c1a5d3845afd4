"""Measure the kinship core. `python -m tools.bench_kinship` prints; it writes nothing."""

import os

# What is measured of one core is done by one core: NumPy's matrix products would take all. It is
# read once, when NumPy is imported, and so before all else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
