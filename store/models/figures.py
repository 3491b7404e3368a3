"""Figures by day that outlive the conversations that they were counted from."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base
from store.models.json_value import JsonDocument


class DailyFigures(Base):
    """What was counted on one day of the installation's time zone, for all or for one value of a dimension.

    `dimension` is a `Dimension`, `value` an id, a key or a code; "" where there is none. `figures` are sums and
    histograms, `hours` what came in by hour, both read and written by `FigureSums`: no words, nobody's name. The sums
    of a whole week stand beside its days, on its Monday, with "week." before the dimension.
    """

    __tablename__ = "daily_figures"
    dimension: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(128), primary_key=True)
    figures: Mapped[JsonDocument]
    hours: Mapped[JsonDocument]
