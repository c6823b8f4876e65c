"""Speed and quality, beside other ways to do the same. Each module is run with: python -m benchmarks.NAME."""
