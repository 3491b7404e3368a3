"""Web chat's view of the helpdesk: whose browser may see which conversation, and what it gets to see."""

import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import structlog
from sqlalchemy import select

from connectors.contract import (
    Address,
    Admission,
    Author,
    Channel,
    ChatState,
    Choice,
    InboundReceipt,
    Introduction,
    LogLine,
    LogNews,
    PrivacyLink,
    RelatedLink,
    SignInProof,
    Suggestion,
    Visit,
)
from helpdesk.channels.help_links import HelpLinks
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.conversations import Audience, Conversations
from helpdesk.conversations.contacts.customer_sign_in import has_signed_in_since, sign_in, sign_out
from helpdesk.conversations.log.article_titles import load_article_titles
from helpdesk.conversations.log.fresh_lines import ScreenChanges
from helpdesk.conversations.read_marks import mark_read_by_contact
from helpdesk.conversations.waiting.waiting_room import leave_email
from helpdesk.files.attached_files import AttachedFile, load_attached_files
from helpdesk.identity import IdentityRefused, Refusal
from helpdesk.identity.keys import IdentityKeys
from helpdesk.insights.suggestions import Suggestions
from helpdesk.mail.links import RETURN_FOR, ReturnLink
from helpdesk.observability.change_hints import (
    ChangeHints,
    topic_of,
)
from helpdesk.texts import Say, say
from helpdesk.views.chat_lines import hidden_line, line_file
from helpdesk.views.chat_state import load_queue_place, make_chat_state, state_of_row
from helpdesk.views.fold import FoldedAnswer, render_folded
from helpdesk.views.line_changes import CHANGES, load_line_changes, state_of_line
from helpdesk.views.visitor_hints import KnownAgent, VisitorHints
from knowledge.search.library import Library
from store.db import Database
from store.errors import NotFound
from store.models import (
    Agent,
    Conversation,
    Identity,
    Message,
    MessageKind,
    VisitorToken,
    new_id,
    now,
)
from store.status import Status
from store.tokens import token_hash

log = structlog.get_logger()

ACCOUNT = "default"
MIN_BROWSER_KEY = 16  # characters
TOKEN_LASTS = timedelta(days=30)


