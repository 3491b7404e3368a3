"""Every route of every page, API and connector."""

from functools import partial
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from helpdesk.app.channels import connection_steps, slack_manifest
from helpdesk.app.components import AppComponents
from helpdesk.conversations.call_desk import TeamCallDesk
from helpdesk.handoff.mood import judge_moods
from helpdesk.rule_admin.rule_trial import RuleTrial
from helpdesk.web.account.routes import account_routes
from helpdesk.web.admin.agents.routes import admin_routes
from helpdesk.web.admin.articles import article_routes
from helpdesk.web.admin.channels.routes import channel_routes
from helpdesk.web.admin.exchange import exchange_routes
from helpdesk.web.admin.gaps.routes import gap_routes
from helpdesk.web.admin.handoff.routes import handoff_routes
from helpdesk.web.admin.learning.routes import learning_routes
from helpdesk.web.admin.lookups.routes import lookup_routes
from helpdesk.web.admin.replay.routes import replay_routes
from helpdesk.web.admin.rewording.routes import rewording_routes
from helpdesk.web.admin.sites.routes import site_routes
from helpdesk.web.admin.teams.routes import team_routes
from helpdesk.web.api import ApiComponents, api_routes
from helpdesk.web.chat.continuation import continuation_routes
from helpdesk.web.chat.routes import SharedFiles, chat_routes
from helpdesk.web.desk.routes import desk_routes
from helpdesk.web.help import help_routes
from helpdesk.web.internal.bot_actions import internal_routes
from helpdesk.web.internal.health import health_routes
from helpdesk.web.shared.access import Access, Guard, declare
from helpdesk.web.shared.pages import WIDGET, FeatureFiles, Pages


def all_routes(parts: AppComponents, guard: Guard, pages: Pages) -> list[BaseRoute]:
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
        *internal_routes(parts.library, TeamCallDesk(parts.db, parts.settings.time_zone), parts.lookups, parts.hours),
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
        *admin_routes(
            db=parts.db,
            live=parts.live,
            health=parts.health,
            pages=pages,
            origin=parts.settings.origin,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *handoff_routes(db=parts.db, hindsight=RuleTrial(parts.db, judge_moods), recent=parts.gaps.recent, pages=pages),
        *team_routes(db=parts.db, live=parts.live, pages=pages),
        *channel_routes(
            accounts=parts.accounts,
            steps=connection_steps(parts.accounts, parts.settings),
            slack_manifest=partial(slack_manifest, parts.settings.origin),
            pages=pages,
        ),
        *lookup_routes(
            lookups=parts.lookups,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
        ),
        *rewording_routes(rewording=parts.rewording, pages=pages, formality=parts.settings.formality),
        *article_routes(db=parts.db, library=parts.library, pages=pages, formality=parts.settings.formality),
        *site_routes(
            db=parts.db,
            library=parts.library,
            pages=pages,
            zone=ZoneInfo(parts.settings.time_zone),
            language=parts.settings.language,
        ),
        *exchange_routes(db=parts.db, library=parts.library, pages=pages),
        *learning_routes(db=parts.db, library=parts.library, pages=pages, replay=parts.replay),
        *gap_routes(db=parts.db, library=parts.library, gaps=parts.gaps, pages=pages),
        *replay_routes(
            db=parts.db,
            library=parts.library,
            recent=parts.gaps.recent,
            pages=pages,
            formality=parts.settings.formality,
            replay=parts.replay,
        ),
        *api_routes(
            ApiComponents(
                db=parts.db,
                conversations=parts.conversations,
                inbox=parts.inbox,
                timeline=parts.timeline,
                library=parts.library,
            ),
            guard,
        ),
    ]
    for connector in parts.connectors.values():
        routes += declare(connector.routes(parts.inbox), Access.VISITOR)
    files = [
        Mount("/static/chat/widget", SharedFiles(StaticFiles(directory=WIDGET))),
        Mount("/static", FeatureFiles()),
    ]
    return [*routes, *declare(files, Access.PUBLIC)]
