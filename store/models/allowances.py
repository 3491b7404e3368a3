"""What the business allows agents to offer: a replacement, a voucher, a refund up to an amount."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now


class AllowanceRecord(Base):
    """An offer that agents may make in conversations about `topic` (a category; "": about all of them).

    `name` is what its button says; `texts` are the sentences by catalog: "de" (Sie), "de@informal" (du), "en".
    """

    __tablename__ = "allowances"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(128), default="")
    texts: Mapped[dict[str, str]]
    is_on: Mapped[bool] = mapped_column(default=True)
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=now)
