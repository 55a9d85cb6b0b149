"""Which of lecoqa's questions the shipped encoder has not seen: the training decides, and is asked."""

from __future__ import annotations

import sys

from reporting import REPOSITORY

sys.path.append(str(REPOSITORY / "training"))
from corpora import held_out_questions

__all__ = ["held_out_questions"]
