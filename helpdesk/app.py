"""The one place where everything is put together. Only this file names concrete connectors."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import httpx
import structlog
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from connectors.contract import Account, Channel, Connector
from connectors.contract.findings import Finding
from connectors.slack import SlackConnector
from connectors.slack import connection_setup as slack_connecting
from connectors.slack.manifest import manifest as make_manifest
from connectors.telegram import TelegramConnector
from connectors.telegram import connection_setup as telegram_connecting
from connectors.webchat import WebchatConnector
from helpdesk.accounts.sessions import Sessions
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.attachment_downloads import (
    DOWNLOAD_LIMITS,
    AttachmentDownload,
    AttachmentDownloads,
    DownloadResult,
)
from helpdesk.channels.attachments import Attachments
from helpdesk.channels.faq import LibraryFaq
from helpdesk.channels.help_links import HelpLinks
from helpdesk.channels.leader import LeaseLeader
from helpdesk.channels.typing import TypingSigns
from helpdesk.conversations import Conversations
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.delivery.outbox import DueDelivery, Outbox, SendResult, outbox_limits
from helpdesk.handoff.mood import judge_moods
from helpdesk.insights.gaps import Gaps
from helpdesk.observability.change_hints import DESK, ChangeHints
from helpdesk.privacy.retention import Retention
from helpdesk.queue.dispatch import Dispatcher
from helpdesk.queue.queue_updates import QueueUpdates
from helpdesk.queue.watchdog import Watchdog
from helpdesk.rewording import LanguageModelServices, Rewording, SummaryRewording
from helpdesk.rewording.summaries import SUMMARY_LIMITS, SummaryAttempt, SummaryClaim
from helpdesk.rule_admin.current_rules import CurrentRules
from helpdesk.rule_admin.rule_trial import RuleTrial
from helpdesk.texts import explain
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.handoff_check import HandoffCheck
from helpdesk.turns.rasa_client import RasaClient
from helpdesk.turns.turn import TurnTools
from helpdesk.turns.turn_queue import TurnQueue, turn_limits
from helpdesk.views.timeline import Timeline
from helpdesk.views.visitor_chat import Visitors, load_log_epoch
from helpdesk.web.account.routes import account_routes
from helpdesk.web.admin.agents.routes import admin_routes
from helpdesk.web.admin.articles import article_routes
from helpdesk.web.admin.channels.routes import ChannelSetup, channel_routes
from helpdesk.web.admin.gaps.routes import gap_routes
from helpdesk.web.admin.handoff.routes import handoff_routes
from helpdesk.web.admin.replay.routes import replay_routes
from helpdesk.web.admin.rewording.routes import rewording_routes
from helpdesk.web.admin.teams.routes import team_routes
from helpdesk.web.api import ApiComponents, api_routes, make_api
from helpdesk.web.chat.continuation import continuation_routes
from helpdesk.web.chat.routes import SharedFiles, SiteAdmission, chat_routes
from helpdesk.web.desk.routes import desk_routes
from helpdesk.web.help import help_routes
from helpdesk.web.internal.bot_actions import internal_routes
from helpdesk.web.internal.health import Health, health_routes
from helpdesk.web.shared.access import Access, Guard, declare
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.errors import UnexpectedErrorHandler, exception_handlers
from helpdesk.web.shared.pages import WIDGET, FeatureFiles, Pages, make_pages
from helpdesk.web.shared.security import MAX_BODY, SecurityHeaders, TrustedProxies
from knowledge.articles.publication_scheduler import PublicationScheduler
from knowledge.search.embedder import Embedder, ThreeModels
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from store import failpoints, migrate
from store.db import Database
from store.lease_worker import LeaseWorker
from store.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppComponents:
    """Everything that runs, by name; tests reach for it in `app.state.parts`."""

    settings: Settings
    db: Database
    live: ChangeHints
    library: Library
    links: HelpLinks
    conversations: Conversations
    inbox: ContactInbox
    visitors: Visitors
    timeline: Timeline
    rasa: RasaClient
    rewording: Rewording
    summary_rewording: LeaseWorker[SummaryClaim, SummaryAttempt]
    turns: LeaseWorker[ClaimedTurn, None]
    outbox: LeaseWorker[DueDelivery, SendResult]
    retention: Retention
    watchdog: Watchdog
    dispatcher: Dispatcher
    progress: QueueUpdates
    gaps: Gaps
    health: Health
    connectors: dict[Channel, Connector]
    accounts: ChannelAccounts
    attachments: Attachments
    downloads: LeaseWorker[AttachmentDownload, DownloadResult]
    typing_signs: TypingSigns
    redis: Redis | None


def create_app(
    settings: Settings, *, embedder: Embedder | None = None, rasa_transport: httpx.AsyncBaseTransport | None = None
) -> Starlette:
    """The whole of helpdesk. Nothing is connected before the app starts."""
    failpoints.arm(settings.failpoints)
    parts = _parts(settings, embedder or ThreeModels(), rasa_transport)
    https = settings.origin.startswith("https://")
    cookies = Cookies(https=https, secret_key=settings.secret_key.get_secret_value())
    pages = make_pages(cookies, settings.language)
    guard = Guard(
        db=parts.db,
        sessions=Sessions(parts.db),
        cookies=cookies,
        origin=settings.origin,
        bot_secret=settings.bot_secret.get_secret_value(),
    )
    app = Starlette(
        routes=_routes(parts, guard, pages),
        middleware=[
            Middleware(TrustedProxies, proxies=settings.trusted_proxies),
            Middleware(SecurityHeaders, https=https),
            Middleware(UnexpectedErrorHandler, pages=pages),
        ],
        exception_handlers=dict(exception_handlers(pages)),
        lifespan=_lifespan,
        max_body_size=MAX_BODY,
    )
    app.state.parts, app.state.guard = parts, guard
    return app


def _parts(settings: Settings, embedder: Embedder, rasa_transport: httpx.AsyncBaseTransport | None) -> AppComponents:
    db = Database(settings.database)
    redis = (
        Redis.from_url(settings.redis_url, socket_timeout=15, socket_connect_timeout=1) if settings.redis_url else None
    )
    live = ChangeHints(redis)
    recent = CachedEmbedder(embedder)
    library = Library(db, recent, keep_in=settings.home)
    conversations = Conversations(db, live, settings)
    links = HelpLinks(origin=settings.origin, is_on=settings.help_centre == "on")
    visitors = Visitors(db, conversations, live, library, links)
    rasa = RasaClient(settings.rasa_url, settings.bot_secret.get_secret_value(), transport=rasa_transport)
    rewording = Rewording(LanguageModelServices(db, settings))
    tools = TurnTools(
        conversations=conversations,
        library=library,
        rasa=rasa,
        handoff_check=HandoffCheck(db, recent, CurrentRules(db)),
        rewording=rewording,
        bot_name=settings.bot_name,
        deadline_seconds=settings.turn_deadline,
    )
    webchat = WebchatConnector(visitors, SiteAdmission(settings), explain)
    accounts = ChannelAccounts(db, settings.secret_key.get_secret_value())
    leader = LeaseLeader(db)
    telegram = TelegramConnector(
        accounts,
        leader,
        secret_key=settings.secret_key.get_secret_value(),
        origin=settings.origin,
        api_url=settings.telegram_api_url,
    )
    slack = SlackConnector(
        accounts,
        leader,
        LibraryFaq(library, links),
        secret_key=settings.secret_key.get_secret_value(),
        origin=settings.origin,
        api_url=settings.slack_api_url,
    )
    connectors: dict[Channel, Connector] = {each.channel: each for each in (webchat, telegram, slack)}
    outbox = Outbox(db, connectors, links, lease_seconds=settings.lease)
    downloads = AttachmentDownloads(db, live, connectors)
    summaries = SummaryRewording(db, live, rewording)
    return AppComponents(
        settings=settings,
        db=db,
        live=live,
        library=library,
        links=links,
        conversations=conversations,
        inbox=ContactInbox(conversations),
        visitors=visitors,
        timeline=Timeline(db, time_zone=settings.time_zone),
        rasa=rasa,
        rewording=rewording,
        summary_rewording=LeaseWorker(summaries, SUMMARY_LIMITS, store=summaries.store),
        turns=LeaseWorker(
            TurnQueue(db, tools, lease_seconds=settings.lease),
            turn_limits(settings),
            is_calm=conversations.inbound_priority.calm,
        ),
        outbox=LeaseWorker(
            outbox, outbox_limits(settings.lease), store=outbox.store, is_calm=conversations.inbound_priority.calm
        ),
        retention=Retention(db, rasa, days=settings.retention_days),
        watchdog=Watchdog(conversations),
        dispatcher=Dispatcher(db, live, settings),
        progress=QueueUpdates(conversations),
        gaps=Gaps(db, library, recent),
        health=Health(db, rasa, library, settings, lambda: webchat.sockets),
        connectors=connectors,
        accounts=accounts,
        attachments=Attachments(db),
        downloads=LeaseWorker(downloads, DOWNLOAD_LIMITS, store=downloads.store),
        typing_signs=TypingSigns(db, live, connectors),
        redis=redis,
    )


def _routes(parts: AppComponents, guard: Guard, pages: Pages) -> list[BaseRoute]:
    routes = [
        *chat_routes(parts.settings, pages),
        *continuation_routes(
            db=parts.db, inbox=parts.inbox, visitors=parts.visitors, cookies=guard.cookies, pages=pages
        ),
        *account_routes(parts.db, guard, pages),
        *health_routes(parts.health),
        *help_routes(
            db=parts.db,
            library=parts.library,
            links=parts.links,
            guard=guard,
            pages=pages,
            formality=parts.settings.formality,
        ),
        *internal_routes(parts.library),
        *desk_routes(
            db=parts.db,
            conversations=parts.conversations,
            timeline=parts.timeline,
            attachments=parts.attachments,
            live=parts.live,
            sessions=guard.sessions,
            pages=pages,
            offers=parts.dispatcher,
        ),
        *admin_routes(db=parts.db, live=parts.live, health=parts.health, pages=pages, origin=parts.settings.origin),
        *handoff_routes(db=parts.db, hindsight=RuleTrial(parts.db, judge_moods), recent=parts.gaps.recent, pages=pages),
        *team_routes(db=parts.db, live=parts.live, pages=pages),
        *channel_routes(
            accounts=parts.accounts,
            steps=_steps(parts),
            slack_manifest=json.dumps(
                make_manifest(parts.settings.origin, socket_mode=not parts.settings.origin.startswith("https://")),
                ensure_ascii=False,
                indent=2,
            ),
            pages=pages,
        ),
        *rewording_routes(rewording=parts.rewording, pages=pages, formality=parts.settings.formality),
        *article_routes(db=parts.db, library=parts.library, pages=pages, formality=parts.settings.formality),
        *gap_routes(db=parts.db, library=parts.library, gaps=parts.gaps, pages=pages),
        *replay_routes(
            db=parts.db,
            library=parts.library,
            recent=parts.gaps.recent,
            pages=pages,
            formality=parts.settings.formality,
        ),
        *api_routes(
            make_api(
                ApiComponents(
                    db=parts.db,
                    conversations=parts.conversations,
                    inbox=parts.inbox,
                    timeline=parts.timeline,
                    library=parts.library,
                ),
                guard,
            )
        ),
    ]
    for connector in parts.connectors.values():
        routes += declare(connector.routes(parts.inbox), Access.VISITOR)
    files = [
        Mount("/static/chat/widget", SharedFiles(StaticFiles(directory=WIDGET))),
        Mount("/static", FeatureFiles()),
    ]
    return [*routes, *declare(files, Access.PUBLIC)]


def _steps(parts: AppComponents) -> dict[Channel, ChannelSetup]:
    """How each channel is connected on the admin page."""
    accounts, settings = parts.accounts, parts.settings

    async def connect_telegram(secrets: Mapping[str, str], report: Callable[[Finding], None]) -> Account:
        token = secrets.get("token", "")
        return await telegram_connecting.connect(
            token, accounts, origin=settings.origin, report=report, api_url=settings.telegram_api_url
        )

    async def examine_telegram(account: Account) -> Sequence[Finding]:
        return await telegram_connecting.examine(account, origin=settings.origin, api_url=settings.telegram_api_url)

    async def connect_slack(secrets: Mapping[str, str], report: Callable[[Finding], None]) -> Account:
        pasted = slack_connecting.AppCredentials(
            bot_token=secrets.get("bot_token", ""),
            signing_secret=secrets.get("signing_secret", ""),
            app_token=secrets.get("app_token", ""),
        )
        return await slack_connecting.connect(
            pasted, accounts, origin=settings.origin, report=report, api_url=settings.slack_api_url
        )

    async def examine_slack(account: Account) -> Sequence[Finding]:
        return await slack_connecting.examine(
            accounts, [account], origin=settings.origin, api_url=settings.slack_api_url
        )

    return {
        Channel.TELEGRAM: ChannelSetup(connect=connect_telegram, examine=examine_telegram),
        Channel.SLACK: ChannelSetup(connect=connect_slack, examine=examine_slack),
    }


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    parts: AppComponents = app.state.parts
    await migrate.upgrade_async(parts.db)
    parts.visitors.log_epoch = await load_log_epoch(parts.db)
    await parts.library.start()
    log.info("helpdesk.started", settings=parts.settings.shown())
    tasks = [asyncio.create_task(_guarded(name, work)) for name, work in _background(parts)]
    try:
        yield
    finally:
        parts.health.draining = True
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.gaps.close()
        await parts.rasa.close()
        await parts.rewording.close()
        if parts.redis is not None:
            await parts.redis.aclose()
        await parts.db.close()
        log.info("helpdesk.stopped")


def _background(parts: AppComponents) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """What goes on beside the requests."""
    return [
        ("turns", parts.turns.run),
        ("outbox", parts.outbox.run),
        ("wake", lambda: _wake(parts)),
        ("knowledge", parts.library.run),
        ("calendar", PublicationScheduler(parts.db).run),
        ("watch", lambda: parts.live.watch(parts.db)),
        ("relay", parts.live.relay),
        ("retention", parts.retention.run),
        ("watchdog", parts.watchdog.run),
        ("dispatch", parts.dispatcher.run),
        ("progress", parts.progress.run),
        ("attachments", parts.downloads.run),
        ("typing", parts.typing_signs.run),
        ("rewording", parts.summary_rewording.run),
        *((str(channel), partial(connector.run, parts.inbox)) for channel, connector in parts.connectors.items()),
    ]


async def _guarded(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A background task that breaks is a fault of ours: say so, and let the supervisor start us afresh."""
    try:
        await work()
    except Exception:
        log.exception("background.broke", task=name)
        raise SystemExit(f"helpdesk: the background task '{name}' broke") from None


async def _wake(parts: AppComponents) -> None:
    """Any change may mean a turn or a delivery to look at."""
    async with parts.live.subscribe(DESK) as subscription:
        while True:
            await subscription.next()
            parts.turns.wake()
            parts.outbox.wake()
            parts.summary_rewording.wake()
