"""Which addresses are of the internet, whatever they are written like."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.privacy.urls import is_inside, is_loopback, is_public

INSIDE = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"]
INSIDE += ["172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"]
CARRIERS = ["::", "::ffff:", "::ffff:0:", "64:ff9b::"]


def carried(address: IPv4Address) -> list[IPv6Address]:
    """The forms in which an IPv6 address carries an IPv4 one."""
    number = int(address)
    forms = [IPv6Address(int(IPv6Address(f"{prefix}0:0")) | number) for prefix in CARRIERS]
    return [*forms, IPv6Address((0x2002 << 112) | (number << 80) | 1)]


def some_of(network: str) -> st.SearchStrategy[IPv4Address]:
    """Addresses of a network."""
    return st.ip_addresses(v=4, network=network)


@given(st.one_of(*map(some_of, INSIDE)))
def test_inside_address_in_all_its_forms(address: IPv4Address) -> None:
    """What is inside stays inside as a number, mapped, translated or tunnelled."""
    octets = address.packed
    assert not is_public(address)
    assert not any(map(is_public, carried(address)))
    spelled = [str(address), str(int(address)), hex(int(address))]
    spelled += [".".join(map(form, octets)) for form in (hex, "0{:o}".format)]
    spelled += [str(address).translate(str.maketrans(".", dot)) for dot in "。．｡"]
    spelled += [str(address).translate(str.maketrans("0123456789", "０１２３４５６７８９"))]
    assert [host for host in spelled if not is_inside(host)] == []


@given(some_of("8.0.0.0/8"))
def test_address_of_the_internet_in_all_its_forms(address: IPv4Address) -> None:
    """What is of the internet stays so: networks with IPv6 alone give it as a translated one."""
    assert is_public(address)
    assert all(map(is_public, carried(address)))


LOCAL = "::1 :: fe80::1 fec0::1 fc00::1 fd12::1 ff02::1 100::1"
BESIDES = "2001:db8::1 2001:0:7f00:1::1 64:ff9b:1::7f00:1"


@pytest.mark.parametrize("address", f"{LOCAL} {BESIDES}".split())
def test_addresses_of_version_6_that_are_inside(address: str) -> None:
    """Local, documented, multicast and tunnelled ones lead nowhere that is safe."""
    assert not is_public(IPv6Address(address))
    assert is_inside(address)


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "127.1", "0x7f.1", "::ffff:127.0.0.1"]
)
def test_names_of_this_machine(host: str) -> None:
    """Where plain http is allowed."""
    assert is_loopback(host)
