"""Every route of every page, API and connector."""

from functools import partial
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from helpdesk.allowances.allowance_store import AllowanceStore
from helpdesk.app.channels import connection_steps, slack_manifest
from helpdesk.app.components import AppComponents
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.channels.aside_mails import StoredAsideMails
from helpdesk.channels.faq import LibraryFaq
from helpdesk.conversations.promises.call_desk import TeamCallDesk
from helpdesk.handoff.mood import judge_moods
from helpdesk.installation.setup_steps import Setup
from helpdesk.macros.macro_run import MacroRuns
from helpdesk.macros.macro_store import Macros
from helpdesk.mail.mail_server import MailServerStatus
from helpdesk.privacy.erasure_requests import Erasures
from helpdesk.privacy.terms import KeptDays
from helpdesk.rule_admin.rule_trial import RuleTrial
from helpdesk.second_factor.passkeys import Passkeys
from helpdesk.second_factor.second_factors import SecondFactors
from helpdesk.single_sign_on.admission import StaffAdmission
from helpdesk.views.draft_coach import DraftCoach
from helpdesk.views.live_board import LiveBoards
from helpdesk.web.account.code_page import CodePage
from helpdesk.web.account.notifications.routes import notification_routes
from helpdesk.web.account.own_account import own_account_routes
from helpdesk.web.account.passkey_sign_in import passkey_sign_in_routes
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.account.passkeys import passkey_routes
from helpdesk.web.account.routes import account_routes
from helpdesk.web.account.second_factor import second_factor_routes
from helpdesk.web.account.sign_in_page import SignInPage
from helpdesk.web.account.single_sign_on import single_sign_on_routes
from helpdesk.web.admin.agents.routes import admin_routes
from helpdesk.web.admin.alerts.routes import alert_routes
from helpdesk.web.admin.allowances.routes import allowance_admin_routes
from helpdesk.web.admin.articles import article_routes
from helpdesk.web.admin.audit.routes import audit_routes
from helpdesk.web.admin.blocked.routes import blocked_routes
from helpdesk.web.admin.channels.routes import channel_routes
from helpdesk.web.admin.company.routes import company_routes
from helpdesk.web.admin.exchange import exchange_routes
from helpdesk.web.admin.gaps.routes import gap_routes
from helpdesk.web.admin.handoff.routes import handoff_routes
from helpdesk.web.admin.identity.routes import identity_routes
from helpdesk.web.admin.keys.routes import key_routes
from helpdesk.web.admin.learning.routes import learning_routes
from helpdesk.web.admin.lookups.routes import lookup_routes
from helpdesk.web.admin.macros.routes import macro_admin_routes
from helpdesk.web.admin.notices.routes import notice_routes
from helpdesk.web.admin.privacy.routes import privacy_routes
from helpdesk.web.admin.providers.routes import provider_routes
from helpdesk.web.admin.ratings.routes import rating_routes
from helpdesk.web.admin.replay.routes import replay_routes
from helpdesk.web.admin.replies.routes import canned_reply_routes
from helpdesk.web.admin.rewording.routes import rewording_routes
from helpdesk.web.admin.setup.routes import setup_routes
from helpdesk.web.admin.sites.routes import site_routes
from helpdesk.web.admin.tags.routes import tag_admin_routes
from helpdesk.web.admin.teams.routes import team_routes
from helpdesk.web.admin.translation.routes import translation_admin_routes
from helpdesk.web.admin.webhooks.routes import webhook_routes
from helpdesk.web.api import ApiComponents, api_routes
from helpdesk.web.chat.continuation import continuation_routes
from helpdesk.web.chat.files import chat_file_routes
from helpdesk.web.chat.mail_links import mail_link_routes
from helpdesk.web.chat.routes import SharedFiles, chat_routes
from helpdesk.web.chat.transcripts import transcript_routes
from helpdesk.web.desk.allowances import allowance_routes
from helpdesk.web.desk.coach import coach_routes
from helpdesk.web.desk.macros import macro_routes
from helpdesk.web.desk.routes import desk_routes
from helpdesk.web.desk.translation import translation_routes
from helpdesk.web.desk.writing_aids import writing_routes
from helpdesk.web.help import help_routes
from helpdesk.web.internal.bot_actions import internal_routes
from helpdesk.web.internal.health import health_routes
from helpdesk.web.live.routes import live_routes
from helpdesk.web.numbers.routes import number_routes
from helpdesk.web.shared.access import Access, Guard, declare
from helpdesk.web.shared.pages import WIDGET, FeatureFiles, Pages


