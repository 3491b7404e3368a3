"""The end of a sign-in in two steps: a session of its own, in a browser that is known from then on."""

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.web.account.forms import client_address
from helpdesk.web.shared.access import Guard


async def complete_sign_in(guard: Guard, request: Request, response: Response) -> Response:
    """`response`, with the cookie of a new session in which the second factor was shown."""
    agent = request.state.agent
    token = await guard.sessions.start(
        agent.id,
        browser=request.headers.get("user-agent", ""),
        address=client_address(request),
        replaces=guard.cookies.read(request, "agent"),
        with_factor=True,
        provider_id=agent.provider_id,
    )
    guard.cookies.sign_in(response, token, agent.id, is_complete=True)
    return response
