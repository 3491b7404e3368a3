"""What the API's functions work with."""

from dataclasses import dataclass

from helpdesk.conversations import Conversations
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.events.event_stream import EventStream
from helpdesk.files.attached_files import AttachedFiles
from helpdesk.files.file_store import FileStore
from helpdesk.notices.notice_store import NoticeStore
from helpdesk.privacy.erasure_requests import Erasures
from helpdesk.views.timeline import Timeline
from knowledge.search.library import Library
from store.db import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiComponents:
    """The parts of one helpdesk that programs reach."""

    db: Database
    conversations: Conversations
    inbox: ContactInbox
    timeline: Timeline
    library: Library
    notices: NoticeStore
    events: EventStream
    erasures: Erasures
    files: FileStore
    attached: AttachedFiles
