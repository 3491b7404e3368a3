"""Where nothing is ever sent, and where only with an admin's word."""

from ipaddress import ip_address

import pytest

from helpdesk.rewording.addresses import find_place, read_url
from store.outgoing_addresses import ForbiddenAddress, judge

NEVER = [
    "169.254.169.254", "169.254.0.1", "fe80::1", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "0.0.0.1", "::", "224.0.0.1", "255.255.255.255", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1", "::a9fe:a9fe", "fec0::1", "64:ff9b:1::1",
]  # fmt: skip
OWN = [
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("own_network", [True, False])
def test_the_inside_of_machine_and_cloud_is_never_called(address: str, own_network: bool) -> None:
    with pytest.raises(ForbiddenAddress):
        judge(ip_address(address), scheme="https", own_network=own_network)


@pytest.mark.parametrize("address", OWN)
def test_the_own_network_needs_an_admins_word(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        judge(ip_address(address), scheme="https", own_network=False)
    judge(ip_address(address), scheme="http", own_network=True)


def test_outside_only_https_is_spoken() -> None:
    judge(ip_address("93.184.216.34"), scheme="https", own_network=False)
    with pytest.raises(ForbiddenAddress):
        judge(ip_address("93.184.216.34"), scheme="http", own_network=True)


@pytest.mark.parametrize(
    "url",
    ["", "models.example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https://a:b@example.org/v1",
     "https://example.org/v1?x=1", "https://example.org/v1#x", "https://exa mple.org", "https://example.org:99999",
     "https://example.org/" + "x" * 500, "https://[::1", "https://example.org/v1\r\nX: y"],
)  # fmt: skip
def test_other_forms_are_no_address(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        read_url(url)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "017700000001", "localhost", "[::1]"])
async def test_loopback_in_disguise_is_loopback(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        await find_place(f"https://{host}/v1", own_network=False)


async def test_the_judged_number_is_called_under_the_name() -> None:
    place = await find_place("http://localhost:8080/v1/", own_network=True)

    assert place.url in {"http://127.0.0.1:8080/v1", "http://[::1]:8080/v1"}
    assert (place.host, place.name) == ("localhost:8080", "localhost")
