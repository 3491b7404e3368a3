"""An agent's files on every channel that isn't ours: with the real SDKs, against fakes that are as picky."""

from pathlib import Path

from sqlalchemy import select

from connectors.contract import Channel
from helpdesk.app import AppComponents
from helpdesk.conversations.answers import agent_answers
from helpdesk.files.uploads import pieces_of
from store.models import Conversation, Delivery, DeliveryStatus
from tests.conversation_driver import drive
from tests.fakes.telegram import TelegramFault, TelegramFaultKind
from tests.harness import eventually, hire
from tests.integration.slack_rooms import conversations, office
from tests.integration.telegram_desk import telegram_desk
from tests.sample_files import PDF, moving_picture, picture


async def send_files(parts: AppComponents, text: str, *files: tuple[str, bytes]) -> str:
    """Mia takes the conversation and sends files there; the conversation's id."""
    async with parts.db.read() as session:
        conversation = (await session.scalars(select(Conversation))).one()
    mia = await hire(parts, "Mia")
    await drive(parts.conversations).request_handoff(conversation.id, [])
    epoch = (await drive(parts.conversations).accept(conversation.id, mia)).epoch
    owner = agent_answers.owner_of_uploads(mia)
    kept = [await parts.files.take(owner, name, pieces_of(content)) for name, content in files]
    async with parts.conversations.open(conversation.id) as c:
        await agent_answers.answer(c, mia, epoch, text, "a1", [file.key for file in kept])
    return conversation.id


async def last_delivery(parts: AppComponents, conversation_id: str) -> Delivery | None:
    """The newest delivery, once it has ended."""
    async with parts.db.read() as session:
        found = await session.scalar(
            select(Delivery).where(Delivery.conversation_id == conversation_id).order_by(Delivery.id.desc()).limit(1)
        )
    ended = {DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN}
    return found if found is not None and found.status in ended else None


async def test_telegram_gets_pictures_as_photos_and_the_rest_as_documents(tmp_path: Path, database_url: str) -> None:
    async with telegram_desk(tmp_path, database_url) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.answered(ida, "Hallo")
        long = picture("PNG", (60, 1300))  # sides of 1 to 21: no photo to Telegram
        files = [("a.png", picture()), ("lang.png", long), ("b.gif", moving_picture()), ("c.pdf", PDF)]
        conversation = await send_files(desk.parts, "So geht es:", *files)
        delivery = await eventually(lambda: last_delivery(desk.parts, conversation), "the delivery")

        assert delivery
        assert (delivery.status, len(delivery.parts)) == (DeliveryStatus.SENT, 5)
        sent = desk.fake.state.sent_to(ida.id)[-5:]
        assert sent[0].text == "Mia:\nSo geht es:"
        kinds = [(one.file.kind, one.file.name) for one in sent if one.file]
        assert kinds == [("photo", "a.png"), ("document", "lang.png"), ("document", "b.gif"), ("document", "c.pdf")]
        assert sent[4].file
        assert sent[4].file.content == PDF
        assert desk.fake.state.exceeded == []


async def test_a_file_alone_says_who_sends_it(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.answered(ida, "Hallo")
        conversation = await send_files(desk.parts, "", ("a.png", picture()))
        await eventually(lambda: last_delivery(desk.parts, conversation), "the delivery")
        assert desk.fake.state.sent_to(ida.id)[-1].text == "Mia"


async def test_a_photo_that_telegram_refuses_goes_as_a_document(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.answered(ida, "Hallo")
        refusal = TelegramFault(method="sendPhoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
        desk.fake.state.faults.append(refusal)
        conversation = await send_files(desk.parts, "", ("a.png", picture()))
        await eventually(lambda: last_delivery(desk.parts, conversation), "the delivery")
        file = desk.fake.state.sent_to(ida.id)[-1].file
        assert file
        assert file.kind == "document"


async def test_a_file_whose_end_nobody_knows_is_sent_twice_at_most(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes("Hallo")
        await desk.answered(ida, "Hallo")
        desk.fake.state.faults += [
            TelegramFault(method="sendDocument", mood=TelegramFaultKind.RESET),
            TelegramFault(method="sendDocument", mood=TelegramFaultKind.RESET),
        ]
        conversation = await send_files(desk.parts, "", ("c.pdf", PDF))
        delivery = await eventually(lambda: last_delivery(desk.parts, conversation), "the end")
        assert delivery
        assert delivery.status == DeliveryStatus.UNKNOWN
        assert len([one for one in desk.fake.state.sent_to(ida.id) if one.file]) == 2


async def test_slack_gets_files_by_its_three_steps(tmp_path: Path, database_url: str) -> None:
    async with office(tmp_path, database_url) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        await fake.posts(person.dm, 2)
        conversation = await send_files(parts, "So geht es:", ("plan.png", picture()), ("c.pdf", PDF))
        delivery = await eventually(lambda: last_delivery(parts, conversation), "the delivery")

        assert delivery
        assert delivery.status == DeliveryStatus.SENT
        posts = (await fake.posts(person.dm, 5))[-3:]
        assert [post.file[0] if post.file else "" for post in posts] == ["", "plan.png", "c.pdf"]
        assert posts[2].file == ("c.pdf", PDF)
        assert (await conversations(parts))[0].channel is Channel.SLACK


async def test_an_app_without_the_permission_says_so(tmp_path: Path, sqlite_url: str) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        person = fake.state.person()
        await fake.write(person, "Hallo")
        await fake.posts(person.dm, 2)
        fake.state.scopes = fake.state.scopes.replace("files:write,", "")
        conversation = await send_files(parts, "", ("c.pdf", PDF))
        delivery = await eventually(lambda: last_delivery(parts, conversation), "the end")
        assert delivery
        assert delivery.status == DeliveryStatus.FAILED
