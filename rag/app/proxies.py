"""Reverse proxies (反向代理) that are believed: where a request really comes from, and whom they have signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.requests import Request

from rag.domain.access import Principal, Role
from rag.errors import ConfigurationError

_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies that are believed; of nobody else is any header believed.

    Attributes:
        networks: Their addresses.
        user_header: In which they name whom they signed in, ``None`` when they sign nobody in.
        groups_header: In which they name the groups, separated by commas or semicolons.
        roles: Role by group; the highest of somebody's groups counts, reader for none.
    """

    networks: Sequence[IPv4Network | IPv6Network] = ()
    user_header: str | None = None
    groups_header: str = "X-Forwarded-Groups"
    roles: Mapping[str, Role] = field(default_factory=dict)

    @classmethod
    def of(cls, addresses: Sequence[str], user_header: str | None, groups_header: str, roles: Sequence[str]) -> Proxies:
        """Read what settings say.

        Raises:
            ConfigurationError: An address or a role is none, or proxies sign in that are not named.
        """
        try:
            networks = [ip_network(address, strict=False) for address in addresses]
            named = dict(pair.rsplit("=", 1) for pair in roles)
            by_group = {group.strip(): Role(role.strip()) for group, role in named.items()}
        except ValueError as error:
            raise ConfigurationError(f"RAG_PROXIES or RAG_PROXY_ROLES: {error}") from error
        if user_header and not networks:
            raise ConfigurationError("RAG_PROXY_USER_HEADER needs RAG_PROXIES: whom should it believe?")
        return cls(tuple(networks), user_header or None, groups_header, by_group)

    def believes(self, address: str) -> bool:
        """Tell whether an address is one of the proxies'."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)

    def client_address(self, request: Request) -> str:
        """Return where a request comes from: of the chain of proxies, the last address that is none of them."""
        address = request.client.host if request.client else ""
        if not self.believes(address):
            return address
        for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
            if not hop.strip():
                break
            address = hop.strip()
            if not self.believes(address):
                break
        return address

    def is_https(self, request: Request) -> bool:
        """Tell whether the browser's connection is encrypted."""
        peer = request.client.host if request.client else ""
        forwarded = request.headers.get("X-Forwarded-Proto", "") if self.believes(peer) else ""
        return (forwarded or request.url.scheme) == "https"

    def signed_in(self, request: Request) -> Principal | None:
        """Return whom a proxy has signed in, ``None`` when this came from no proxy or it names nobody."""
        peer = request.client.host if request.client else ""
        if self.user_header is None or not self.believes(peer):
            return None
        # Header values come decoded as Latin-1.
        name = request.headers.get(self.user_header, "").encode("latin-1").decode("utf-8", "replace").strip()
        if not name or not name.isprintable() or len(name) > _NAME_CHARACTERS:
            return None
        said = request.headers.get(self.groups_header, "").encode("latin-1").decode("utf-8", "replace")
        groups = {group.strip() for group in said.replace(";", ",").split(",")}
        held = [role for role in Role if any(self.roles.get(group) is role for group in groups)]
        return Principal.of_role(f"proxy:{name}", held[-1] if held else Role.READER)
