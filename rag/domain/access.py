"""Who may read what (公开属性、访问身份): disclosure labels, the scope that every read must name, and who is asking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Disclosure(StrEnum):
    """A document's disclosure label (公开属性; 政府信息公开条例).

    A document without a label is ``UNLABELLED`` and is treated as restricted.
    """

    PUBLIC = "public"  # 主动公开
    ON_REQUEST = "on_request"  # 依申请公开
    INTERNAL = "internal"  # 不予公开 / 免予公开
    UNLABELLED = "unlabelled"  # 未标注


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller may see. Reads deny whatever is not named here.

    Attributes:
        disclosures: The labels.
        personal_data: Whether personal data (个人信息) is shown; else it is masked, for the operator too. See
            ``rag.domain.personal``.
        places: The places (地区) whose documents may be seen, with all places within them; ``None`` for all. A
            document of no place is then outside.
        collections: The folders of the corpus (文件集) whose documents may be seen, as sources are written; ``None``
            for all. Of a document that lies in several folders only the files in these are known.
    """

    disclosures: frozenset[Disclosure]
    personal_data: bool = False
    places: frozenset[str] | None = None
    collections: frozenset[str] | None = None

    @classmethod
    def everything(cls, *, personal_data: bool = False) -> Scope:
        """Return the scope of the local operator."""
        return cls(frozenset(Disclosure), personal_data)

    @classmethod
    def public(cls) -> Scope:
        """Return the scope of a caller without a key."""
        return cls(frozenset({Disclosure.PUBLIC}))

    @property
    def is_unrestricted(self) -> bool:
        """Whether this scope admits every document."""
        return self.disclosures == frozenset(Disclosure) and self.places is None and self.collections is None


class Role(StrEnum):
    """What the holder of a key may do; each one may also do what those before may."""

    READER = "reader"  # 读者: 主动公开
    STAFF = "staff"  # 工作人员: and 依申请公开, 未标注
    ADMIN = "admin"  # 管理员: and 不予公开; takes documents in and removes them

    @property
    def disclosures(self) -> frozenset[Disclosure]:
        """The labels that this role sees."""
        return _SEEN[self]


_SEEN = MappingProxyType(
    {
        Role.READER: frozenset({Disclosure.PUBLIC}),
        Role.STAFF: frozenset({Disclosure.PUBLIC, Disclosure.ON_REQUEST, Disclosure.UNLABELLED}),
        Role.ADMIN: frozenset(Disclosure),
    }
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking (访问身份).

    Attributes:
        name: As the audit log tells it; ``""`` for somebody without a key.
        scope: What they may see.
        key_id: Names the key they came with, if it was one of the key file, or their account at the provider.
    """

    name: str
    scope: Scope
    key_id: str | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who this is."""
        return not self.name

    @property
    def may_change(self) -> bool:
        """Whether they may take documents in, remove them and fetch original files: who sees everything may."""
        return self.scope.is_unrestricted

    @classmethod
    def of_role(
        cls,
        name: str,
        role: Role,
        *,
        places: Collection[str] | None = None,
        collections: Collection[str] | None = None,
        key_id: str | None = None,
        personal_data: bool = False,
    ) -> Principal:
        """Return who has a role.

        Args:
            name: See the class.
            role: The role.
            places: See ``Scope``.
            collections: See ``Scope``.
            key_id: See the class.
            personal_data: Whether full scope sees personal data; a lesser one never does.
        """
        scope = Scope(
            role.disclosures,
            places=None if places is None else frozenset(places),
            collections=None if collections is None else frozenset(collections),
        )
        if scope.is_unrestricted:
            scope = Scope.everything(personal_data=personal_data)
        return cls(name, scope, key_id)


ANONYMOUS = Principal("", Scope.public())
"""A caller without a key."""
