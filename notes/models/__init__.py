from notes.models.annotation import (
    Annotation,
    AnnotationProject,
    DataSetVersion,
    ProjectDocument,
    ProjectMember,
)
from notes.models.fact import Finding, NoteFact, ReadingRun
from notes.models.note import NoteBasis, NoteVersion, VisitNote
from notes.models.settings import NoteSettings
from notes.models.template import NoteTemplate, Phrase

__all__ = [
    "Annotation",
    "AnnotationProject",
    "DataSetVersion",
    "Finding",
    "NoteBasis",
    "NoteFact",
    "NoteSettings",
    "NoteTemplate",
    "NoteVersion",
    "Phrase",
    "ProjectDocument",
    "ProjectMember",
    "ReadingRun",
    "VisitNote",
]
