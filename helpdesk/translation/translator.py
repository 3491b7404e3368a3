"""Translations of a conversation: personal data stays here, each text is paid for once, what was lost is told."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.rewording.redaction import LostMark, UnmaskableText, hide
from helpdesk.translation.client import TranslationClient, TranslationFailed, TranslationService
from helpdesk.translation.fidelity import Loss, find_losses
from helpdesk.translation.services import TranslationApi, TranslationRequest
from knowledge.search.language import detect_any
from store.db import Database
from store.errors import Conflict, NotFound
from store.models import Contact, Conversation, Message, StoredTranslation
from store.settings import Settings

MAX_TEXT_LENGTH = 5_000
_AT_ONCE = 3
_SURE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A text in `language`; `losses` are what it has otherwise than the original: (what, how it was written)."""

    text: str
    language: str
    losses: tuple[tuple[Loss, str], ...] = ()


class Translator:
    """Off as long as the settings name no service."""

    def __init__(self, db: Database, settings: Settings, client: TranslationClient | None = None) -> None:
        self.db = db
        self._client = client or TranslationClient()
        self._service = service_of(settings)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    @property
    def service(self) -> TranslationService | None:
        """Whom texts go to."""
        return self._service

    async def translate_lines(self, conversation_id: str, seqs: tuple[int, ...], target: str) -> dict[int, Translation]:
        """Lines of a conversation in the agent's language, those that are in it already left out.

        Raises `NotFound`, `Conflict` while off, `TranslationFailed`.
        """
        async with self.db.read() as session:
            _, names, form = await self._about(session, conversation_id)
            rows = await session.execute(
                select(Message.seq, Message.text).where(
                    Message.conversation_id == conversation_id, Message.seq.in_(seqs), Message.text != ""
                )
            )
            said = {seq: text for seq, text in rows if len(text) <= MAX_TEXT_LENGTH and not _is_in(text, target)}
        done = await asyncio.gather(
            *(self._translated(conversation_id, text, target, names, form) for text in said.values())
        )
        return dict(zip(said, done, strict=True))

    async def translate_draft(self, conversation_id: str, text: str, source: str) -> Translation:
        """An answer in the customer's language, to be looked at before it is sent; the original is kept beside it.

        Raises `NotFound`, `Conflict`, `TranslationFailed`.
        """
        async with self.db.read() as session:
            target, names, form = await self._about(session, conversation_id)
        made = await self._translated(conversation_id, text, target, names, form)
        await self._keep(conversation_id, made.text, source, text)
        return made

    async def try_out(self, text: str, target: str) -> Translation:
        """A text of an admin's own, kept nowhere. Raises `Conflict`, `TranslationFailed`."""
        return Translation(text=await self._ask(text, target, (), "sie"), language=target)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def _about(self, session: AsyncSession, conversation_id: str) -> tuple[str, tuple[str, ...], str]:
        row = (
            await session.execute(
                select(Conversation, Contact.name)
                .join(Contact, Contact.id == Conversation.contact_id)
                .where(Conversation.id == conversation_id)
            )
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such conversation.")
        conversation, name = row
        language = conversation.foreign_language or conversation.language
        return language, (name,) if name else (), conversation.formality

    async def _translated(
        self, conversation_id: str, text: str, target: str, names: tuple[str, ...], form: str
    ) -> Translation:
        key = _hash(text)
        async with self.db.read() as session:
            known = await session.get(StoredTranslation, (conversation_id, key, target))
        if known is None:
            translation = await self._ask(text, target, names, form)
            await self._keep(conversation_id, text, target, translation)
        else:
            translation = known.text
        return Translation(text=translation, language=target, losses=find_losses(text, translation, names))

    async def _ask(self, text: str, target: str, names: tuple[str, ...], form: str) -> str:
        if self._service is None:
            raise Conflict("No translation service is configured.", code="translation_off")
        try:
            hidden = hide((text,), names)
        except UnmaskableText:
            raise TranslationFailed("form") from None
        request = TranslationRequest(text=hidden.texts[0], source="", target=target, form=form)
        async with self._turns:
            answer = await self._client.translate(self._service, request)
        try:
            return hidden.show(answer)
        except LostMark:
            raise TranslationFailed("form") from None

    async def _keep(self, conversation_id: str, text: str, language: str, translation: str) -> None:
        row = StoredTranslation(
            conversation_id=conversation_id, text_hash=_hash(text), language=language, text=translation
        )
        try:
            async with self.db.write() as session:
                await session.execute(
                    delete(StoredTranslation).where(
                        StoredTranslation.conversation_id == conversation_id,
                        StoredTranslation.text_hash == row.text_hash,
                        StoredTranslation.language == language,
                    )
                )
                session.add(row)
        except IntegrityError:
            return  # another window was quicker, or the conversation was erased meanwhile


def service_of(settings: Settings) -> TranslationService | None:
    """Whom the settings name, if anybody."""
    if not settings.translation_url:
        return None
    return TranslationService(
        form=TranslationApi(settings.translation_form),
        url=settings.translation_url.rstrip("/"),
        key=settings.translation_key.get_secret_value(),
        model=settings.translation_model,
        own_network=settings.translation_own_network,
    )


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_in(text: str, language: str) -> bool:
    guess = detect_any(text)
    return guess.language == language and guess.confidence >= _SURE
