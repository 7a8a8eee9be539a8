"""The audit trail in plain words, for the people who review it. What is stored stays as it was written."""

from clinic.audit.models import AuditEvent
from clinic.audit.recording import Action
from clinic.models import Role

ACTIONS: dict[str, str] = {
    Action.VIEW: "looked at",
    Action.LIST: "saw a list",
    Action.SEARCH: "searched",
    Action.EXPORT: "downloaded",
    Action.PRINT: "printed",
    Action.SIGN_IN: "signed in",
    Action.SIGN_IN_FAILED: "failed to sign in",
    Action.SIGN_OUT: "signed out",
    Action.CREATE: "made",
    Action.CHANGE: "changed",
    Action.DELETE: "deleted",
    Action.JOIN: "connected to",
    Action.LEAVE: "disconnected from",
    Action.DENIED: "was refused",
    Action.ALERT: "raised an alert",
}
THINGS = {
    "audit_event": "audit trail",
    "clinic": "clinic settings",
    "clinic.RegisteredModel": "model",
    "clinic.User": "sign-in",
    "invitation": "invitation",
    "membership": "member's access",
    "page": "a page",
    "session": "",
    "notes.Annotation": "annotation",
    "notes.AnnotationProject": "annotation project",
    "notes.DataSetVersion": "data set",
    "notes.Finding": "findings",
    "notes.NoteSettings": "note settings",
    "notes.NoteTemplate": "note template",
    "notes.Phrase": "phrase",
    "notes.ProjectDocument": "document to annotate",
    "notes.ProjectMember": "part in an annotation project",
    "notes.ReadingRun": "reading of all notes again",
    "notes.VisitNote": "note",
    "notes.model_errors": "errors of a model",
    "patients.Alert": "alert",
    "patients.CareTeamMember": "place on a care team",
    "patients.Consent": "consent",
    "patients.EpisodeOfCare": "problem treated",
    "patients.ExerciseHold": "hold on exercise",
    "patients.Message": "message",
    "patients.Patient": "patient record",
    "prescriptions.ComparisonRun": "comparison of dosing",
    "prescriptions.DoseBounds": "limits of a dose",
    "prescriptions.DoseDecision": "proposal of a dose",
    "prescriptions.Exercise": "exercise",
    "prescriptions.ExerciseVersion": "version of an exercise",
    "prescriptions.LearnerState": "what AdaptRx has learned",
    "prescriptions.Prescription": "plan",
    "prescriptions.ProgrammeTemplate": "programme",
    "prescriptions.ProgressionProtocol": "progression protocol",
    "sessions.Article": "article or corrected answer",
    "sessions.AssistantSettings": "assistant settings",
    "sessions.Conversation": "conversation with the assistant",
    "sessions.Device": "device that sends",
    "sessions.ExerciseSet": "set of an exercise",
    "sessions.ModelProvider": "language model provider",
    "sessions.MovementAlarm": "movement alarm",
    "sessions.MovementRequest": "test that was asked for",
    "sessions.MovementSettings": "movement settings",
    "sessions.MovementUpload": "sent sensor files",
    "sessions.Recording": "movement recording",
    "sessions.SafetyRun": "run of the safety suite",
    "sessions.TherapySession": "exercise session",
    "sessions.VideoUpload": "uploaded film",
}
DOORS = {
    "page": "page",
    "api": "API",
    "socket": "live connection",
    "task": "background work",
    "command": "command",
}


def action_words(action: str) -> str:
    """ "signed in" for "sign_in"; a word of later days is shown as it is."""
    return ACTIONS.get(action, action.replace("_", " "))


def thing_words(object_type: str) -> str:
    """ "patient record" for "patients.Patient"."""
    return THINGS.get(object_type, object_type)


def role_words(event: AuditEvent) -> str:
    """The role in which it was done, as the pages call it."""
    roles: dict[str, str] = dict(Role.choices)
    return roles.get(event.actor_role, event.actor_role)


def what_words(event: AuditEvent) -> str:
    """ "looked at: patient record"."""
    thing = thing_words(event.object_type)
    return f"{action_words(event.action)}: {thing}" if thing else action_words(event.action)


def door_words(event: AuditEvent) -> str:
    """Through which door it was done."""
    return DOORS.get(event.via, event.via)
