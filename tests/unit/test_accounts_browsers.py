"""What a user agent and an address become in the list of one's own sessions."""

import pytest

from helpdesk.accounts.browsers import browser_name, shortened_address

_CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 {}Safari/537.36{}"


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (_CHROME.format("Windows NT 10.0; Win64; x64", "", ""), "Chrome", "Windows"),
        (_CHROME.format("Windows NT 10.0; Win64; x64", "", " Edg/126.0.0.0"), "Edge", "Windows"),
        (_CHROME.format("X11; Linux x86_64", "", " OPR/111.0.0.0"), "Opera", "Linux"),
        (_CHROME.format("X11; CrOS x86_64 14541.0.0", "", ""), "Chrome", "ChromeOS"),
        (_CHROME.format("Linux; Android 14; SM-S921B", "Mobile ", ""), "Chrome", "Android"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox", "Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Safari/605.1.15",
            "Safari",
            "macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
            "Chrome",
            "iPhone",
        ),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
    ],
)
def test_browsers_and_systems_are_named_as_people_call_them(user_agent: str, browser: str, system: str) -> None:
    assert browser_name(user_agent) == (browser, system)


@pytest.mark.parametrize(
    ("address", "shortened"),
    [
        ("198.51.100.7", "198.51.100.…"),
        ("::ffff:198.51.100.7", "198.51.100.…"),
        ("2001:db8:12:34::1", "2001:db8:12:…"),
        ("fe80::1%eth0", "fe80:0:0:…"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_the_machine_is_left_out_of_an_address(address: str, shortened: str) -> None:
    assert shortened_address(address) == shortened
