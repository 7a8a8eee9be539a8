"""Tenants, people, and who looked at what."""

from clinic.audit.models import AuditChainHead, AuditEvent, AuditEventPatient, AuditSeal, FieldChange
from clinic.models.clinic import Clinic
from clinic.models.invitation import Invitation
from clinic.models.membership import Membership, Role
from clinic.models.registered_model import RegisteredModel
from clinic.models.user import User

__all__ = [
    "AuditChainHead",
    "AuditEvent",
    "AuditEventPatient",
    "AuditSeal",
    "Clinic",
    "FieldChange",
    "Invitation",
    "Membership",
    "RegisteredModel",
    "Role",
    "User",
]
