"""The scripts import each other by bare name, as they do when run as ``python benchmarks/peers/….py``."""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path[:0] = [str(BENCHMARKS / "peers"), str(BENCHMARKS)]
