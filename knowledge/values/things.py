"""Ways of paying, carriers, platforms, file formats and sizes: our own lists, to be added to."""

from functools import cache

from knowledge.values.mention import NameTable, ValueKind, ValueTerm, name_key

_CARD = "card"
_CREDIT = "credit card"
#: Key, what it is part of, and its names.
_PAYMENTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (_CARD, (), "mit Karte|per Karte|mit der Karte|Karten|Kartenzahlung|by card|with card|cards|par carte"),
    (_CREDIT, (_CARD,), "Kreditkarte|Kreditkarten|credit card|credit cards|carte de crédit|carte bancaire"),
    ("debit card", (_CARD,), "Debitkarte|Debitkarten|Bankkarte|debit card|debit cards"),
    ("visa", (_CARD, _CREDIT), "Visa|Visa-Karte|Visakarte"),
    ("mastercard", (_CARD, _CREDIT), "Mastercard|Master Card|Eurocard"),
    ("amex", (_CARD, _CREDIT), "American Express|Amex"),
    ("diners", (_CARD, _CREDIT), "Diners|Diners Club"),
    ("discover", (_CARD, _CREDIT), "Discover Card"),
    ("jcb", (_CARD, _CREDIT), "JCB"),
    ("unionpay", (_CARD, _CREDIT), "UnionPay|Union Pay"),
    ("maestro", (_CARD, "debit card"), "Maestro|Maestrokarte"),
    ("v pay", (_CARD, "debit card"), "V-Pay|VPay"),
    ("girocard", (_CARD, "debit card"), "Girocard|EC-Karte|EC|EC-Cash|ec card"),
    ("paypal", (), "PayPal|Pay Pal"),
    ("klarna", (), "Klarna"),
    ("apple pay", ("mobile payment",), "Apple Pay|ApplePay"),
    ("google pay", ("mobile payment",), "Google Pay|GooglePay|GPay"),
    ("samsung pay", ("mobile payment",), "Samsung Pay"),
    ("amazon pay", (), "Amazon Pay|AmazonPay"),
    ("twint", ("mobile payment",), "Twint"),
    ("wero", ("mobile payment",), "Wero"),
    ("venmo", (), "Venmo"),
    ("zelle", (), "Zelle"),
    ("cash app", (), "Cash App"),
    ("alipay", (), "Alipay"),
    ("wechat pay", (), "WeChat Pay"),
    ("giropay", (), "Giropay|Paydirekt"),
    ("ideal", (), "iDEAL"),
    ("bancontact", (), "Bancontact"),
    ("eps", (), "EPS-Überweisung|eps"),
    ("przelewy24", (), "Przelewy24|Przelewy|BLIK"),
    ("paysafecard", (), "Paysafecard|Paysafe"),
    ("sofort", (), "Sofortüberweisung|Sofort-Überweisung"),
    ("crypto", (), "Krypto|Kryptowährung|Kryptowährungen|Bitcoin|Bitcoins|Ethereum|crypto|cryptocurrency"),
    ("mobile payment", (), "Handyzahlung|mobile payment|contactless"),
    ("direct debit", (), "Lastschrift|SEPA-Lastschrift|Bankeinzug|Einzugsermächtigung|direct debit|prélèvement"),
    ("invoice", (), "auf Rechnung|Kauf auf Rechnung|Rechnungskauf|per Rechnung|by invoice|on invoice|sur facture"),
    ("advance", (), "Vorkasse|Vorauskasse|Vorauszahlung|prepayment|payment in advance|bank transfer in advance"),
    ("transfer", (), "Überweisung|Banküberweisung|bank transfer|wire transfer|virement"),
    ("instalments", (), "Raten|Ratenzahlung|Ratenkauf|in Raten|instalments|installments|Finanzierung"),
    ("cash", (), "bar|Barzahlung|Bargeld|cash|en espèces|espèces"),
    ("delivery", (), "Nachnahme|per Nachnahme|cash on delivery|COD"),
    ("cheque", (), "Scheck|Schecks|Verrechnungsscheck|cheque|cheques|check by post|chèque"),
    ("gift card", (), "Geschenkkarte|Geschenkkarten|Geschenkgutschein|gift card|gift cards"),
)
_CARRIERS = "DHL|DPD|GLS|UPS|FedEx|Hermes|TNT|USPS|Royal Mail|Evri|Parcelforce|Deutsche Post|Amazon Logistics|Yodel"
_PLATFORMS = (
    "iOS,iPhone,iPhones,iPad|Android|Windows|macOS,Mac,MacBook,OS X|Linux,Ubuntu|Chromebook,ChromeOS|Firefox|Safari|"
    "Chrome|Edge|Huawei|Apple Watch|Garmin|Fitbit|Alexa|Playstation,PS5|Xbox|Nintendo Switch|Kindle|Tolino|Kobo"
)
_FORMATS = "PDF|CSV|TSV|XLSX,XLS,Excel|DOCX,DOC,Word|ODS|ODT|JSON|XML|EPUB|MOBI|PNG|JPEG,JPG|HEIC|TIFF|GIF|SVG|MP3|MP4"
_SIZES = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl", "xxxxxl")
_SIZE_NAMES = {f"{n}xl": "x" * n + "l" for n in range(2, 6)}


@cache
def thing_names() -> NameTable:
    """Everything of these kinds by name."""
    names: dict[str, tuple[ValueTerm, ...]] = {}
    for key, groups, written in _PAYMENTS:
        _add(names, ValueTerm(kind=ValueKind.PAYMENT, key=key, groups=frozenset(groups)), written.split("|"))
    for kind, listed in (
        (ValueKind.CARRIER, _CARRIERS),
        (ValueKind.PLATFORM, _PLATFORMS),
        (ValueKind.FILE_FORMAT, _FORMATS),
    ):
        for written in listed.split("|"):
            same = written.split(",")
            _add(names, ValueTerm(kind=kind, key=same[0].casefold()), same)
    return names


def size_place(written: str) -> int | None:
    """Where a size in letters stands among them, from the smallest; None when it is none."""
    size = written.casefold()
    size = _SIZE_NAMES.get(size, size)
    return _SIZES.index(size) if size in _SIZES else None


def _add(names: dict[str, tuple[ValueTerm, ...]], term: ValueTerm, written: list[str]) -> None:
    for name in written:
        names[name_key(name)] = (term,)
