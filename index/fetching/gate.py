"""Which addresses may be asked: public ones, and hosts of an intranet that are named.

A name is looked up here and each of its addresses is checked; the connection is then made to an address that was
checked. So a name that means something else a moment later leads nowhere.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

Resolver = Callable[[str, int], Sequence[str]]
"""Returns the IP addresses of a host. Raises OSError."""

INTERNAL: Final = frozenset({"loopback", "private", "link-local", "shared"})
"""Ranges in which the hosts of an intranet lie. Others that are not public no setting opens."""

_RANGES: Final = tuple(
    (ip_network(network), name)
    for name, networks in {
        "loopback": "127.0.0.0/8 ::1/128",
        "private": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7",
        "link-local": "169.254.0.0/16 fe80::/10",
        "shared": "100.64.0.0/10",
        "unspecified": "0.0.0.0/8 ::/128",
        "multicast": "224.0.0.0/4 ff00::/8",
        "documentation": "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20",
        "6to4": "192.88.99.0/24 2002::/16",
        "IPv4-mapped": "::ffff:0:0/96",
        "reserved": "192.0.0.0/24 198.18.0.0/15 240.0.0.0/4 2001::/23",
    }.items()
    for network in networks.split()
)
"""From the IANA special-purpose address registries for IPv4 and IPv6."""
_GLOBAL: Final = ip_network("2000::/3")
"""All that IANA has given out of IPv6 as global unicast. What lies outside is no public address."""
_NAT64: Final = ip_network("64:ff9b::/96")
"""IPv4 addresses as networks without IPv4 see them, RFC 6052."""


class NoAnswer(Exception):
    """A server that was not asked, or did not answer within the limits. The text says why and what to do."""


class Silence(NoAnswer):
    """A server that was asked, and did not answer in time or in HTTP."""


def special_range(address: str) -> str | None:
    """Name the range of an IP address that is not public, None for one that is.

    An address that carries an IPv4 address through NAT64 is as public as that one.
    """
    ip: IPv4Address | IPv6Address = ip_address(address)
    if ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    named = next((name for network, name in _RANGES if ip in network), None)
    return named or ("reserved" if ip.version == 6 and ip not in _GLOBAL else None)


def _remedy(name: str, host: str, port: int) -> str:
    if name not in INTERNAL:
        return "Check it."
    shown = f"[{host}]" if ":" in host else host
    return f"If it is a host of your own network, add {shown}:{port} to ASSISTANT_PRIVATE_HOSTS."


def resolve_name(host: str, port: int) -> list[str]:
    """Return the addresses that the system knows for a host, in the time that the system takes. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Gate:
    """Which addresses are let through: public ones, and those of hosts that are named "host" or "host:port"."""

    private_hosts: frozenset[str] = frozenset()
    resolve: Resolver = resolve_name

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host if all of them may be connected to, else raise NoAnswer."""
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NoAnswer(f"the name {host!r} cannot be looked up ({error}). Check it, and the network.") from error
        opened = INTERNAL if {host, f"{host}:{port}"} & self.private_hosts else frozenset()
        for address in addresses:
            name = special_range(address)
            if name is not None and name not in opened:
                raise NoAnswer(
                    f"it leads to the {name} address {address}, which is not fetched. {_remedy(name, host, port)}"
                )
        if not addresses:
            raise NoAnswer(f"the name {host!r} has no address. Check it.")
        return addresses
