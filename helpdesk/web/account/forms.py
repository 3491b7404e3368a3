"""What a form without a script sends, and from where."""

from starlette.requests import Request


async def text_fields(request: Request) -> dict[str, str]:
    """The text fields of a form; the guard has read it already, with limits."""
    form = await request.form()
    return {key: value for key, value in form.items() if isinstance(value, str)}


def client_address(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else "unknown"
