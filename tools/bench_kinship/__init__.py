"""Measure the kinship core. `python -m tools.bench_kinship` prints; it writes nothing."""
