"""Every number we publish, one command each: see benchmarks/README.md."""