def all_routes(parts: AppComponents, guard: Guard, pages: Pages) -> list[BaseRoute]:
    factors = SecondFactors(parts.db, parts.settings.secret_key.get_secret_value())
    replies = CannedReplies(parts.db)
    macros = Macros(parts.db, parts.audit)
    setup = Setup(parts.db, parts.profile)
    passkeys = PasskeySupport(store=Passkeys(parts.db), pages=pages, public_url=parts.settings.public_url)
    code_page = CodePage(pages=pages, factors=factors, passkeys=passkeys)
    sign_in_page = SignInPage(
        pages=pages,
        cookies=guard.cookies,
        providers=parts.providers,
        passwords=parts.settings.password_sign_in == "on",  # noqa: S105 - a switch
        can_send=parts.staff_mails.is_on,
        passkeys=passkeys,
    )
    routes = [
        *chat_routes(parts.settings, pages, parts.profile),
        *continuation_routes(
            db=parts.db, inbox=parts.inbox, visitors=parts.visitors, cookies=guard.cookies, pages=pages
        ),
        *chat_file_routes(parts.visitors, parts.files, parts.attached, parts.admission),
        *mail_link_routes(
            db=parts.db,
            inbox=parts.inbox,
            links=parts.mail_links,
            visitors=parts.visitors,
            cookies=guard.cookies,
            pages=pages,
        ),
        *notification_routes(db=parts.db, push=parts.push, pages=pages),
        *account_routes(parts.db, guard, pages, parts.staff_mails, setup, sign_in_page),
        *single_sign_on_routes(
            providers=parts.providers,
            client=parts.provider_client,
            admission=StaffAdmission(db=parts.db, audit=parts.audit),
            guard=guard,
            page=sign_in_page,
            origin=parts.settings.origin,
        ),
        *own_account_routes(
            db=parts.db,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
            factors=factors,
            passkeys=passkeys.store,
        ),
        *second_factor_routes(factors=factors, guard=guard, pages=pages, code_page=code_page, passkeys=passkeys),
        *passkey_sign_in_routes(passkeys=passkeys, guard=guard, page=sign_in_page, code_page=code_page),
        *passkey_routes(
            passkeys=passkeys,
            factors=factors,
            guard=guard,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
            passwords=sign_in_page.passwords,
        ),
        *health_routes(parts.health),
        *help_routes(
            privacy_notices=parts.privacy_notices,
            library=parts.library,
            links=parts.links,
            guard=guard,
            pages=pages,
        ),
        *internal_routes(parts.library, TeamCallDesk(parts.db, parts.settings.time_zone), parts.lookups, parts.hours),
        *desk_routes(
            db=parts.db,
            conversations=parts.conversations,
            timeline=parts.timeline,
            files=parts.files,
            attached=parts.attached,
            live=parts.live,
            sessions=guard.sessions,
            pages=pages,
            offers=parts.dispatcher,
            audit=parts.audit,
            translates=parts.translator.service is not None,
        ),
        *writing_routes(
            replies=replies,
            faq=LibraryFaq(parts.library, parts.links),
            pages=pages,
        ),
        *macro_routes(
            runs=MacroRuns(macros, replies, parts.conversations),
            timeline=parts.timeline,
            pages=pages,
        ),
        *coach_routes(DraftCoach(parts.db, parts.library, parts.conversations.inbound_priority)),
        *translation_routes(parts.translator, pages),
        *translation_admin_routes(translator=parts.translator, pages=pages),
        *allowance_routes(AllowanceStore(parts.db)),
        *allowance_admin_routes(store=AllowanceStore(parts.db), pages=pages),
        *live_routes(
            conversations=parts.conversations,
            boards=LiveBoards(parts.db, time_zone=parts.settings.time_zone),
            live=parts.live,
            pages=pages,
        ),
        *key_routes(db=parts.db, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *audit_routes(db=parts.db, audit=parts.audit, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *number_routes(db=parts.db, pages=pages, zone=ZoneInfo(parts.settings.time_zone), gaps=parts.gaps),
        *admin_routes(
            db=parts.db,
            live=parts.live,
            health=parts.health,
            pages=pages,
            origin=parts.settings.origin,
            zone=ZoneInfo(parts.settings.time_zone),
            mails=parts.staff_mails,
            setup=setup,
            passwords=sign_in_page.passwords,
        ),
        *provider_routes(
            providers=parts.providers,
            client=parts.provider_client,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
            origin=parts.settings.origin,
            passwords=sign_in_page.passwords,
        ),
        *company_routes(profile=parts.profile, pages=pages),
        *setup_routes(setup=setup, library=parts.library, lookups=parts.lookups.store, pages=pages),
        *handoff_routes(db=parts.db, hindsight=RuleTrial(parts.db, judge_moods), recent=parts.gaps.recent, pages=pages),
        *team_routes(db=parts.db, live=parts.live, pages=pages),
        *channel_routes(
            accounts=parts.accounts,
            steps=connection_steps(parts.accounts, parts.settings),
            slack_manifest=partial(slack_manifest, parts.settings.origin),
            pages=pages,
            mail_server=MailServerStatus(parts.mail_transport, parts.db) if parts.mail_transport else None,
            aside=StoredAsideMails(parts.db),
            inbox=parts.inbox,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *lookup_routes(
            lookups=parts.lookups,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *notice_routes(
            store=parts.notices.store,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *canned_reply_routes(replies=replies, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *macro_admin_routes(macros=macros, replies=replies, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *tag_admin_routes(db=parts.db, pages=pages),
        *blocked_routes(db=parts.db, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *alert_routes(db=parts.db, alerts=parts.alerts, accounts=parts.accounts, pages=pages),
        *webhook_routes(webhooks=parts.webhooks, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *privacy_routes(
            db=parts.db,
            files=parts.files,
            erasures=Erasures(parts.db, parts.settings.erasure_rule),
            privacy_notices=parts.privacy_notices,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
            days=KeptDays(conversations=parts.settings.retention_days, files=parts.settings.file_days),
        ),
        *rating_routes(db=parts.db, pages=pages, zone=ZoneInfo(parts.settings.time_zone)),
        *identity_routes(
            keys=parts.identity_keys,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *rewording_routes(rewording=parts.rewording, pages=pages),
        *article_routes(db=parts.db, library=parts.library, pages=pages),
        *site_routes(
            db=parts.db,
            library=parts.library,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *exchange_routes(db=parts.db, library=parts.library, pages=pages),
        *learning_routes(db=parts.db, library=parts.library, pages=pages, replay=parts.replay),
        *gap_routes(db=parts.db, library=parts.library, gaps=parts.gaps, pages=pages),
        *replay_routes(
            db=parts.db,
            library=parts.library,
            recent=parts.gaps.recent,
            pages=pages,
            replay=parts.replay,
        ),
        *api_routes(
            ApiComponents(
                db=parts.db,
                conversations=parts.conversations,
                inbox=parts.inbox,
                timeline=parts.timeline,
                library=parts.library,
                notices=parts.notices.store,
                events=parts.events,
                erasures=Erasures(parts.db, parts.settings.erasure_rule),
                files=parts.files,
                attached=parts.attached,
            ),
            guard,
        ),
    ]
    routes += transcript_routes(db=parts.db, links=parts.mail_links, time_zone=parts.settings.time_zone, pages=pages)
    for connector in parts.connectors.values():
        routes += declare(connector.routes(parts.inbox), Access.VISITOR)
    files = [
        Mount("/static/chat/widget", SharedFiles(StaticFiles(directory=WIDGET))),
        Mount("/static", FeatureFiles()),
    ]
    return [*routes, *declare(files, Access.PUBLIC)]
