"""JSON in and out: exactly the fields that are asked for, and no others."""

import dataclasses
import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

from store.errors import Invalid

ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Body(BaseModel):
    """What a request may say; an unknown field is an error, so that nobody sets what isn't theirs to set."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Json(JSONResponse):
    """An answer that may hold our dataclasses and times."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


async def read[B: BaseModel](request: Request, form: type[B]) -> B:
    """The request's JSON as a `form`. Raises `Invalid` naming the fields, never quoting what they held."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Invalid("Expected JSON: send Content-Type: application/json.")
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        fields = sorted({".".join(map(str, item["loc"])) or "body" for item in error.errors(include_input=False)})
        raise Invalid(f"Not as expected: {', '.join(fields)[:300]}.", fields=fields) from None


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"no JSON form of {type(value).__name__}")