class Visitors:
    """The `Chat` that the web chat connector is handed."""

    def __init__(
        self,
        db: Database,
        conversations: Conversations,
        live: ChangeHints,
        library: Library,
        links: HelpLinks,
        keys: IdentityKeys,
        privacy_notices: PrivacyNotices | None = None,
    ) -> None:
        self.db = db
        self.conversations = conversations
        self.live = live
        self.library = library
        self.links = links
        self.keys = keys
        self._privacy_notices = privacy_notices
        self.log_epoch = ""
        self._suggestions = Suggestions(library)

    async def privacy_notice(self, language: str) -> PrivacyLink | None:
        """What is told about the use of data, in a language; `None` where the company has none."""
        return await self._privacy_notices.look(str(Channel.WEBCHAT), language) if self._privacy_notices else None

    async def find(self, token: str) -> Conversation | None:
        """The conversation that a visitor's token opens."""
        found = await self._load_held(token)
        return found[0] if found else None

    async def visit(self, token: str | None, introduction: Introduction, proof: SignInProof | None = None) -> Visit:
        """The visit `token` opens, or a new one with a new conversation; a signed-in customer gets theirs.

        A sign-in that isn't taken never shows what another customer has said on this browser.
        """
        if proof is not None:
            try:
                return await self._sign_in(token, introduction, proof)
            except IdentityRefused as refusal:
                log.info("webchat.identity_refused", reason=str(refusal.refusal))
                return await self._visit_refused(token, introduction, refusal)
        known = await self._known(token) if token else None
        return known or await self._welcome(introduction)

    async def _sign_in(self, token: str | None, introduction: Introduction, proof: SignInProof) -> Visit:
        customer = await self.keys.verify(proof.token)
        if len(proof.browser) < MIN_BROWSER_KEY:
            raise IdentityRefused(Refusal.MALFORMED, f"'browser' has {MIN_BROWSER_KEY} random characters or more.")
        known = replace(introduction, page=without_query(introduction.page))
        opened = await sign_in(
            self.conversations, customer, held=token, browser=proof.browser, account=ACCOUNT, introduction=known
        )
        return Visit(
            token=opened.token,
            address=opened.address,
            conversation_id=opened.conversation_id,
            customer=opened.contact_id,
            expires_at=opened.expires_at,
        )

    async def _visit_refused(self, token: str | None, introduction: Introduction, refusal: IdentityRefused) -> Visit:
        """Go on as who the browser was, unless that was a customer: only an old sign-in of their own is harmless."""
        known = await self._known(token) if token else None
        is_theirs = known is not None and (
            known.customer is None or await self._is_customer(known.customer, refusal.customer_id)
        )
        visit = known if known and is_theirs else await self._welcome(introduction)
        return replace(visit, refused=str(refusal.refusal))

    async def _is_customer(self, contact_id: str, customer_id: str | None) -> bool:
        if customer_id is None:
            return False
        async with self.db.read() as session:
            return await session.scalar(select(Identity.customer_id).where(Identity.contact_id == contact_id)) == (
                customer_id
            )

    async def find_admission(self, visit: Visit) -> Admission | None:
        """What the visit's token is good for now; `None` when it is good no more."""
        async with self.db.read() as session:
            held = await session.get(VisitorToken, token_hash(visit.token))
        if held is None or held.identity != visit.customer or held.expires_at <= now():
            return None
        return Admission(until=held.expires_at, conversation_id=held.conversation_id)

    async def move(self, visit: Visit, conversation_id: str) -> None:
        """Have the visit's token open another conversation of its address, after the one that it opened was erased."""
        held = VisitorToken(
            token_hash=token_hash(visit.token), conversation_id=conversation_id, expires_at=now() + TOKEN_LASTS
        )
        with suppress(NotFound):  # this one is erased in its turn
            async with self.conversations.open(conversation_id) as c:
                c.audience = Audience.NOBODY
                if c.conversation.address == visit.address and visit.customer is None:
                    await c.session.merge(held)

    async def sign_out(self, token: str) -> bool:
        """End what the web site has signed in on the browser with this token; False when nobody is."""
        return await sign_out(self.conversations, token)

    async def _load_held(self, token: str) -> tuple[Conversation, VisitorToken] | None:
        """The conversation that a good token opens, and the token."""
        async with self.db.read() as session:
            found = await session.execute(
                select(Conversation, VisitorToken)
                .join(VisitorToken, VisitorToken.conversation_id == Conversation.id)
                .where(VisitorToken.token_hash == token_hash(token), VisitorToken.expires_at > now())
            )
            row = found.first()
        return (row[0], row[1]) if row else None

    async def _known(self, token: str) -> Visit | None:
        found = await self._load_held(token)
        if found is None:
            return None
        conversation, held = found
        return Visit(
            token=token,
            address=conversation.address,
            conversation_id=conversation.id,
            customer=held.identity,
            expires_at=held.expires_at if held.identity else None,
        )

    async def _welcome(self, introduction: Introduction) -> Visit:
        visitor, token = new_id(), secrets.token_urlsafe(32)
        address = Address(channel=Channel.WEBCHAT, account=ACCOUNT, chat_id=visitor)
        known = replace(introduction, page=without_query(introduction.page))
        async with self.conversations.open_at(address, visitor, known) as c:
            c.audience = Audience.NOBODY  # nobody has anything to do before the first message
            expires_at = now() + TOKEN_LASTS
            c.session.add(
                VisitorToken(token_hash=token_hash(token), conversation_id=c.conversation.id, expires_at=expires_at)
            )
        return Visit(token=token, address=address, conversation_id=c.conversation.id)

    async def may_return(self, link: ReturnLink) -> bool:
        """Whether the conversation is there, and nobody has signed in since whose own it has become."""
        async with self.db.read() as session:
            conversation = await session.get(Conversation, link.conversation_id)
            if conversation is None or conversation.channel != Channel.WEBCHAT:
                return False
            return not await has_signed_in_since(session, conversation, link.made_at)

    async def admit_again(self, link: ReturnLink) -> str | None:
        """A token for another browser of the same customer, no longer good than a mail's link; `None`: it is over."""
        if not await self.may_return(link):
            return None
        token = secrets.token_urlsafe(32)
        async with self.db.write() as session:
            session.add(
                VisitorToken(
                    token_hash=token_hash(token),
                    conversation_id=link.conversation_id,
                    expires_at=now() + RETURN_FOR,
                )
            )
        return token

    async def state(self, conversation_id: str) -> ChatState:
        """What a customer's screen shows around the log."""
        async with self.db.read() as session:
            conversation = await session.get(Conversation, conversation_id)
            if conversation is None:
                raise NotFound("There is no such conversation.")
            agent = await session.get(Agent, conversation.agent_id) if conversation.agent_id else None
            place = None
            if conversation.status == Status.QUEUED:
                place = await load_queue_place(session, conversation, self.conversations.settings)
            return make_chat_state(conversation, agent.name if agent else None, place)

    async def lines(self, conversation_id: str, *, after: int, limit: int) -> list[LogLine]:
        """The lines after `after`; of a line that isn't for the customer only its number."""
        async with self.db.read() as session:
            rows = await session.execute(
                select(Message, Conversation.language)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(Message.conversation_id == conversation_id, Message.seq > after)
                .order_by(Message.seq)
                .limit(limit)
            )
            found = [(message, language) for message, language in rows]
            language = found[0][1] if found else ""
            messages = [message for message, _ in found]
            titles = self._titles(messages, language)
            gone = {message.article for message in messages if message.article} - titles.keys()
            titles |= await load_article_titles(session, gone, language)
            files = await load_attached_files(session, messages)
            changes = await load_line_changes(session, messages)
        lines = [self._line(message, titles, language, files.get(message.id, ())) for message in messages]
        return [replace(line, change=changes.get(message.id)) for line, message in zip(lines, messages, strict=True)]

    def news(self, changes: ScreenChanges, agent: KnownAgent) -> LogNews | None:
        """What this process has committed since the last time; `None` when that is nothing, or has to be read."""
        if not changes:
            return None
        conversation = changes[-1].conversation
        messages = [message for change in changes for message in change.lines]
        changes.clear()
        if any(message.event in CHANGES for message in messages):
            return None
        titles = self._titles(messages, conversation.language)
        if any(message.article and message.article not in titles for message in messages):
            return None
        if any(message.facts.attached for message in messages):
            return None
        return LogNews(
            lines=tuple(self._line(message, titles, conversation.language) for message in messages),
            last_seq=conversation.last_seq,
            state=state_of_row(conversation, agent.name_in(conversation, messages)),
        )

    def _titles(self, messages: Sequence[Message], language: str) -> dict[str, str]:
        """What the articles of `messages` that are published are called."""
        entries = self.library.snapshot.by_key
        keys = {message.article for message in messages if message.article}
        return {key: entries[key].content.in_language(language)[1].question for key in keys if key in entries}

    def _line(
        self, message: Message, titles: dict[str, str], language: str, files: Sequence[AttachedFile] = ()
    ) -> LogLine:
        activity = message.facts.activity
        is_shown = activity.shown if activity else message.kind in {MessageKind.INCOMING, MessageKind.OUTGOING}
        if not is_shown:
            return hidden_line(message)
        client_id = (message.external_id or "").rpartition(":")[2] if message.author == Author.CONTACT else ""
        folded = (
            FoldedAnswer(html="")
            if message.kind == MessageKind.INCOMING
            else render_folded(
                message.text, message.facts.lead, message.facts.short, say(Say.SHORT_ANSWER, language, "sie")
            )
        )
        return LogLine(
            seq=message.seq,
            kind=str(message.kind),
            author=str(message.author),
            name=message.author_name,
            text=message.text,
            html=None if message.kind == MessageKind.INCOMING else folded.html,
            choices=message.choices,
            chosen=message.chosen,
            article=message.article,
            article_title=titles.get(message.article or ""),
            client_id=client_id or None,
            at=message.created_at,
            fold=folded.fold,
            link=self._link(message.article or "", language),
            related=tuple(self._related(message, language)),
            files=tuple(map(line_file, files)),
            state=state_of_line(message),
        )

    def _link(self, key: str, language: str) -> str | None:
        """The article's page, as long as there is one."""
        entry = self.library.snapshot.by_key.get(key)
        if entry is None:
            return None
        found, wording = entry.content.in_language(language)
        return self.links.to(key, found, wording.question)

    def _related(self, message: Message, language: str) -> Iterator[RelatedLink]:
        """What was said to belong to the answer, and is still there."""
        for key, question in message.facts.related:
            link = self._link(key, language)
            if link:
                yield RelatedLink(question=question, link=link)

    async def suggest(self, text: str, language: str) -> tuple[Suggestion, ...]:
        """At most three articles that may answer what the customer is still writing."""
        return await self._suggestions.find(text, language)

    def suggested(self, article: str, language: str) -> Choice | None:
        """What taking up a suggested article says and means."""
        return self._suggestions.choice(article, language)

    async def leave_email(self, conversation_id: str, client_id: str, email: str) -> InboundReceipt:
        """Keep an address where the customer can be reached."""
        async with self.conversations.open(conversation_id) as c:
            return await leave_email(c, email)

    async def seen(self, conversation_id: str, seq: int) -> None:
        """The customer has seen everything up to `seq`."""
        await mark_read_by_contact(self.conversations, conversation_id, seq)

    def typing(self, conversation_id: str, *, on: bool) -> None:
        """The customer is writing, or has stopped."""
        self.live.typing(conversation_id, author="contact", name="", on=on)

    @asynccontextmanager
    async def hints(self, conversation_id: str) -> AsyncIterator[VisitorHints]:
        """Listen for changes of one conversation."""
        with self.conversations.fresh.watching(conversation_id) as changes:
            async with self.live.subscribe(topic_of(conversation_id)) as subscription:
                agent = KnownAgent()
                yield VisitorHints(subscription, lambda: self.news(changes, agent))


def without_query(page: str | None) -> str | None:
    """A page's address without what may identify a person: no query, no fragment, no credentials."""
    if not page:
        return None
    try:
        parts = urlsplit(page[:2000])
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    return urlunsplit((parts.scheme, host + port, parts.path, "", "")) if parts.scheme in {"http", "https"} else None
