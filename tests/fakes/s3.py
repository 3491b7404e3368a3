"""A server that speaks S3: moto's, in a process of its own, with one empty bucket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
import httpx

from tests.services import free_port

BUCKET = "staffel-files"


@contextmanager
def s3_server() -> Iterator[str]:
    """The server, until the block ends; what STAFFEL_FILES_URL is to say."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", process)
        bucket_client(port).create_bucket(Bucket=BUCKET)
        yield f"s3+http://key:s%2Fecret@127.0.0.1:{port}/{BUCKET}?region=us-east-1"
    finally:
        process.terminate()
        process.wait(10)


def empty_bucket(url: str) -> None:
    """Nothing of an earlier test is left in the bucket."""
    client = bucket_client(urlsplit(url).port or 0)
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])


def bucket_client(port: int) -> Any:
    """A client of the test's own, to look at what is really there."""
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="s/ecret",
    )


def _wait_until_up(address: str, process: "subprocess.Popen[bytes]") -> None:
    with httpx.Client(trust_env=False) as client:
        while process.poll() is None:
            try:
                client.get(f"{address}/moto-api/", timeout=5)
            except httpx.TransportError:
                continue
            return
    raise AssertionError("the S3 server ended before it answered")
