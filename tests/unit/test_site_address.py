"""What counts as the address of a site, and what lies below it."""

import pytest

from knowledge.sites.site_address import join_address, read_address, read_site_address
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind


@pytest.mark.parametrize(
    ("entered", "address"),
    [
        ("https://boats.example/help", "https://boats.example/help"),
        ("boats.example/help", "https://boats.example/help"),
        ("  HTTP://Boats.Example:80/ ", "http://boats.example/"),
        ("https://boats.example", "https://boats.example/"),
        ("https://boats.example:8443/a?page=2#top", "https://boats.example:8443/a?page=2"),
        ("https://boats.example/a?utm_source=x&page=2", "https://boats.example/a?page=2"),
        ("https://bücher.example/hilfe", "https://xn--bcher-kva.example/hilfe"),
        ("https://boats.example/Größe", "https://boats.example/Gr%C3%B6%C3%9Fe"),
    ],
)
def test_an_address_has_one_form(entered: str, address: str) -> None:
    assert read_address(entered) == address


@pytest.mark.parametrize(
    "entered",
    ["", "help", "ftp://boats.example", "file:///etc/passwd", "javascript:alert(1)", "https://", "https://[::1",
     "https://boats.example:99999", "https://boats.example/" + "x" * 2_000, "https://boats.example/\x00"],
)  # fmt: skip
def test_other_forms_are_no_address(entered: str) -> None:
    with pytest.raises(SiteProblem) as refused:
        read_site_address(entered)
    assert refused.value.kind is SiteProblemKind.ADDRESS_FORM


@pytest.mark.parametrize(
    "entered", ["https://ada:secret@boats.example", "https://ada@boats.example", "https://:x@b.example"]
)
def test_an_address_with_a_password_is_refused_without_repeating_it(entered: str) -> None:
    with pytest.raises(SiteProblem) as refused:
        read_site_address(entered)
    assert refused.value.kind is SiteProblemKind.ADDRESS_SECRET
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("start", "page", "is_covered"),
    [
        ("https://boats.example/help", "https://boats.example/help/oars", True),
        ("https://boats.example/help", "https://www.boats.example/help", True),
        ("https://boats.example/help", "http://boats.example/help/oars", True),
        ("https://boats.example/help", "https://boats.example/helpless", False),
        ("https://boats.example/help", "https://other.example/help/oars", False),
        ("https://boats.example/help", "https://boats.example:8443/help/oars", False),
        ("https://boats.example/", "https://boats.example/anything", True),
        ("https://boats.example/faq.html", "https://boats.example/faq.html", True),
        ("https://boats.example/faq.html", "https://boats.example/shop.html", False),
    ],
)
def test_a_page_belongs_to_a_site_if_it_lies_below_its_path(start: str, page: str, is_covered: bool) -> None:
    assert read_site_address(start).covers(page) is is_covered


def test_several_pages_are_read_as_they_are() -> None:
    address = read_site_address("https://boats.example/a\nhttps://boats.example/b https://boats.example/a")

    assert address.listed == ("https://boats.example/a", "https://boats.example/b")
    assert not address.covers("https://boats.example/a/more")


def test_pages_of_two_sites_are_two_sites() -> None:
    with pytest.raises(SiteProblem) as refused:
        read_site_address("https://boats.example/a https://other.example/b")
    assert refused.value.kind is SiteProblemKind.SEVERAL_SITES


def test_links_are_joined_and_those_that_lead_nowhere_are_none() -> None:
    base = "https://boats.example/help/"
    assert join_address(base, "oars#top") == "https://boats.example/help/oars"
    assert join_address(base, "//other.example/x") == "https://other.example/x"
    assert join_address(base, "mailto:ada@boats.example") is None
    assert join_address(base, "javascript:void(0)") is None
    assert join_address(base, "http://[broken") is None
