"""A mail as the bytes that go to the server: MIME, with headers that stay as they are."""

from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from connectors.contract.mail import OutgoingMail, header_words

_utf8 = Charset("utf-8")
_utf8.body_encoding = QP
#: The older policy, because the newer one wraps and encodes what must stay whole: message ids and signed addresses.
_policy = compat32.clone(linesep="\r\n", max_line_length=None)


def encode_mail(mail: OutgoingMail, sender: str, sent_at: datetime) -> bytes:
    """The whole message. `sender` is the bare address that it comes from, `sent_at` is aware."""
    message = _with_files(mail) if mail.files else _body(mail)
    name = _words(mail.sender_name)
    message["From"] = f"{name} <{sender}>" if name else sender
    message["To"] = mail.recipient
    if mail.reply_to:
        message["Reply-To"] = f"{name} <{mail.reply_to}>" if name else mail.reply_to
    message["Subject"] = _words(mail.subject)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        message["In-Reply-To"] = mail.in_reply_to
    if mail.references:
        message["References"] = "\r\n ".join(mail.references)
    for header, value in mail.headers.items():
        message[header] = value
    return message.as_bytes(policy=_policy)


def _with_files(mail: OutgoingMail) -> MIMEMultipart:
    whole = MIMEMultipart("mixed")
    whole.attach(_body(mail))
    for file in mail.files:
        part = MIMEBase(*(file.media_type.split("/", 1) if "/" in file.media_type else ("application", "octet-stream")))
        part.set_payload(file.content)
        encode_base64(part)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", header_words(file.name)))
        whole.attach(part)
    return whole


def _body(mail: OutgoingMail) -> MIMEText | MIMEMultipart:
    text = MIMEText(mail.text, "plain", _utf8)  # type: ignore[arg-type]  # takes a Charset as well
    if mail.html is None:
        return text
    both = MIMEMultipart("alternative")
    both.attach(text)
    both.attach(MIMEText(mail.html, "html", _utf8))  # type: ignore[arg-type]
    return both


def _words(words: str) -> str:
    """Words of a header, encoded wherever they are more than letters and spaces: a comma in a name would part it."""
    if words.isascii() and all(sign.isalnum() or sign in " -_" for sign in words):
        return words
    return Header(words, "utf-8").encode(linesep="\r\n")
