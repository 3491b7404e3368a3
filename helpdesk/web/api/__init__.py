"""The REST API at /api/v1, for programs: the same conversations as on the screens, with keys and scopes."""

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from helpdesk.web.api.components import ApiComponents
from helpdesk.web.shared.access import Access, Guard
from helpdesk.web.shared.app_on_demand import AppOnDemand

__all__ = ["ApiComponents", "api_routes"]


def api_routes(components: ApiComponents, guard: Guard) -> list[BaseRoute]:
    """The API's door; each of its routes checks key and scope itself (`helpdesk.web.api.keys`)."""

    def make() -> ASGIApp:
        from helpdesk.web.api.app import make_api  # FastAPI: a second of start, for installations whose programs call

        return make_api(components, guard)

    door = Mount("/api/v1", AppOnDemand(make), name="api")
    door.access = Access.API  # type: ignore[attr-defined]
    return [door]
