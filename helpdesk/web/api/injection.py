"""What FastAPI hands to each of the API's functions.

They stand in modules and close over no app: FastAPI keeps what it has learnt of 4,096 functions for as long as the
program runs, and with a function everything that it closes over.
"""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from helpdesk.web.api.components import ApiComponents


async def _components(request: Request) -> ApiComponents:
    found: ApiComponents = request.app.state.components
    return found


ApiParts = Annotated[ApiComponents, Depends(_components)]
