"""Addresses that are not the public internet, however they are written or named."""

import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.fetching.addresses import is_public
from promises.fetching.errors import (
    BadAddress,
    Blocked,
    NameUnknown,
    NotFetched,
    PrivateAddress,
    TooSlow,
)
from promises.fetching.urls import read_url
from tests.fetching.conftest import asked, rules
from tests.fetching.servers import HERE, Canary, LyingDns, says


def words(text: str) -> list[str]:
    """Split a text at its spaces."""
    return text.split()


CLOSED = words("""
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1
127.0.0.2 127.1.2.3 127.255.255.254 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1
172.31.255.254 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.168.255.254 192.175.48.1 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.254 255.255.255.255 168.63.129.16 :: ::1 ::2
::7f00:1 ::ffff:7f00:1 ::ffff:a00:1 ::ffff:808:808 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::a00:1 100::1 100:0:0:1::1 2001::1 2001:1::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1::1 2002:a00:1::1 2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff::1 4000::1 5f00::1 8000::1
fc00::1 fd00::1 fd00:ec2::254 fe80::1 febf::1 fec0::1 ff00::1 ff02::1 ff0e::1
""")
OPEN = words("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255
192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 2001:200::1 2001:4860:4860::8888 2003::1
2606:4700::1 2a00:1450::1 3ffd::1 3fff:1000::1
""")


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_of_another_network_is_not_called(
    address: str, canary: Canary, connected: list[Any]
) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(PrivateAddress):
        asked(f"http://{host}:{canary.port}/", rules=rules(canary.port))
    assert connected == canary.calls == []


@pytest.mark.parametrize("address", CLOSED)
def test_a_name_that_leads_there_is_not_called(
    address: str, canary: Canary, connected: list[Any]
) -> None:
    lying = rules(canary.port, resolver=lambda name: [ip_address("8.8.8.8"), ip_address(address)])
    with pytest.raises(PrivateAddress):
        asked(f"https://example.org:{canary.port}/", rules=lying)
    assert connected == canary.calls == []


@pytest.mark.parametrize("address", OPEN)
def test_the_neighbours_of_closed_networks_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_what_is_allowed_by_hand_is_let_in_and_nothing_beside_it() -> None:
    allowed = (ip_network("127.0.0.9/32"), ip_network("fd00:1::/64"))
    let_in = [is_public(ip_address(one), allowed=allowed) for one in ("127.0.0.9", "fd00:1::5")]
    assert let_in == [True, True]
    for beside in ("127.0.0.8", "127.0.0.10", "fd00:1:0:1::5", "::ffff:127.0.0.9"):
        assert not is_public(ip_address(beside), allowed=allowed)


@given(st.ip_addresses(v=6))
def test_no_ipv6_outside_of_global_unicast_is_public(address: Any) -> None:
    assert not is_public(address) or address in ip_network("2000::/3")


@given(st.ip_addresses(v=4))
def test_an_ipv4_inside_of_ipv6_is_never_public(address: Any) -> None:
    number = int(address)
    for prefix in ("::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::"):
        assert not is_public(IPv6Address(int(IPv6Address(prefix)) + number))
    assert not is_public(IPv6Address((0x2002 << 112) + (number << 80)))


# Everything here leads to the canary for one library or another.
SPELLINGS = words(r"""
http://2130706433:PORT/ http://0x7f000001:PORT/ http://017700000001:PORT/ http://127.1:PORT/
http://127.0.1:PORT/ http://0177.0.0.1:PORT/ http://0x7f.0.0.1:PORT/ http://127.0.0.01:PORT/
http://127.0.0.1.:PORT/ http://0:PORT/ http://00000000:PORT/ http://localhost:PORT/
http://LOCALHOST:PORT/ http://localhost.:PORT/ http://a.localhost:PORT/ http://printer:PORT/
http://printer.local:PORT/ http://db.internal:PORT/ http://router.home.arpa:PORT/
http://x.onion:PORT/ http://x.invalid:PORT/ http://localhost.localdomain:PORT/
http://①②⑦.⓪.⓪.①:PORT/ http://１２７.0.0.1:PORT/ http://127。0。0。1:PORT/ http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/
http://127.0.0.1%2f.example.org:PORT/ http://%31%32%37.0.0.1:PORT/
http://example.org@127.0.0.1:PORT/ http://user:word@example.org:PORT/ http://@127.0.0.1:PORT/
http://example.org\@127.0.0.1:PORT/ http:\\127.0.0.1:PORT/ http:/127.0.0.1:PORT/
http:127.0.0.1:PORT/ http:///127.0.0.1:PORT/ //127.0.0.1:PORT/ http://[::1%25lo]:PORT/
http://[::ffff:127.0.0.1]:PORT/ http://[0:0:0:0:0:0:0:1]:PORT/ http://[::1:PORT/
http://[fe80::1%eth0]:PORT/ http://127.0.0.1:PORT:80/ http://127.0.0.1:0PORTx/
http://exa_mple..org:PORT/ http://-example.org:PORT/ http://exämple-.org:PORT/ http://:PORT/
http://example.org:/ http://.:PORT/ http://..:PORT/ http://1.2.3.4.5:PORT/ http://256.0.0.1:PORT/
http://127.0.0.1&#46;example.org:PORT/ http://example.org;127.0.0.1:PORT/ file:///etc/passwd
ftp://127.0.0.1:PORT/ gopher://127.0.0.1:PORT/_x dict://127.0.0.1:PORT/ data:text/html,x
javascript:alert(1) ws://127.0.0.1:PORT/ unix:///run/x jar:http://127.0.0.1!/
ldap://127.0.0.1:PORT/ tftp://127.0.0.1:PORT/ netdoc:///etc/passwd view-source:http://127.0.0.1/
http://example.org:22/ http://example.org:25/ http://example.org:6379/ http://example.org:8080/
http://example.org:0/ http://example.org:65536/ http://example.org:-1/ http://example.org:８０/
""")
CONTROLS = [
    "http://127.0.0.1:PORT/\r\nHost: example.org", "http://example.org/\tx", " http://example.org/",
    "http://exam\nple.org/", "http://example.org/\0", "http://example.org/ x", "ht\ttp://example.org/",
    "http://example.org\u202e/", "http://example.org/\u2028x", "\x01http://example.org/",
    "http://example.org/" + "a" * 2000, "",
]  # fmt: skip


@pytest.mark.parametrize("spelling", [*SPELLINGS, *CONTROLS])
def test_odd_spellings_are_refused_before_any_name_is_asked(
    spelling: str, canary: Canary, connected: list[Any]
) -> None:
    names: list[str] = []

    def resolver(name: str) -> list[Any]:
        names.append(name)
        return [ip_address("127.0.0.1")]

    url = spelling.replace("PORT", str(canary.port))
    with pytest.raises(NotFetched) as refusal:
        asked(url, rules=rules(canary.port, resolver=resolver))
    assert isinstance(refusal.value, Blocked | BadAddress)
    assert names == connected == canary.calls == []


@pytest.mark.parametrize(
    ("url", "one"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("https://bücher.example/ä?ö=ü", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC"),
        ("https://example.org/a%20b/%C3%A4", "https://example.org/a%20b/%C3%A4"),
        ("http://1.1.1.1/", "http://1.1.1.1/"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
        ("https://example.org?x=/../", "https://example.org/?x=/../"),
    ],
)
def test_plain_addresses_have_one_spelling(url: str, one: str) -> None:
    assert read_url(url).url == one
    assert read_url(one).url == one


def test_a_name_whose_answers_change_is_asked_once_and_called_as_checked(
    canary: Canary, connected: list[Any], serve: Any
) -> None:
    server = serve(says(b"hello", head="Content-Length: 5\r\n"))
    zones = {
        # First the address that was checked, from then on the canary's.
        "rebinds.example.org": [[HERE], ["127.0.0.1"]],
        "mixed.example.org": [[HERE, "127.0.0.1"]],
        "many.example.org": [[HERE] * 3 + ["10.0.0.1"]],
        "nothing.example.org": [[]],
    }
    dns = LyingDns(zones)
    lying = rules(server.port, canary.port, resolver=dns)
    try:
        page = asked(server.url(host="rebinds.example.org"), rules=lying)
        assert (page.body.read(), page.last.address) == (b"hello", HERE)
        assert dns.asked == ["rebinds.example.org"]
        for name in ("rebinds", "mixed", "many"):
            with pytest.raises(PrivateAddress):
                asked(server.url(host=f"{name}.example.org"), rules=lying)
        with pytest.raises(NameUnknown):
            asked(server.url(host="nothing.example.org"), rules=lying)
    finally:
        dns.close()
    calls = [address for address in connected if address[1] == server.port]
    assert calls == [(HERE, server.port)]
    assert canary.calls == []


def test_a_resolver_that_fails_or_sleeps_is_named(connected: list[Any]) -> None:
    def broken(name: str) -> list[Any]:
        raise OSError("no such name")

    def asleep(name: str) -> list[Any]:
        time.sleep(5)
        return []

    with pytest.raises(NameUnknown):
        asked("http://example.org/", rules=rules(resolver=broken))
    with pytest.raises(TooSlow):
        asked("http://example.org/", rules=rules(resolver=asleep))
    assert connected == []
