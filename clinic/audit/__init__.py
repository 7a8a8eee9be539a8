"""Who looked at it, who changed it, who exported it: append-only and hash-chained."""

from clinic.audit.actor import Actor, acting, current_actor
from clinic.audit.field_changes import register
from clinic.audit.recording import Action, record

__all__ = ["Action", "Actor", "acting", "current_actor", "record", "register"]
