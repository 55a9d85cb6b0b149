"""A walk over the rig: requests of every route by every principal, a like number of each, and changes in between.

One set of rules for the test, which hypothesis drives, and for the long form, which is a seeded random walk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from .asking import Asking, Route
from .documents import LABELS, UPLOADED
from .principals import PRINCIPALS, Who
from .rig import AT_FIRST, BY_ID, Asked, Rig

_FEWEST_DOCUMENTS = 8
_RELABELLED = 5
_WARMED = 3


class Walk:
    """Steps, and how many were made of which kind."""

    def __init__(self, rig: Rig, chance: Random) -> None:
        """Begin a walk.

        Args:
            rig: The servers.
            chance: Decides all that is not given.
        """
        self.rig = rig
        self.asking = Asking(chance)
        self.asked: Counter[tuple[Route, str]] = Counter()
        self.changes: Counter[str] = Counter()
        self._chance = chance
        self._last: list[tuple[Route, Who, Asked]] = []

    @property
    def steps(self) -> int:
        """Requests compared and changes made."""
        return self.asked.total() + self.changes.total()

    def ask(self, who: Who, route: Route) -> None:
        """Ask something of a route."""
        asked = self.asking.draw(route)
        self._check(route, who, asked)
        self._last = [*self._last, (route, who, asked)][-_WARMED:]

    def change(self) -> None:
        """Change something, and ask again what was asked just before: an answer kept must not outlive it."""
        kinds: list[Callable[[], str | None]] = [
            self._relabel,
            self._relabel,
            self._delete,
            self._restore,
            self._upload,
            self._hide_and_show,
        ]
        done = None
        while done is None:  # what cannot be done now is not
            done = self._chance.choice(kinds)()
        self.changes[done] += 1
        for route, who, asked in self._last:
            self._check(route, who, asked)

    def _check(self, route: Route, who: Who, asked: Asked) -> None:
        self.rig.check(who, asked)
        self.asked[route, who.name] += 1

    def _relabel(self) -> str:
        labels = dict(self.rig.labels)
        for document_id in self._chance.sample(sorted(labels), min(_RELABELLED, len(labels))):
            labels[document_id] = self._chance.choice(LABELS)
        self.rig.change(labels)
        return "relabelled"

    def _delete(self) -> str | None:
        if len(self.rig.labels) <= _FEWEST_DOCUMENTS:
            return None
        self.rig.delete(BY_ID[self._chance.choice(sorted(self.rig.labels))])
        return "deleted over HTTP"

    def _restore(self) -> str | None:
        gone = sorted(set(AT_FIRST) - set(self.rig.labels))
        if not gone:
            return None
        back = self._chance.sample(gone, self._chance.randint(1, len(gone)))
        self.rig.change({**self.rig.labels, **{i: self._chance.choice(LABELS) for i in back}})
        return "restored"

    def _upload(self) -> str:
        if UPLOADED.document_id in self.rig.labels:
            self.rig.delete(UPLOADED)
        self.rig.upload(self._chance.choice(LABELS))
        return "uploaded over HTTP"

    def _hide_and_show(self) -> str:
        """Hide what somebody sees, ask, and show it again."""
        before = dict(self.rig.labels)
        shown = [i for i, label in sorted(before.items()) if label != "internal"]
        hidden = self._chance.sample(shown, min(_RELABELLED, len(shown)))
        self.rig.change({**before, **dict.fromkeys(hidden, "internal")})
        for route, who, asked in self._last:
            self._check(route, who, asked)
        self.rig.change(before)
        return "hidden and shown again"

    def even_round(self, between: int) -> None:
        """Ask each route as each principal once, in an order of chance, and change something after every so many."""
        pairs = [(route, who) for route in self.asking.routes for who in PRINCIPALS]
        self._chance.shuffle(pairs)
        for at, (route, who) in enumerate(pairs, start=1):
            self.ask(who, route)
            if at % between == 0:
                self.change()
