"""Files that came along with messages. The bot's token goes to Slack's own file hosts and nowhere else."""

from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import httpx

from connectors.contract import DeliveryUnclear, OutboundFile, RetryLater, Undeliverable
from connectors.slack.api_client import AGAIN_AFTER, SlackClient, SlackRefusal, undeliverable_error

MAX_BYTES = 20 * 1024 * 1024  # bytes
_PIECE = 64 * 1024
_WITHIN = 60.0
_MAX_REDIRECTS = 3
_OWN_HOSTS = ("files.slack.com", "slack-files.com", "files-origin.slack.com")


class Files:
    """Fetches files. `api_url` is another Web API server than the public one; its host may give out files too."""

    def __init__(self, slack: SlackClient, api_url: str = "") -> None:
        self._slack = slack
        self._api = urlsplit(api_url) if api_url else None

    async def fetch(self, token: str, file_id: str) -> AsyncIterator[bytes]:
        """The content of a file, piece by piece. Raises `RetryLater`, `Undeliverable` or `SlackRefusal`."""
        url = await self._address(token, file_id)
        try:
            async with httpx.AsyncClient(timeout=_WITHIN, follow_redirects=False) as client:
                response = await self._open(client, url, token)
                try:
                    async for piece in _pieces(response):
                        yield piece
                finally:
                    await response.aclose()
        except httpx.HTTPError as error:
            raise RetryLater(5, f"the file didn't come through ({type(error).__name__})") from None

    async def upload(self, token: str, channel: str, thread: str | None, file: OutboundFile, content: bytes) -> str:
        """Post a file into a channel; its id. https://docs.slack.dev/messaging/working-with-files

        Raises `SlackRefusal`, `RetryLater`, `DeliveryUnclear`, and `Undeliverable` for an address that isn't Slack's.
        """
        begun = await self._slack.ask(token, "files.getUploadURLExternal", filename=file.name, length=str(len(content)))
        url, file_id = str(begun.data.get("upload_url") or ""), str(begun.data.get("file_id") or "")
        if not self.may_have_file(url):
            raise Undeliverable("Slack named an address for this file that isn't Slack's own.")
        await _put(url, content)
        where = {"channel_id": channel, **({"thread_ts": thread} if thread else {})}
        named = [{"id": file_id, "title": file.name}]
        await self._slack.call(token, "files.completeUploadExternal", files=named, **where)
        return file_id

    def may_have_file(self, url: str) -> bool:
        """Whether a file of ours may go to `url`: Slack's own hosts over https, or the configured server."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        return self.may_have_token(url) or (parts.scheme == "https" and host.endswith(".slack.com"))

    async def _address(self, token: str, file_id: str) -> str:
        try:
            answer = await self._slack.ask(token, "files.info", file=file_id)
        except DeliveryUnclear as error:
            raise RetryLater(AGAIN_AFTER, str(error)) from None
        except SlackRefusal as refused:
            if refused.error in ("file_not_found", "file_deleted"):
                raise Undeliverable("The file has been deleted on Slack.") from None
            raise undeliverable_error(refused.error) from None
        file = answer.data.get("file") or {}
        if isinstance(file.get("size"), int) and file["size"] > MAX_BYTES:
            raise Undeliverable("The file is larger than 20 MB.")
        return str(file.get("url_private_download") or file.get("url_private") or "")

    async def _open(self, client: httpx.AsyncClient, url: str, token: str) -> httpx.Response:
        """Follow redirects ourselves: each address is looked at before the token goes there."""
        for _ in range(_MAX_REDIRECTS + 1):
            if not self.may_have_token(url):
                raise Undeliverable("Slack named an address for this file that isn't Slack's own.")
            request = client.build_request("GET", url, headers={"Authorization": f"Bearer {token}"})
            response = await client.send(request, stream=True)
            if not response.is_redirect:
                return response
            await response.aclose()
            url = urljoin(url, response.headers.get("location", ""))
        raise Undeliverable("Slack sent us round in circles for this file.")

    def may_have_token(self, url: str) -> bool:
        """Whether `url` is one of Slack's own file hosts over https, or the configured server."""
        parts = urlsplit(url)
        if self._api and (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc):
            return True
        return parts.scheme == "https" and parts.hostname in _OWN_HOSTS and parts.port in (None, 443)


async def _put(url: str, content: bytes) -> None:
    """Hand the content in. Nothing is seen by anybody before the upload is completed: it may be done again."""
    try:
        async with httpx.AsyncClient(timeout=_WITHIN, follow_redirects=False) as client:
            response = await client.post(url, content=content)
    except httpx.HTTPError as error:
        raise RetryLater(AGAIN_AFTER, f"the file didn't go through ({type(error).__name__})") from None
    if response.status_code != 200:
        raise RetryLater(AGAIN_AFTER, f"the file's address answers {response.status_code}")


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    if response.status_code in (404, 410):
        raise Undeliverable("Slack doesn't have this file any more.")
    if response.status_code == 429 or response.status_code >= 500:
        raise RetryLater(5, f"the file's address answers {response.status_code}")
    if response.status_code != 200 or response.headers.get("content-type", "").startswith("text/html"):
        raise Undeliverable("Slack didn't give out this file; the permission files:read may be missing.")
    size = 0
    async for piece in response.aiter_bytes(_PIECE):
        size += len(piece)
        if size > MAX_BYTES:
            raise Undeliverable("The file is larger than 20 MB.")
        yield piece
