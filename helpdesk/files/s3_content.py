"""Files in a bucket that speaks S3. boto3 is loaded with the first file that is written or read there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from store.errors import Unavailable
from store.models import StoragePlace

PIECE_BYTES = 256 * 1024
CONNECT_SECONDS = 3
READ_SECONDS = 20
_CHECK_KEY = "staffel-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where a bucket is. `endpoint` is empty for Amazon's own."""

    name: str
    endpoint: str
    key: str
    secret: str
    region: str


def read_bucket(url: str) -> Bucket:
    """What `s3://key:secret@host/bucket?region=…` names; `s3+http://` without TLS. Raises ValueError."""
    parts = urlsplit(url)
    name, host = parts.path.strip("/"), parts.hostname or ""
    if parts.scheme not in {"s3", "s3+http"} or not host or not name or "/" in name:
        raise ValueError("expected s3://key:secret@host/bucket?region=…")
    port = f":{parts.port}" if parts.port else ""
    scheme = "http" if parts.scheme == "s3+http" else "https"
    return Bucket(
        name=name,
        endpoint=f"{scheme}://{host}{port}",
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
    )


class S3Content:
    """Files in a bucket, each under its key."""

    place = StoragePlace.S3

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def write(self, key: str, path: Path) -> None:
        """Keep the content of the file at `path`."""
        await self._call(self._put, key, path)

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """The content, piece by piece."""
        body = await self._call(self._open, key)
        if body is None:
            return
        try:
            while piece := await self._call(body.read, PIECE_BYTES):
                yield piece
        finally:
            body.close()

    async def erase(self, key: str) -> None:
        """Erase the content; one that isn't there is no error to S3."""
        await self._call(self._delete, key)

    async def check(self) -> None:
        """Write, read and erase a few bytes. Raises `Unavailable` in words for who runs this."""
        await self._call(self._put_check)
        await self.erase(_CHECK_KEY)

    async def _call(self, work: Any, *given: Any, **named: Any) -> Any:
        """Do it in a thread: boto3 knows no other way."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return await asyncio.to_thread(work, *given, **named)
        except (BotoCoreError, ClientError, OSError) as error:
            raise Unavailable(f"The bucket for files doesn't answer as expected ({type(error).__name__}).") from error

    def _put(self, key: str, path: Path) -> None:
        with path.open("rb") as file:
            self._client.put_object(Bucket=self._bucket.name, Key=key, Body=file)

    def _put_check(self) -> None:
        self._client.put_object(Bucket=self._bucket.name, Key=_CHECK_KEY, Body=b"ok")

    def _open(self, key: str) -> Any:
        try:
            return self._client.get_object(Bucket=self._bucket.name, Key=key)["Body"]
        except self._client.exceptions.NoSuchKey:
            return None

    def _delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket.name, Key=key)

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "max_attempts": 3},
            request_checksum_calculation="when_required",  # most servers beside Amazon's know no other
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        )
        return boto3.client(
            "s3",
            endpoint_url=self._bucket.endpoint,
            region_name=self._bucket.region,
            aws_access_key_id=self._bucket.key,
            aws_secret_access_key=self._bucket.secret,
            config=config,
        )
