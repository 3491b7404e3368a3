"""Providers of sign-in on the admin pages: entered, checked, asked before they are switched on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from store.db import Database
from store.models import AuditEntry, SignInProvider
from tests.integration.single_sign_on_desk import BACK, ID, PEOPLE, make_desk
from tests.integration.staff import ORIGIN
from tests.oidc_directory import Directory, running_directory


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    with running_directory([BACK], PEOPLE) as running:
        yield running


FORM = {
    "name": "Login",
    "issuer": "https://login.example.org",
    "client_id": "staffel",
    "rules": "support = agent: Orders\nit = admin",
    "scopes": "openid email",
    "groups_claim": "roles",
    "domains": "example.org, Shop.example",
    "factor": "never",
    "acr_values": "",
    "creates": "on",
}


async def test_an_admin_enters_a_provider_and_its_secret_is_never_shown(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    ada = await desk.signed_in("ada")
    made = await ada.fill("/admin/providers/new", secret="very-secret-word", **FORM)
    assert made.status_code == 303, made.text
    page = made.headers["location"]
    shown = (await ada.get(page)).text
    assert f"{ORIGIN}/signin/with/{page.split('/')[3].partition('?')[0]}/back" in shown
    assert "very-secret-word" not in shown
    (view,) = [one for one in await desk.providers.list_all() if one.id != ID]
    assert (view.is_on, view.has_secret, view.definition.domains) == (False, True, ("example.org", "shop.example"))
    await ada.fill(f"/admin/providers/{view.id}", secret="", **{**FORM, "name": "Renamed"})
    changed = await desk.providers.load(view.id)
    assert (changed.definition.name, changed.has_secret) == ("Renamed", True)
    async with db.read() as session:
        assert "very-secret-word" not in str((await session.scalars(select(SignInProvider.secret))).all())
        assert "very-secret-word" not in str((await session.execute(select(AuditEntry.after))).all())
    await ada.fill(f"/admin/providers/{view.id}", to=f"/admin/providers/{view.id}/remove")
    assert len(await desk.providers.list_all()) == 1


async def test_what_is_wrong_with_a_provider_is_said_and_nothing_typed_is_lost(
    db: Database, directory: Directory
) -> None:
    desk = await make_desk(db, directory)
    ada = await desk.signed_in("ada")
    for wrong, said in (
        ({"rules": "support = boss"}, "Zeile 1"),
        ({"rules": "support = agent: Nowhere"}, "kein Team Nowhere"),
        ({"issuer": "login"}, "Der Aussteller ist eine Adresse"),
        ({"name": "Directory"}, "heißt schon so"),
    ):
        refused = await ada.fill("/admin/providers/new", **{**FORM, **wrong})
        assert refused.status_code in (409, 422)
        assert said in refused.text
        assert "Shop.example".lower() in refused.text


async def test_a_provider_is_asked_before_it_is_switched_on(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    ada = await desk.signed_in("ada")
    page = f"/admin/providers/{ID}"
    assert "antwortet und ist der" in (await ada.fill(page, to=f"{page}/check")).text
    await desk.providers.change(
        ID, replace((await desk.providers.load(ID)).definition, issuer=f"{directory.issuer}/x"), "", "T"
    )
    assert "(404)" in (await ada.fill(page, to=f"{page}/check")).text
    await ada.fill(page, to=f"{page}/switch", on="no")
    assert not (await desk.providers.load(ID)).is_on


async def test_only_who_may_change_accounts_changes_providers(db: Database, directory: Directory) -> None:
    desk = await make_desk(db, directory)
    mia = await desk.signed_in("mia")
    assert (await mia.get("/admin/providers")).status_code == 403
    assert (await mia.fill("/desk", to=f"/admin/providers/{ID}/remove")).status_code == 403
