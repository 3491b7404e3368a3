"""What people do on Slack, through the real app and the real SDK: every way in, every way out."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from connectors.contract import ASK_PERSON, Attachment, AttachmentKind, Channel, Undeliverable
from connectors.contract.findings import ConnectionFailure
from connectors.slack import home
from connectors.slack.connection_setup import AppCredentials, connect, examine
from store.models import AttachmentRecord, Contact
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.slack import FakeSlack, SlackFaultKind, slack
from tests.fakes.slack.rules import texts_of
from tests.harness import eventually, hire
from tests.integration.slack_rooms import connector_of, conversations, helpdesk_on, incoming, office, socket_is_open
from tests.services import free_port


async def test_the_main_line_question_answer_person_agent_and_back(tmp_path: Path, database_url: str) -> None:
    async with office(tmp_path, database_url) as (parts, fake):
        agent = await hire(parts, "Mia")
        person = fake.state.person()
        await fake.write(person, "Wo ist mein Paket?")
        greeting, answer = await fake.posts(person.dm, 2)
        assert "kein Mensch" in greeting.text
        assert answer.text == "You said: Wo ist mein Paket?"

        await fake.command(person, "human")
        await eventually(lambda: _has_status(parts, Status.QUEUED), "the queue")
        conversation = (await conversations(parts))[0]
        taken = await drive(parts.conversations).accept(conversation.id, agent)
        await drive(parts.conversations).answer(
            conversation.id, agent, taken.epoch, "Guten Tag, ich bin **Mia**.", "c1"
        )
        posts = await eventually(lambda: _said(fake, person.dm, "*Mia*."), "the agent's words")
        assert posts[-1].text.startswith("Mia: Guten Tag")
        assert "*Mia*" in texts_of(posts[-1].blocks)[0]
        signs = fake.state.reactions
        assert signs == []
        await fake.write(person, "Danke!")
        await eventually(lambda: _is_marked(fake), "the sign that it is with the agent")
        assert [(channel, name) for channel, _, name in signs] == [(person.dm, "eyes")]
        thanks = (await conversations(parts))[0].last_seq  # which Mia has read: else the bot would take it up
        await drive(parts.conversations).resolve(conversation.id, agent, read_seq=thanks)
        await eventually(lambda: _has_status(parts, Status.RESOLVED), "the resolution")
        await fake.write(person, "Noch eine Frage")
        await eventually(lambda: _said(fake, person.dm, "You said: Noch eine Frage"), "the bot again")
        assert len(await conversations(parts)) == 1
        assert fake.state.too_fast == []


async def _is_marked(fake: FakeSlack) -> bool:
    return bool(fake.state.reactions)


async def test_a_workspace_connected_before_goes_without_the_sign(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        fake.state.scopes = fake.state.scopes.replace(",reactions:write", "")
        agent = await hire(parts, "Mia")
        person = fake.state.person()
        await fake.command(person, "human")
        await eventually(lambda: _has_status(parts, Status.QUEUED), "the queue")
        conversation = (await conversations(parts))[0]
        await drive(parts.conversations).accept(conversation.id, agent)
        before = conversation.last_seq
        await fake.write(person, "Noch etwas")
        await connector_of(parts).afterwards.finish()

        assert (await conversations(parts))[0].last_seq > before
        assert fake.state.reactions == []


async def test_the_profile_is_learnt_in_the_background_and_known_with_the_next_message(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person = fake.state.person(name="Ida Muster", tz="Europe/Vienna")
        await fake.write(person, "Hallo")
        await connector_of(parts).afterwards.finish()
        await fake.write(person, "Noch da?")
        async with parts.db.read() as session:
            contact = await session.get_one(Contact, (await conversations(parts))[0].contact_id)
        assert (contact.name, contact.time_zone) == ("Ida Muster", "Europe/Vienna")
        assert [call.method for call in fake.state.calls].count("users.info") == 1


async def test_a_mention_is_answered_in_its_thread_and_each_person_has_a_conversation(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        ida, max_, channel = fake.state.person(), fake.state.person(), fake.state.channel()
        event = await fake.mention(ida, channel, "Wo ist mein Paket?")
        await fake.mention(max_, channel, "Und meins?", event["ts"])
        posts = await fake.posts(channel.id, 4)
        assert {post.thread_ts for post in posts} == {event["ts"]}
        assert len(await conversations(parts)) == 2
        assert [message.text for message in await incoming(parts)].count("Wo ist mein Paket?") == 1
        assert "@Staffel" in texts_of(posts[1].blocks)[-1]


async def test_an_edit_before_the_answer_is_answered_in_its_new_words_and_a_deletion_erases(
    tmp_path: Path, sqlite_url: str
) -> None:
    bot = FakeBot(wait=asyncio.Event())
    async with office(tmp_path, sqlite_url, bot) as (parts, fake):
        person = fake.state.person()
        event = await fake.write(person, "Wo ist mein Pakte?")
        await fake.edit(event, "Wo ist mein Paket?")
        assert bot.wait is not None
        bot.wait.set()
        await eventually(lambda: _said(fake, person.dm, "You said: Wo ist mein Paket?"), "the answer")
        assert [message.text for message in await incoming(parts)] == ["Wo ist mein Paket?"]
        await fake.delete({**event, "text": "Wo ist mein Paket?"})
        assert "Paket" not in (await incoming(parts))[0].text


async def test_a_link_that_slack_unfolds_is_no_edit(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        event = await fake.write(fake.state.person(), "Siehe <https://example.org|example.org>")
        changed = {
            "type": "message",
            "subtype": "message_changed",
            "channel": event["channel"],
            "channel_type": "im",
            "ts": fake.state.ts(),
            "message": {**event, "attachments": [{"title": "Example"}]},
            "previous_message": event,
        }
        await fake.deliver(fake.envelope(changed))
        found = await incoming(parts)
        assert [message.text for message in found] == ["Siehe example.org (https://example.org)"]
        assert found[0].facts.edits is None


async def test_a_file_is_fetched_with_the_token_and_only_from_slack(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        elsewhere = f"http://127.0.0.1:{free_port()}/steal"
        for name, more in (("F1", {}), ("F2", {"elsewhere": elsewhere}), ("F3", {})):
            info = {"id": name, "name": "a.png", "mimetype": "image/png", "size": 4, "mode": "hosted", **more}
            fake.state.files[name] = (info | {"url_private_download": f"{fake.origin}/files/{name}"}, b"\x89PNG")
        fake.state.files["F3"][0]["url_private_download"] = elsewhere
        files = [fake.state.files[name][0] for name in ("F1", "F2", "F3")]
        await fake.write(fake.state.person(), "Das Bild", subtype="file_share", files=files)

        kept = await eventually(lambda: _attachments(parts, 3), "three files to end")
        assert {one.external_id: str(one.status) for one in kept} == {"F1": "kept", "F2": "failed", "F3": "failed"}
        assert fake.state.file_requests == [f"Bearer {fake.state.bot_token}"] * 2


async def test_the_app_home_finds_articles_and_brings_a_person(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person = fake.state.person()
        await fake.open_home(person)
        await connector_of(parts).afterwards.finish()
        assert "kein Mensch" in " ".join(texts_of(fake.state.views[-1][1]["blocks"]))
        assert await fake.use_home(person, home.SEARCH, "gibt es nicht") == 200
        await connector_of(parts).afterwards.finish()
        assert "nichts gefunden" in " ".join(texts_of(fake.state.views[-1][1]["blocks"]))
        assert await fake.use_home(person, home.PERSON, "person") == 200
        await eventually(lambda: _has_status(parts, Status.QUEUED), "the queue")
        assert (await incoming(parts))[0].payload == ASK_PERSON


async def test_a_command_is_answered_in_the_direct_message_it_has_always_been(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        told = await fake.command(person, "Wie gebe ich etwas zurück?")
        assert told["response_type"] == "ephemeral"
        await eventually(lambda: _said(fake, person.dm, "zurück?"), "the answer")
        assert await fake.command(person, "help", in_channel=False) == {}
        assert len(await conversations(parts)) == 1


async def test_shortcuts_open_a_modal_whose_question_is_answered(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person = fake.state.person()
        assert await fake.call_shortcut(person) == 200
        assert await fake.call_shortcut(person, about="Was heißt das &amp; warum?") == 200
        await connector_of(parts).afterwards.finish()
        inputs = [view["blocks"][0]["element"].get("initial_value", "") for _, view in fake.state.views]
        assert sorted(inputs) == ["", "Was heißt das & warum?"]
        assert await fake.submit(person, "Wie lange dauert es?") == 200
        await eventually(lambda: _said(fake, person.dm, "You said: Wie lange dauert es?"), "the answer")
        assert [message.text for message in await incoming(parts)] == ["Wie lange dauert es?"]


async def test_an_uninstalled_workspace_is_closed_and_its_token_erased(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        await fake.deliver(fake.envelope({"type": "app_uninstalled"}))
        account = await parts.accounts.find(Channel.SLACK, fake.state.team)
        assert account is not None
        assert (account.active, account.secrets) == (False, {})
        assert (await fake.deliver(fake.envelope(fake.direct(fake.state.person(), "Hallo")))).statuses == [200]
        assert await incoming(parts) == []


async def test_socket_mode_acknowledges_what_is_stored_and_changes_connections_without_a_gap(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person = fake.state.person()
        await socket_is_open(parts, fake)
        await fake.write(person, "Über den Socket")
        assert [message.text for message in await incoming(parts)] == ["Über den Socket"]
        await fake.disconnect()
        assert fake.connections == 2
        assert fake.no_gap
        await fake.write(person, "Nach dem Wechsel")
        await eventually(lambda: _said(fake, person.dm, "Nach dem Wechsel"), "the answer")
        told = await fake.command(person, "help")
        assert told["response_type"] == "ephemeral"
        assert len(await incoming(parts)) == 3


async def test_connecting_names_what_is_missing_and_the_doctor_finds_each_mistake(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with slack() as fake, helpdesk_on(fake, tmp_path, sqlite_url) as (parts, _):
        pasted = AppCredentials(bot_token="xoxb-of-the-fake", app_token="xapp-of-the-fake")
        steps: list[Any] = []
        where = {"origin": "http://127.0.0.1", "api_url": fake.api_url}
        account = await connect(pasted, parts.accounts, report=steps.append, **where)
        assert account.id == fake.state.team
        assert [step.level for step in steps] == ["ok"] * 5

        whole = fake.state.scopes
        fake.state.scopes = whole.replace("files:read,", "")
        assert "files:read" in await _refusal(pasted, parts, **where)
        wrong = AppCredentials(bot_token="xoxb-somebody-elses", app_token="xapp-of-the-fake")
        assert "doesn't accept this bot token" in await _refusal(wrong, parts, **where)
        assert "xapp-" in await _refusal(AppCredentials(bot_token="xoxb-of-the-fake"), parts, **where)

        known = await parts.accounts.every(Channel.SLACK)
        fake.state.clock_ahead = 600
        found = await examine(parts.accounts, known, **where)
        assert "files:read" in found[0].found
        assert [(one.name, one.level) for one in found][1] == ("slack clock", "failed")
        fake.state.scopes, fake.state.clock_ahead = whole, 0
        assert [one.level for one in await examine(parts.accounts, known, **where)] == ["ok", "ok", "ok"]
        fake.state.fail("apps.connections.open", SlackFaultKind.ERROR, "missing_scope")
        assert (await examine(parts.accounts, known, **where))[-1].level == "failed"
        fake.state.revoked = True
        assert "doesn't accept the token" in (await examine(parts.accounts, known, **where))[0].found


async def _refusal(pasted: AppCredentials, parts: Any, **where: str) -> str:
    with pytest.raises(ConnectionFailure) as refusal:
        await connect(pasted, parts.accounts, report=lambda _: None, **where)
    return str(refusal.value)


async def test_a_file_that_is_gone_or_too_large_is_given_up(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        fake.state.files["F9"] = ({"id": "F9", "size": 30_000_000, "mimetype": "image/png"}, b"")
        for name, said in (("F0", "deleted"), ("F9", "20 MB")):
            wanted = Attachment(kind=AttachmentKind.PHOTO, external_id=name)
            with pytest.raises(Undeliverable, match=said):
                _ = [piece async for piece in connector_of(parts).fetch(fake.state.team, wanted)]


async def _has_status(parts: Any, status: Status) -> bool:
    return any(one.status == status for one in await conversations(parts))


async def _said(fake: Any, channel: str, words: str) -> list[Any]:
    return [post for post in fake.state.posts if post.channel == channel and words in post.text]


async def _attachments(parts: Any, count: int) -> list[AttachmentRecord]:
    async with parts.db.read() as session:
        found = list(await session.scalars(select(AttachmentRecord)))
    return found if len([one for one in found if str(one.status) != "pending"]) == count else []
