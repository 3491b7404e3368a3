"""Who did what: entries that are only ever added, chained by their hashes."""

from helpdesk.audit.audit_log import Actor, AuditAct, AuditLog
from helpdesk.audit.chain import BrokenChain, ChainReport, verify_chain

__all__ = ["Actor", "AuditAct", "AuditLog", "BrokenChain", "ChainReport", "verify_chain"]
