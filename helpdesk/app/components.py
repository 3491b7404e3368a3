"""Everything that runs, built once from the settings."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.contract import Channel, Connector
from connectors.contract.mail import MailTransport
from connectors.contract.reply_address import ReplyAddresses
from helpdesk.app.channels import make_connectors, make_email, make_mail_transport, make_webchat
from helpdesk.audit import AuditLog
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.channels.attachment_downloads import (
    DOWNLOAD_LIMITS,
    AttachmentDownload,
    AttachmentDownloads,
    DownloadResult,
)
from helpdesk.channels.faq import LibraryFaq
from helpdesk.channels.help_links import HelpLinks
from helpdesk.channels.leader import LeaseLeader
from helpdesk.channels.nonces import UsedNonces
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.channels.typing import TypingSigns
from helpdesk.conversations import Conversations
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.conversations.transcript_requests import sends_mail
from helpdesk.delivery.held_actions import HELD_LIMITS, DueAction, HeldActionQueue
from helpdesk.delivery.mail_bounces import MailBounces
from helpdesk.delivery.mail_outbox import MAIL_LIMITS, DueMail, MailOutbox, MailResult
from helpdesk.delivery.outbox import DueDelivery, Outbox, SendResult, outbox_limits
from helpdesk.delivery.push_queue import PUSH_LIMITS, PushJob, PushQueue, PushResult
from helpdesk.delivery.staff_alerts import ALERT_LIMITS, AlertJob, AlertResult, StaffAlerts
from helpdesk.delivery.staff_letters import StaffLetters
from helpdesk.delivery.staff_mails import StaffMails
from helpdesk.delivery.unseen_letter import MailFrame
from helpdesk.delivery.web_push import WebPush
from helpdesk.events.event_stream import EventStream
from helpdesk.files.attached_files import AttachedFiles
from helpdesk.files.file_store import FileStore, make_file_store
from helpdesk.identity.keys import IdentityKeys
from helpdesk.insights.gaps import Gaps
from helpdesk.insights.learning_nights import LearningNights
from helpdesk.insights.learnt_phrasings import PhrasingLearner
from helpdesk.insights.numbers.day_keeper import DayKeeper
from helpdesk.insights.replay import DraftReplay
from helpdesk.installation.profile import CurrentProfile
from helpdesk.lookups.client import LookupClient
from helpdesk.lookups.current_lookups import CurrentLookups
from helpdesk.lookups.demo_orders import DEMO_HOST, answer_demo
from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.mail.links import MailLinks
from helpdesk.notices.current_notices import CurrentNotices
from helpdesk.notices.notice_store import NoticeStore
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.observability.hint_relay import HintRelay, PostgresRelay
from helpdesk.outgoing.post import OutgoingPost
from helpdesk.privacy.retention import Retention
from helpdesk.queue.dispatch import Dispatcher
from helpdesk.queue.queue_updates import QueueUpdates
from helpdesk.queue.watchdog import Watchdog
from helpdesk.rewording import LanguageModelServices, Rewording, SummaryRewording
from helpdesk.rewording.summaries import SUMMARY_LIMITS, SummaryAttempt, SummaryClaim
from helpdesk.rule_admin.current_rules import CurrentRules
from helpdesk.schedule.company_hours import CompanyHours
from helpdesk.single_sign_on.provider_client import ProviderClient
from helpdesk.single_sign_on.providers import ProviderStore
from helpdesk.translation.translator import Translator
from helpdesk.turns.bot_transport import BotTransport
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.handoff_check import HandoffCheck
from helpdesk.turns.rasa_client import RasaClient
from helpdesk.turns.turn import TurnTools
from helpdesk.turns.turn_queue import TurnQueue, turn_limits
from helpdesk.views.timeline import Timeline
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.chat.routes import SiteAdmission
from helpdesk.web.internal.health import Health
from helpdesk.web.shared.topics import topic_name
from helpdesk.webhooks.webhook_queue import WEBHOOK_LIMITS, DueWebhook, WebhookQueue, WebhookResult
from helpdesk.webhooks.webhook_store import WebhookStore
from knowledge.search.embedder import Embedder
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from knowledge.sites.site_readings import SITE_LIMITS, SiteClaim, SiteReadings, SiteResult
from store.db import Database
from store.instances import Instances
from store.lease_worker import LeaseWorker
from store.postgres_link import PostgresLink
from store.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis


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
    identity_keys: IdentityKeys
    timeline: Timeline
    staff_mails: StaffMails
    bounces: MailBounces
    rasa: RasaClient
    rewording: Rewording
    translator: Translator
    lookups: CurrentLookups
    providers: ProviderStore
    provider_client: ProviderClient
    notices: CurrentNotices
    privacy_notices: PrivacyNotices
    profile: CurrentProfile
    events: EventStream
    webhooks: WebhookQueue
    webhook_calls: LeaseWorker[DueWebhook, WebhookResult]
    alerts: StaffAlerts
    alert_messages: LeaseWorker[AlertJob, AlertResult]
    push: PushQueue
    push_messages: LeaseWorker[PushJob, PushResult]
    summary_rewording: LeaseWorker[SummaryClaim, SummaryAttempt]
    turns: LeaseWorker[ClaimedTurn, None]
    outbox: LeaseWorker[DueDelivery, SendResult]
    held_actions: LeaseWorker[DueAction, None]
    mail_transport: MailTransport | None
    mail_links: MailLinks
    mails: LeaseWorker[DueMail, MailResult] | None
    retention: Retention
    audit: AuditLog
    watchdog: Watchdog
    dispatcher: Dispatcher
    progress: QueueUpdates
    gaps: Gaps
    replay: DraftReplay
    learning: LearningNights
    numbers: DayKeeper
    health: Health
    connectors: dict[Channel, Connector]
    accounts: ChannelAccounts
    admission: SiteAdmission
    files: FileStore
    attached: AttachedFiles
    downloads: LeaseWorker[AttachmentDownload, DownloadResult]
    sites: LeaseWorker[SiteClaim, SiteResult]
    typing_signs: TypingSigns
    redis: "Redis | None"
    instances: Instances
    link: PostgresLink | None


def build_components(settings: Settings, embedder: Embedder, rasa_transport: BotTransport | None) -> AppComponents:
    """Builds, and connects to nothing."""
    db = Database(settings.database)
    redis = _make_redis(settings.redis_url)
    instances, link = Instances(db), db.make_link()
    relay = _make_relay(redis, link, instances, settings.secret_key.get_secret_value())
    live = ChangeHints(relay, take_surplus=lambda table: db.feed.suspect((table,)))
    recent = CachedEmbedder(embedder)
    library = Library(db, recent, keep_in=settings.home)
    notices = CurrentNotices(NoticeStore(db), library)
    privacy_notices = PrivacyNotices(db)
    profile = CurrentProfile(db, settings)
    conversations = Conversations(db, live, settings, notices, privacy_notices, profile)
    files = make_file_store(db, settings.files_url.get_secret_value())
    links = HelpLinks(origin=settings.origin, is_on=settings.help_centre == "on")
    identity_keys = IdentityKeys(db, settings.secret_key.get_secret_value(), audience=settings.origin)
    visitors = Visitors(db, conversations, live, library, links, identity_keys, privacy_notices)
    rasa = RasaClient(settings.rasa_url, settings.bot_secret.get_secret_value(), transport=rasa_transport)
    rewording = Rewording(LanguageModelServices(db, settings))
    lookups = CurrentLookups(
        LookupStore(db, settings.secret_key.get_secret_value()),
        LookupClient(settings.lookup_hosts, {DEMO_HOST: answer_demo}),
        recent,
        ZoneInfo(settings.time_zone),
    )
    webhooks = WebhookQueue(
        db,
        WebhookStore(db, settings.secret_key.get_secret_value()),
        OutgoingPost(settings.webhook_hosts),
        origin=settings.origin,
    )
    push = PushQueue(
        db,
        WebPush(settings.secret_key.get_secret_value(), settings.origin, OutgoingPost(settings.push_hosts)),
        zone=ZoneInfo(settings.time_zone),
        topic_name=topic_name,
    )
    tools = TurnTools(
        conversations=conversations,
        library=library,
        rasa=rasa,
        handoff_check=HandoffCheck(recent, CurrentRules(db)),
        rewording=rewording,
        settings=lambda: profile.settings,
        deadline_seconds=settings.turn_deadline,
        lookups=lookups,
        notices=notices,
    )
    admission = SiteAdmission(settings)
    webchat = make_webchat(visitors, admission)
    accounts = ChannelAccounts(db, settings.secret_key.get_secret_value())
    faq = LibraryFaq(library, links)
    mail_transport, leader = make_mail_transport(settings), LeaseLeader(db, name=db.name)
    bounces = MailBounces(db, conversations)
    connectors = make_connectors(
        settings,
        webchat=webchat,
        accounts=accounts,
        files=files,
        leader=leader,
        faq=faq,
        nonces=UsedNonces(db),
        make_email=partial(
            make_email,
            db,
            settings,
            accounts=accounts,
            leader=leader,
            files=files,
            transport=mail_transport,
            report_bounce=bounces.report,
        ),
    )
    alerts = StaffAlerts(
        db,
        connectors,
        origin=settings.origin,
        language=lambda: profile.settings.language,
        topic_name=topic_name,
    )
    mail_links = MailLinks(settings.secret_key.get_secret_value(), settings.origin)
    outbox = Outbox(db, connectors, links, mail_links, live, lease_seconds=settings.lease, name=db.name)
    timeline = Timeline(db, time_zone=settings.time_zone, sends_mails=sends_mail(settings))
    downloads = AttachmentDownloads(db, live, connectors, files, kept_days=settings.file_days)
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
        timeline=timeline,
        bounces=bounces,
        staff_mails=StaffMails(
            db, sender=mail_transport.sender if mail_transport else None, zone=ZoneInfo(settings.time_zone)
        ),
        identity_keys=identity_keys,
        rasa=rasa,
        rewording=rewording,
        translator=Translator(db, settings),
        lookups=lookups,
        providers=ProviderStore(db, settings.secret_key.get_secret_value()),
        provider_client=ProviderClient(settings.sign_in_hosts),
        notices=notices,
        privacy_notices=privacy_notices,
        profile=profile,
        events=EventStream(db, settings.origin),
        alerts=alerts,
        alert_messages=LeaseWorker(alerts, ALERT_LIMITS, store=alerts.store),
        push=push,
        push_messages=LeaseWorker(push, PUSH_LIMITS, store=push.store),
        webhooks=webhooks,
        webhook_calls=LeaseWorker(webhooks, WEBHOOK_LIMITS, store=webhooks.store),
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
        held_actions=LeaseWorker(HeldActionQueue(conversations), HELD_LIMITS),
        mail_transport=mail_transport,
        mail_links=mail_links,
        mails=_mail_worker(timeline, live, profile, mail_transport, mail_links) if mail_transport else None,
        retention=Retention(db, rasa, files, days=settings.retention_days),
        audit=AuditLog(db, settings.audit_stream, days=settings.audit_days),
        watchdog=Watchdog(conversations),
        dispatcher=Dispatcher(db, live, settings, conversations.notifications),
        progress=QueueUpdates(conversations, notices),
        gaps=Gaps(db, library, recent),
        replay=replay,
        learning=LearningNights(db, PhrasingLearner(db, library, replay), ZoneInfo(settings.time_zone)),
        numbers=DayKeeper(
            db, ZoneInfo(settings.time_zone), settings.retention_days, conversations.inbound_priority.calm
        ),
        health=Health(db, rasa, library, settings, lambda: webchat.sockets),
        connectors=connectors,
        accounts=accounts,
        admission=admission,
        files=files,
        attached=AttachedFiles(db, files),
        downloads=LeaseWorker(downloads, DOWNLOAD_LIMITS, store=downloads.store),
        sites=LeaseWorker(sites, SITE_LIMITS, store=sites.store),
        typing_signs=TypingSigns(db, live, connectors),
        redis=redis,
        instances=instances,
        link=link,
    )


def _mail_worker(
    timeline: Timeline, live: ChangeHints, profile: CurrentProfile, transport: MailTransport, links: MailLinks
) -> LeaseWorker[DueMail, MailResult]:
    db, settings = timeline.db, profile.settings
    zone = ZoneInfo(settings.time_zone)

    def sender_name() -> str:
        return transport.sender_name or profile.settings.bot_name

    frame = MailFrame(
        links=links,
        addresses=ReplyAddresses(settings.secret_key.get_secret_value(), transport.sender),
        sender_name=sender_name,
        zone=zone,
        takes_replies=bool(settings.imap_url or settings.mail_secret),
    )
    letters = StaffLetters(timeline=timeline, origin=settings.origin, sender_name=sender_name, zone=zone)
    mails = MailOutbox(db, live, transport, frame, letters, name=db.name)
    return LeaseWorker(mails, MAIL_LIMITS, store=mails.store)


def _site_readings(db: Database, settings: Settings) -> SiteReadings:
    zone = ZoneInfo(settings.time_zone)
    return SiteReadings(db, public_url=settings.origin, own_hosts=settings.site_hosts, zone=zone)


def _make_redis(url: str) -> "Redis | None":
    if not url:
        return None
    from redis.asyncio import Redis

    return Redis.from_url(url, socket_timeout=15, socket_connect_timeout=1)


def _make_relay(
    redis: "Redis | None", link: PostgresLink | None, instances: Instances, secret: str
) -> HintRelay | None:
    """Redis where there is one, else PostgreSQL; on SQLite there is nobody to reach."""
    if redis is not None:
        from helpdesk.observability.redis_relay import RedisRelay

        return RedisRelay(redis, secret)
    return PostgresRelay(link, lambda: instances.is_alone) if link else None
