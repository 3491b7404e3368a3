"""Where members of staff sign in besides here: OpenID Connect providers, and who somebody is there."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument


class SignInProvider(Base):
    """A provider that staff sign in with. `definition` is read and written in `helpdesk.single_sign_on.definition`.

    `secret` is the client's secret, encrypted; empty for a client without one.
    """

    __tablename__ = "sign_in_providers"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    is_on: Mapped[bool] = mapped_column(default=False)
    definition: Mapped[JsonDocument] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class AgentIdentity(Base):
    """Who an agent is at a provider: `subject` is the provider's own id of them, never given to anybody else."""

    __tablename__ = "agent_identities"
    provider_id: Mapped[str] = mapped_column(ForeignKey("sign_in_providers.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime] = mapped_column(default=now)
