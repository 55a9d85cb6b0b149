"""The command ``rag``, and ``python -m rag``."""

from __future__ import annotations

import gc


def main() -> None:
    """Import the command line and run it.

    Imports leave no garbage: looking for it meanwhile takes 60-100 ms, and later collections need not look at what
    they made, which a server would feel as pauses of 30 ms.
    """
    gc.disable()
    from rag.app.cli import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
