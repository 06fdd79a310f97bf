"""Benchmark of the register beside a bare application on the same database: `make bench`."""
