"""The words of a Telegram message, and what came along with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.contract import Attachment, AttachmentKind

Json = Mapping[str, Any]

_UNREADABLE = ("story", "game", "invoice", "giveaway", "paid_media", "checklist", "gift", "unique_gift")
"""What customers may send and nobody can read here; it is noted, so that they aren't met with silence."""


def text_of(message: Json) -> str:
    """What was written, with the addresses behind linked words; for stickers and dice their emoji."""
    words = str(message.get("text") or message.get("caption") or "")
    if words:
        return _with_addresses(words, message.get("entities") or message.get("caption_entities") or ())
    if sticker := message.get("sticker"):
        return str(sticker.get("emoji") or "")
    if dice := message.get("dice"):
        return f"{dice['emoji']} {dice['value']}"
    if poll := message.get("poll"):
        return "\n".join([poll["question"], *(f"- {option['text']}" for option in poll["options"])])
    return ""


def _with_addresses(words: str, entities: Sequence[Json]) -> str:
    """An address hidden behind words is written after them, from the last to the first so that offsets stay true."""
    encoded = words.encode("utf-16-le", "surrogatepass")
    linked = [entity for entity in entities if entity["type"] == "text_link" and entity.get("url")]
    for entity in sorted(linked, key=lambda entity: -int(entity["offset"])):
        end = (entity["offset"] + entity["length"]) * 2
        encoded = encoded[:end] + f" ({entity['url']})".encode("utf-16-le") + encoded[end:]
    return encoded.decode("utf-16-le", "replace")


def attachments_of(message: Json) -> tuple[Attachment, ...]:
    """What came along, at most one thing: an album comes as several messages."""
    for key, read in _READERS.items():
        if found := message.get(key):
            return (read(found),)
    for key in _UNREADABLE:
        if key in message:
            return (Attachment(kind=AttachmentKind.DOCUMENT, name=key.replace("_", " ")),)
    return ()


def _photo(sizes: Sequence[Json]) -> Attachment:
    """Telegram gives every photo in several sizes; the largest is the one to read."""
    largest = max(sizes, key=lambda size: int(size["width"]) * int(size["height"]))
    return _file(AttachmentKind.PHOTO, largest, media_type="image/jpeg")


def _file(kind: AttachmentKind, file: Json, *, media_type: str = "") -> Attachment:
    return Attachment(
        kind=kind,
        external_id=file["file_id"],
        name=file.get("file_name") or file.get("title") or "",
        media_type=file.get("mime_type") or media_type,
        size=file.get("file_size"),
    )


def _reader(kind: AttachmentKind, media_type: str = "") -> Callable[[Any], Attachment]:
    return lambda file: _file(kind, file, media_type=media_type)


def _venue(venue: Json) -> Attachment:
    place = _location(venue["location"])
    facts = {**place.facts, "title": str(venue["title"]), "address": str(venue["address"])}
    return Attachment(kind=place.kind, facts=facts)


def _location(location: Json) -> Attachment:
    facts = {"latitude": str(location["latitude"]), "longitude": str(location["longitude"])}
    return Attachment(kind=AttachmentKind.LOCATION, facts=facts)


def _contact(contact: Json) -> Attachment:
    name = " ".join(part for part in (contact["first_name"], contact.get("last_name")) if part)
    return Attachment(
        kind=AttachmentKind.CONTACT_CARD, name=name, facts={"name": name, "phone": str(contact["phone_number"])}
    )


def _sticker(sticker: Json) -> Attachment:
    """Its emoji says what is meant; the picture isn't worth fetching."""
    return Attachment(kind=AttachmentKind.STICKER, facts={"emoji": str(sticker.get("emoji") or "")})


_READERS: Mapping[str, Callable[[Any], Attachment]] = {
    "photo": _photo,
    "animation": _reader(AttachmentKind.VIDEO, "video/mp4"),  # comes with a copy of itself as a document
    "document": _reader(AttachmentKind.DOCUMENT),
    "voice": _reader(AttachmentKind.VOICE, "audio/ogg"),
    "audio": _reader(AttachmentKind.VOICE, "audio/mpeg"),
    "video": _reader(AttachmentKind.VIDEO, "video/mp4"),
    "video_note": _reader(AttachmentKind.VIDEO, "video/mp4"),
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "sticker": _sticker,
}
