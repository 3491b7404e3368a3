"""Everything that runs, built once from the settings."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import httpx
from redis.asyncio import Redis

from connectors.contract import Channel, Connector
from helpdesk.app.channels import make_connectors, make_webchat
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
from helpdesk.channels.nonces import UsedNonces
from helpdesk.channels.typing import TypingSigns
from helpdesk.conversations import Conversations
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.delivery.outbox import DueDelivery, Outbox, SendResult, outbox_limits
from helpdesk.insights.gaps import Gaps
from helpdesk.insights.learning_nights import LearningNights
from helpdesk.insights.learnt_phrasings import PhrasingLearner
from helpdesk.insights.replay import DraftReplay
from helpdesk.lookups.client import LookupClient
from helpdesk.lookups.current_lookups import CurrentLookups
from helpdesk.lookups.demo_orders import DEMO_HOST, answer_demo
from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.observability.hint_relay import HintRelay, PostgresRelay, RedisRelay
from helpdesk.privacy.retention import Retention
from helpdesk.queue.dispatch import Dispatcher
from helpdesk.queue.queue_updates import QueueUpdates
from helpdesk.queue.watchdog import Watchdog
from helpdesk.rewording import LanguageModelServices, Rewording, SummaryRewording
from helpdesk.rewording.summaries import SUMMARY_LIMITS, SummaryAttempt, SummaryClaim
from helpdesk.rule_admin.current_rules import CurrentRules
from helpdesk.schedule.company_hours import CompanyHours
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.handoff_check import HandoffCheck
from helpdesk.turns.rasa_client import RasaClient
from helpdesk.turns.turn import TurnTools
from helpdesk.turns.turn_queue import TurnQueue, turn_limits
from helpdesk.views.timeline import Timeline
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.internal.health import Health
from knowledge.search.embedder import Embedder
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from knowledge.sites.site_readings import SITE_LIMITS, SiteClaim, SiteReadings, SiteResult
from store.db import Database
from store.instances import Instances
from store.lease_worker import LeaseWorker
from store.postgres_link import PostgresLink
from store.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class AppComponents:
    """Everything that runs, by name; tests reach for it in `app.state.parts`."""

    settings: Settings
    db: Database
    live: ChangeHints
    library: Library
    hours: CompanyHours
    links: HelpLinks
    conversations: Conversations
    inbox: ContactInbox
    visitors: Visitors
    timeline: Timeline
    rasa: RasaClient
    rewording: Rewording
    lookups: CurrentLookups
    summary_rewording: LeaseWorker[SummaryClaim, SummaryAttempt]
    turns: LeaseWorker[ClaimedTurn, None]
    outbox: LeaseWorker[DueDelivery, SendResult]
    retention: Retention
    watchdog: Watchdog
    dispatcher: Dispatcher
    progress: QueueUpdates
    gaps: Gaps
    replay: DraftReplay
    learning: LearningNights
    health: Health
    connectors: dict[Channel, Connector]
    accounts: ChannelAccounts
    attachments: Attachments
    downloads: LeaseWorker[AttachmentDownload, DownloadResult]
    sites: LeaseWorker[SiteClaim, SiteResult]
    typing_signs: TypingSigns
    redis: Redis | None
    instances: Instances
    link: PostgresLink | None


def build_components(
    settings: Settings, embedder: Embedder, rasa_transport: httpx.AsyncBaseTransport | None
) -> AppComponents:
    """Builds, and connects to nothing."""
    db = Database(settings.database)
    redis = (
        Redis.from_url(settings.redis_url, socket_timeout=15, socket_connect_timeout=1) if settings.redis_url else None
    )
    instances, link = Instances(db), db.make_link()
    live = ChangeHints(_make_relay(redis, link, instances), take_surplus=lambda table: db.feed.suspect((table,)))
    recent = CachedEmbedder(embedder)
    library = Library(db, recent, keep_in=settings.home)
    conversations = Conversations(db, live, settings)
    links = HelpLinks(origin=settings.origin, is_on=settings.help_centre == "on")
    visitors = Visitors(db, conversations, live, library, links)
    rasa = RasaClient(settings.rasa_url, settings.bot_secret.get_secret_value(), transport=rasa_transport)
    rewording = Rewording(LanguageModelServices(db, settings))
    lookups = CurrentLookups(
        LookupStore(db, settings.secret_key.get_secret_value()),
        LookupClient(settings.lookup_hosts, {DEMO_HOST: answer_demo}),
        recent,
        ZoneInfo(settings.time_zone),
    )
    tools = TurnTools(
        conversations=conversations,
        library=library,
        rasa=rasa,
        handoff_check=HandoffCheck(recent, CurrentRules(db)),
        rewording=rewording,
        bot_name=settings.bot_name,
        deadline_seconds=settings.turn_deadline,
        foreign_language=settings.foreign_language,
        lookups=lookups,
    )
    webchat = make_webchat(settings, visitors)
    accounts = ChannelAccounts(db, settings.secret_key.get_secret_value())
    faq = LibraryFaq(library, links)
    connectors = make_connectors(
        settings,
        webchat=webchat,
        accounts=accounts,
        leader=LeaseLeader(db, name=db.name),
        faq=faq,
        nonces=UsedNonces(db),
    )
    outbox = Outbox(db, connectors, links, lease_seconds=settings.lease, name=db.name)
    downloads = AttachmentDownloads(db, live, connectors)
    replay = DraftReplay(db, library)
    sites = _site_readings(db, settings)
    summaries = SummaryRewording(db, live, rewording)
    return AppComponents(
        settings=settings,
        db=db,
        live=live,
        library=library,
        hours=CompanyHours(db, zone=ZoneInfo(settings.time_zone)),
        links=links,
        conversations=conversations,
        inbox=ContactInbox(conversations),
        visitors=visitors,
        timeline=Timeline(db, time_zone=settings.time_zone),
        rasa=rasa,
        rewording=rewording,
        lookups=lookups,
        summary_rewording=LeaseWorker(summaries, SUMMARY_LIMITS, store=summaries.store),
        turns=LeaseWorker(
            TurnQueue(db, tools, lease_seconds=settings.lease, name=db.name),
            turn_limits(settings),
            is_calm=conversations.inbound_priority.calm,
            when_full=partial(live.offer_surplus, "turns"),
        ),
        outbox=LeaseWorker(
            outbox,
            outbox_limits(settings.lease),
            store=outbox.store,
            is_calm=conversations.inbound_priority.calm,
            when_full=partial(live.offer_surplus, "deliveries"),
        ),
        retention=Retention(db, rasa, days=settings.retention_days),
        watchdog=Watchdog(conversations),
        dispatcher=Dispatcher(db, live, settings),
        progress=QueueUpdates(conversations),
        gaps=Gaps(db, library, recent),
        replay=replay,
        learning=LearningNights(db, PhrasingLearner(db, library, replay), ZoneInfo(settings.time_zone)),
        health=Health(db, rasa, library, settings, lambda: webchat.sockets),
        connectors=connectors,
        accounts=accounts,
        attachments=Attachments(db),
        downloads=LeaseWorker(downloads, DOWNLOAD_LIMITS, store=downloads.store),
        sites=LeaseWorker(sites, SITE_LIMITS, store=sites.store),
        typing_signs=TypingSigns(db, live, connectors),
        redis=redis,
        instances=instances,
        link=link,
    )


def _site_readings(db: Database, settings: Settings) -> SiteReadings:
    zone = ZoneInfo(settings.time_zone)
    return SiteReadings(db, public_url=settings.origin, own_hosts=settings.site_hosts, zone=zone)


def _make_relay(redis: Redis | None, link: PostgresLink | None, instances: Instances) -> HintRelay | None:
    """Redis where there is one, else PostgreSQL; on SQLite there is nobody to reach."""
    if redis is not None:
        return RedisRelay(redis)
    return PostgresRelay(link, lambda: instances.is_alone) if link else None
