"""What the assistant may quote beside the plan: written in versions, approved by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Membership
from sessions.assistant_errors import ApprovalNeedsAnother, ArticleRetired, NothingToCorrect
from sessions.models import Article, ArticleVersion, Turn
from sessions.selectors.assistant.articles import has_other_therapist, missing_starters

OBJECT = "sessions.Article"
TITLE_LENGTH, BODY_LENGTH, SOURCE_LENGTH, QUESTION_LENGTH = 120, 6000, 300, 200
MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one version. `questions`: how patients might ask for it."""

    title: str
    body: str
    questions: tuple[str, ...] = ()
    source: str = ""


def write_article(
    article: Article | None, wording: Wording, *, by: Membership, exercise_code: str = ""
) -> ArticleVersion:
    """Write a new article, or the next version of one. It is quoted once it is approved, not before.

    Raises Invalid, ArticleRetired.
    """
    kept = _checked(wording)
    with transaction.atomic():
        if article is None:
            article = Article.objects.create(exercise_code=exercise_code)
        else:
            article = _locked(article)
            if article.retired_at is not None:
                raise ArticleRetired
            article.exercise_code = exercise_code
            article.save(update_fields=["exercise_code", "updated_at"])
        return _add_version(article, kept, by=by)


def approve_version(version: ArticleVersion, *, by: Membership) -> ArticleVersion:
    """Let the assistant quote it. Raises ApprovalNeedsAnother for who wrote it, ArticleRetired.

    A clinic with a single clinician may approve its own words: there is nobody else.
    """
    with transaction.atomic():
        article = _locked(version.article)
        version = ArticleVersion.objects.select_for_update().get(pk=version.pk)
        if article.retired_at is not None:
            raise ArticleRetired
        if version.approved_at is not None:
            return version
        if version.written_by_id == by.pk and has_other_therapist(by):
            raise ApprovalNeedsAnother
        version.approved_by, version.approved_at = by, timezone.now()
        version.save(update_fields=["approved_by", "approved_at", "updated_at"])
        _record("change", article, by_state="approved", number=version.number)
    return version


def retire_article(article: Article, *, by: Membership) -> Article:
    """Quote it no more. Doing it twice keeps the first time."""
    with transaction.atomic():
        article = _locked(article)
        if article.retired_at is None:
            article.retired_at, article.retired_by = timezone.now(), by
            article.save(update_fields=["retired_at", "retired_by", "updated_at"])
            _record("change", article, by_state="retired")
    return article


def restore_article(article: Article) -> Article:
    """Take it back; its approved version is quoted again."""
    with transaction.atomic():
        article = _locked(article)
        if article.retired_at is not None:
            article.retired_at = article.retired_by = None
            article.save(update_fields=["retired_at", "retired_by", "updated_at"])
            _record("change", article, by_state="restored")
    return article


def correct_answer(
    turn: Turn, *, question: str, answer: str, by: Membership, for_everybody: bool
) -> ArticleVersion:
    """Give another answer to a question from now on.

    For this patient it counts at once; for everybody a second person approves it first. Raises Invalid,
    NothingToCorrect when the turn is no answer of the assistant.
    """
    if turn.author != Turn.Author.ASSISTANT:
        raise NothingToCorrect
    kept = _checked(Wording(title=question[:TITLE_LENGTH], body=answer, questions=(question,)))
    with transaction.atomic():
        article = Article.objects.create(
            kind=Article.Kind.CORRECTION,
            patient=None if for_everybody else turn.conversation.patient,
            turn=turn,
            exercise_code=turn.exercise_code,
        )
        version = _add_version(article, kept, by=by)
        if not for_everybody:
            version.approved_by, version.approved_at = by, timezone.now()
            version.save(update_fields=["approved_by", "approved_at", "updated_at"])
    return version


def add_starter_articles(*, by: Membership) -> int:
    """Write the shipped articles that this clinic does not have yet, to be approved; answers how many."""
    missing = missing_starters()
    with transaction.atomic():
        for each in missing:
            wording = Wording(each["title"], each["body"], tuple(each["questions"]), each["source"])
            write_article(None, wording, by=by, exercise_code=each["exercise_code"])
    return len(missing)


def _checked(wording: Wording) -> Wording:
    title, body, source = (_clean(text) for text in (wording.title, wording.body, wording.source))
    questions = _questions(wording.questions)
    faults: dict[str, str] = {}
    if not title or len(title) > TITLE_LENGTH:
        faults["title"] = f"A title of 1 to {TITLE_LENGTH} letters."
    if not body or len(body) > BODY_LENGTH:
        faults["body"] = f"1 to {BODY_LENGTH:,} letters."
    if len(source) > SOURCE_LENGTH:
        faults["source"] = f"At most {SOURCE_LENGTH} letters."
    if len(questions) > MOST_QUESTIONS or any(len(one) > QUESTION_LENGTH for one in questions):
        faults["questions"] = f"At most {MOST_QUESTIONS} questions of {QUESTION_LENGTH} letters."
    if faults:
        raise Invalid("Please look at the marked fields.", fields=faults)
    return Wording(title, body, questions, source)


def _questions(asked: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kept for one in asked if (kept := _clean(one))))


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _locked(article: Article) -> Article:
    return Article.objects.select_for_update().get(pk=article.pk)


def _add_version(article: Article, wording: Wording, *, by: Membership) -> ArticleVersion:
    last = ArticleVersion.objects.filter(article=article).order_by("-number").first()
    version = ArticleVersion.objects.create(
        article=article,
        number=1 if last is None else last.number + 1,
        title=wording.title,
        questions=list(wording.questions),
        body=wording.body,
        source=wording.source,
        written_by=by,
    )
    _record("create" if last is None else "change", article, number=version.number)
    return version


def _record(action: str, article: Article, *, by_state: str = "written", number: int | None = None) -> None:
    record(
        action,
        patient=article.patient_id,
        object_type=OBJECT,
        object_ref=article.ref,
        detail={"state": by_state, **({} if number is None else {"version": number})},
    )
