"""How many agents took conversations, quarter by quarter: a count, and nobody's hours."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class StaffingSample(Base):
    """How many agents were online at the beginning of a quarter of an hour. Who they were is kept nowhere."""

    __tablename__ = "staffing_samples"
    at: Mapped[datetime] = mapped_column(primary_key=True)
    online: Mapped[int]
