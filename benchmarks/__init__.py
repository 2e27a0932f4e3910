"""Speed and quality as figures: measured, printed with their spread, never asserted by a test.

Each script runs as ``python -m benchmarks.NAME`` from the top of the checkout.
"""
