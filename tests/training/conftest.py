"""The training scripts import each other by bare name, as they do when run as ``python training/….py``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
