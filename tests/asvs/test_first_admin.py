"""Nobody is there before somebody is made, and the first password opens nothing but the choice of another one."""

from pathlib import Path

from privacy import KeyRing, rights_of
from service.caller import rights_now
from store import Database, StoreSettings
from tests.service.accounts.people import HASH, NEW_PASSWORD, PASSWORD, place_in
from vocabulary import Right, Role


async def test_an_installation_begins_without_accounts(tmp_path: Path) -> None:
    settings = StoreSettings(home=tmp_path)
    db = Database(settings, KeyRing.load_or_create(settings.key_file))
    await db.upgrade()
    async with db.reading() as tx:
        assert list(await tx.accounts.list(roles=tuple(Role))) == []
    await db.close()


async def test_the_first_password_opens_nothing_but_the_choice_of_another_one(tmp_path: Path) -> None:
    async with place_in(tmp_path) as place:
        db, browser = place.talk.services.db, place.browser()
        async with db.transaction() as tx:
            made = await tx.accounts.create(
                Role.ADMIN, name="Admin", email="admin@localhost", password_hash=HASH, first_password=True
            )
        assert rights_now(made, admin_second_factor=False) == {Right.ACCOUNT_OWN}
        assert (await browser.login("admin@localhost", PASSWORD)).json()["password_required"] is True
        await browser.patch(name="Ada")
        assert (await browser.get()).json()["password_required"] is True, "no other change will do"
        assert (await browser.post("password", current=PASSWORD, new=NEW_PASSWORD)).status_code == 200
        assert (await browser.get()).json()["password_required"] is False
        async with db.reading() as tx:
            chosen = await tx.accounts.get(made.id)
        assert chosen is not None and rights_now(chosen, admin_second_factor=False) == rights_of(Role.ADMIN)
