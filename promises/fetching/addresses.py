"""Which addresses are the public internet: our own table, after the registries of IANA.

The flags of the standard library's `ipaddress` differ between patch releases, so they are not
asked. Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries, IPv6 Address Space,
multicast registries, and the RFC beside each line.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Everything of IPv4 is public but these.
_CLOSED_4 = tuple(
    IPv4Network(line)
    for line in (
        "0.0.0.0/8",  # this network, RFC 791, RFC 1122
        "10.0.0.0/8",  # private use, RFC 1918
        "100.64.0.0/10",  # shared address space of carriers, RFC 6598
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link-local, RFC 3927; metadata services of clouds
        "172.16.0.0/12",  # private use, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "192.168.0.0/16",  # private use, RFC 1918
        "192.175.48.0/24",  # AS112, RFC 7534
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 1112
        "240.0.0.0/4",  # reserved and broadcast, RFC 1112, RFC 8190
    )
)
# Addresses of some cloud's own services inside otherwise public space.
_CLOSED_SERVICES = (IPv4Network("168.63.129.16/32"),)  # Azure's host, as its documentation says

# Nothing of IPv6 is public but global unicast …
_OPEN_6 = IPv6Network("2000::/3")
# … without these. What embeds an IPv4 address is closed whole: nobody needs it to read a page.
_CLOSED_6 = tuple(
    IPv6Network(line)
    for line in (
        "2001::/23",  # protocol assignments with Teredo, ORCHID, benchmarking, RFC 2928
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4, RFC 3056
        "2620:4f:8000::/48",  # AS112, RFC 7534
        "3ffe::/16",  # the 6bone of old, RFC 3701
        "3fff::/20",  # documentation, RFC 9637
    )
)


def is_public(address: Address, *, allowed: Iterable[Network] = ()) -> bool:
    """Tell whether an address is on the public internet, or in a network allowed by hand.

    Loopback, link-local, unique local, site-local, multicast, IPv4-mapped and -compatible,
    NAT64 (64:ff9b::/96 and 64:ff9b:1::/48) and 5f00::/16 lie outside of 2000::/3.
    """
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in (*_CLOSED_4, *_CLOSED_SERVICES))
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def networks(lines: Iterable[str]) -> tuple[Network, ...]:
    """Read networks as "127.0.0.1/32". Raises ValueError."""
    return tuple(ip_network(line) for line in lines)
