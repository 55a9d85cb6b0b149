"""Who leads and who helps (牵头与配合), as a text says it of each agency it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from rag.answering.drafting.reading import Text
from rag.parsing.agencies import same_agency

_AGENCY = "\ue101"
_LIST = rf"{_AGENCY}(?:[、和及与]{{1,2}}(?:以及)?(?:各[\u4e00-\u9fff]{{2,8}}|{_AGENCY}))*等?(?:部门|单位)?"


class Role(StrEnum):
    """What an agency is to a task."""

    LEAD = "lead"  # 牵头, 主办
    ANSWER = "answer"  # 负责, 承担
    SHARE = "share"  # 按职责分工负责
    HELP = "help"  # 配合, 协助, 协办
    INVITES = "invites"  # the one that acts 会同 others
    JOINS = "joins"  # those others


_ROLES = re.compile(
    rf"(?P<label>牵头|主办|责任|配合|协办|承办|参与)(?:责任)?(?:单位|部门|机构)[为是:：]*(?P<listed>{_LIST})"
    rf"|(?P<before>{_LIST})[^，。；{_AGENCY}]{{0,6}}?"
    r"(?P<verb>(?:按照?|依据?)?(?:各自)?(?:职责)?分工(?:负责)?|牵头|主办|负责|承办|承担|予以配合|积极配合|配合|协助|协同|协办|参与)"
)
_TOGETHER = re.compile(rf"(?P<before>{_LIST})[^，。；{_AGENCY}]{{0,3}}?(?:会同|商)(?P<after>{_LIST})")
_COUNTERPART = {Role.INVITES: Role.JOINS, Role.JOINS: Role.INVITES}
_OF_VERB = (
    (Role.SHARE, "分工"),
    (Role.LEAD, "牵头"),
    (Role.LEAD, "主办"),
    (Role.ANSWER, "责任"),
    (Role.ANSWER, "负责"),
    (Role.ANSWER, "承"),
    (Role.HELP, ""),
)


def roles(text: Text) -> dict[str, set[Role]]:
    """Return the roles that a text gives agencies, by normal name."""
    names = [a for clause in text.clauses for a in clause.agencies]
    marked = text.plain
    for agency in reversed(names):
        # One character for each agency, so that lists of them can be told.
        marked = marked[: agency.span.start] + _AGENCY + marked[agency.span.end :]
    found: dict[str, set[Role]] = {}
    order = [m.start() for m in re.finditer(_AGENCY, marked)]
    for match in _ROLES.finditer(marked):
        group = "listed" if match["label"] else "before"
        verb = match["label"] or match["verb"]
        role = next(r for r, word in _OF_VERB if word in verb)
        for number, at in enumerate(order):
            if match.start(group) <= at < match.end(group):
                found.setdefault(names[number].name, set()).add(role)
    for match in _TOGETHER.finditer(marked):
        for number, at in enumerate(order):
            for group, role in (("before", Role.INVITES), ("after", Role.JOINS)):
                if match.start(group) <= at < match.end(group):
                    found.setdefault(names[number].name, set()).add(role)
    return found


def misplaced(drafted: Mapping[str, set[Role]], cited: Iterable[Mapping[str, set[Role]]]) -> list[str]:
    """Return the agencies of a draft that have a role there which no evidence gives them."""
    known = [(name, given) for roles_of in cited for name, given in roles_of.items()]
    found = []
    for name, given in drafted.items():
        theirs = {role for other, roles_of in known if same_agency(name, other) for role in roles_of}
        # 我局会同… names nobody: only the opposite speaks against it.
        if any(_COUNTERPART.get(role, role) in theirs if role in _COUNTERPART else True for role in given - theirs):
            found.append(name)
    return found
