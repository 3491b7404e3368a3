"""Everything that can be set, in one table. Values come from `STAFFEL_…` environment variables or `.env`."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url

from i18n import available_languages


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Names = Annotated[list[str], NoDecode, BeforeValidator(_split)]


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _is_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"expected the name of a time zone such as Europe/Berlin, came {name!r}")
    return name


Zone = Annotated[str, AfterValidator(_is_zone)]


def _is_spoken(language: str) -> str:
    languages = available_languages("customer")
    if language not in languages:
        raise ValueError(f"expected one of {', '.join(languages)}, came {language!r}")
    return language


CustomerLanguage = Annotated[str, AfterValidator(_is_spoken)]


#: No backup lasts longer, and no longer has the database to know who was erased since.
MAX_BACKUP_DAYS = 365


class Settings(BaseSettings):
    """Read once at start. Secrets are `SecretStr`, so that showing the settings doesn't show them."""

    model_config = SettingsConfigDict(env_prefix="STAFFEL_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="Folder for the embedded database, the bot's memory and logs")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in STAFFEL_HOME")
    redis_url: str = Field("", description="Redis for hints between instances; empty: one instance")
    rasa_url: str = Field("http://127.0.0.1:5005", description="Where the bot listens")
    host: str = Field("127.0.0.1", description="Address helpdesk listens on")
    port: int = Field(8765, ge=0, le=65535, description="Port helpdesk listens on")
    public_url: str = Field("", description="Address people reach this installation at; empty: http://host:port")
    webchat_origins: Names = Field(
        default_factory=list, description="Sites that may show the web chat, comma separated"
    )
    site_hosts: Names = Field(
        default_factory=list,
        description="Hosts in your own network whose pages may be read into articles, comma separated, e.g. wiki:8080",
    )
    lookup_hosts: Names = Field(
        default_factory=list,
        description="Hosts in your own network that the bot may look things up at, comma separated, e.g. erp:8080",
    )
    webhook_hosts: Names = Field(
        default_factory=list,
        description="Hosts in your own network that webhooks may call, comma separated, e.g. crm:8080",
    )
    push_hosts: Names = Field(
        default_factory=list,
        description="Hosts in your own network that push messages may go to, comma separated; for trying things out",
    )
    trusted_proxies: Names = Field(default_factory=list, description="Proxies whose X-Forwarded-For is believed")
    bot_secret: SecretStr = Field(SecretStr(""), description="Shared by helpdesk and bot, 32 characters or more")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs and encrypts, 32 characters or more")
    bot_name: str = Field("Staffel", description="The name the bot goes by")
    company: str = Field("", max_length=80, description="The company's name, as agents' canned replies say it")
    language: CustomerLanguage = Field("de", description="Language of a conversation until the customer's is known")
    foreign_language: CustomerLanguage = Field(
        "en", description="Language of answers to customers who write one that isn't offered"
    )
    formality: Literal["sie", "du"] = Field("sie", description="How German customers are addressed")
    time_zone: Zone = Field(
        "Europe/Berlin", description="Time zone of times that are told, unless the customer's is known"
    )
    answer_within: int = Field(
        60, ge=1, description="Minutes of opening time within which a waiting customer is promised an answer"
    )
    agent_patience: int = Field(
        10,
        ge=1,
        description="Minutes a customer may wait for an agent's answer before a colleague gets the conversation",
    )
    expire_days: int = Field(7, ge=1, description="Days after which a request for a person that nobody took up ends")
    second_factor: Literal["off", "admins", "everybody"] = Field(
        "off", description="Who must sign in with a code of an authenticator app besides the password; all others may"
    )
    password_sign_in: Literal["on", "off"] = Field(
        "on", description="Whether staff may sign in with a password; off: with a provider alone"
    )
    sign_in_hosts: Names = Field(
        default_factory=list,
        description="Hosts in your own network that staff sign in with, comma separated, e.g. keycloak:8080",
    )
    help_centre: Literal["on", "off"] = Field("on", description="Public pages of the articles at /help")
    telegram_api_url: str = Field(
        "", description="Telegram's Bot API, when it isn't the public one, e.g. a server of your own"
    )
    slack_api_url: str = Field("", description="Slack's Web API, when it isn't the public one; for trying things out")
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server, e.g. starttls://user:password@mail.example.com:587; empty: no mail is sent",
    )
    mail_from: str = Field(
        "", description="Address that mails come from, a name before it or not; empty: the user of STAFFEL_SMTP_URL"
    )
    imap_url: SecretStr = Field(
        SecretStr(""),
        description="Mailbox that is read, e.g. imaps://user:password@mail.example.com/INBOX; empty: none",
    )
    mail_secret: SecretStr = Field(
        SecretStr(""), description="Signs mails that a provider hands in at /email/inbound; empty: none are taken"
    )
    mail_addresses: Names = Field(
        default_factory=list,
        description="Further addresses of yours whose mail arrives here, comma separated, e.g. info@example.com",
    )
    spam_header: str = Field(
        "", description="How your mail server marks spam beside X-Spam-Flag, e.g. X-Rspamd-Action: reject"
    )
    mail_after: int = Field(
        300, ge=1, description="Seconds until an answer that wasn't seen in the web chat goes by e-mail"
    )
    rewording_url: str = Field(
        "", description="A language model that may reword texts, up to /v1; empty: what an admin enters on its page"
    )
    rewording_key: SecretStr = Field(SecretStr(""), description="The key of that language model")
    rewording_model: str = Field("", description="The model's name there")
    translation_url: str = Field(
        "", description="A translation service for agents (LibreTranslate, DeepL, a language model); empty: none"
    )
    translation_form: Literal["libretranslate", "deepl", "model"] = Field(
        "libretranslate", description="Whose interface the translation service has"
    )
    translation_key: SecretStr = Field(SecretStr(""), description="The key of the translation service")
    translation_model: str = Field("", description="The model's name, where a language model translates")
    translation_own_network: bool = Field(
        False, description="Whether the translation service may have a private address, without https too"
    )
    turn_deadline: float = Field(
        10.0, gt=0, description="Seconds until a customer gets an answer or an honest fallback"
    )
    turn_workers: int = Field(8, ge=1, description="Turns worked on at the same time by one instance")
    lease: float = Field(
        30.0, gt=0, description="Seconds after which another instance takes over a stalled turn or delivery"
    )
    offer_seconds: float = Field(
        30.0, gt=0, description="Seconds an agent has to accept an offer before the next agent is asked"
    )
    undo_seconds: float = Field(
        3.0,
        ge=0,
        le=10,
        description="Seconds in which an agent can take back an answer or a resolution; 0: they count at once",
    )
    retention_days: int = Field(90, ge=1, description="Days without a change after which a conversation is erased")
    erasure_rule: Literal["one", "two"] = Field(
        "one", description="How many admins the erasure of a person takes; two: one asks, another confirms"
    )
    backup_days: int = Field(
        30,
        ge=1,
        le=MAX_BACKUP_DAYS,
        description="Days after which a backup has ended: `backup --prune` removes it, and it isn't put back unasked",
    )
    audit_days: int = Field(365, ge=30, description="Days after which an entry of the audit log is removed")
    audit_stream: str = Field(
        "", description="Where entries of the audit log also go, as lines of JSON: a file's path, or stdout"
    )
    files_url: SecretStr = Field(
        SecretStr(""),
        description="Bucket for files, e.g. s3://key:secret@s3.example.com/staffel?region=eu-central-1; "
        "empty: the database",
    )
    file_days: int = Field(30, ge=1, description="Days after which a file is erased; its message stays")
    log_format: Literal["console", "json"] = Field("console", description="Form of the log lines")
    metrics_token: SecretStr = Field(SecretStr(""), description="Bearer token for /metrics; empty: loopback only")
    traces_url: str = Field(
        "",
        description="Where spans of turns go (OTLP over HTTP); empty: there are none, and nothing of it is loaded",
    )
    traces_share: float = Field(1.0, ge=0, le=1, description="Of so many turns there are spans, from 0 to 1")
    failpoints: str = Field(
        "", description="For trying faults only: places at which to die, e.g. inbox.after_commit=kill@3"
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home.resolve() / 'staffel.db'}"

    @property
    def proxy_problem(self) -> str:
        """What has to be set before this may start behind a proxy; empty when all is well.

        TLS ends at a proxy. Unless it is trusted, everybody has its address, and every limit by address is everybody's.
        """
        if urlsplit(self.origin).scheme != "https" or self.trusted_proxies:
            return ""
        return (
            "STAFFEL_PUBLIC_URL begins with https://, so a proxy stands before Staffel, and none is trusted. "
            "Set STAFFEL_TRUSTED_PROXIES to the address that it connects from: 127.0.0.1 if it runs on this machine, "
            "else its own or its network, such as 10.0.0.0/8."
        )

    def shown(self) -> dict[str, object]:
        """The settings as they may be shown: without secrets, the passwords in addresses included."""
        values = self.model_dump(mode="json")
        for name in ("database_url", "redis_url"):
            values[name] = make_url(values[name]).render_as_string(hide_password=True) if values[name] else ""
        secrets = {
            name: getattr(self, name).get_secret_value()
            for name in (
                "files_url",
                "imap_url",
                "mail_secret",
                "metrics_token",
                "rewording_key",
                "smtp_url",
                "translation_key",
            )
        }
        return values | {name: "set" if secret else "" for name, secret in secrets.items()}

    @property
    def names(self) -> tuple[str, str]:
        """What this installation is called: the bot's name, and the host that people reach it at."""
        return self.bot_name, urlsplit(self.origin).hostname or ""

    @property
    def origin(self) -> str:
        """The public address, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
