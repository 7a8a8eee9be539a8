"""Named reads of what the assistant may quote."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.models import Membership, Role
from clinic.word_diff import TextDiff, compare
from patients.models import Patient
from patients.selectors import check_patient_access
from sessions.assistant_errors import ArticleNotFound
from sessions.models import Article, ArticleVersion
from sessions.rehab_bot.readability import reading_grade
from sessions.rehab_bot.types import Passage, PassageKind

MOST_LISTED = 50
STARTERS_FILE = Path(__file__).resolve().parents[2] / "starter_articles.json"
# Sixth grade, as everything that patients read here.
HARD_TO_READ = 6.5


def approved_passages(patient: Patient) -> tuple[Passage, ...]:
    """What may be quoted to this patient: of each article the newest approved version, corrections first."""
    articles = Article.objects.filter(Q(patient=None) | Q(patient=patient), retired_at=None)
    newest = _newest_approved(articles)
    rows = sorted(newest, key=lambda version: (version.article.kind != Article.Kind.CORRECTION, version.pk))
    return tuple(_passage(version) for version in rows)


def _newest_approved(articles: QuerySet[Article]) -> Iterable[ArticleVersion]:
    versions = ArticleVersion.objects.filter(article__in=articles, approved_at__isnull=False)
    return versions.select_related("article").order_by("article_id", "-number").distinct("article_id")


def _passage(version: ArticleVersion) -> Passage:
    is_correction = version.article.kind == Article.Kind.CORRECTION
    return Passage(
        ref=f"{'correction' if is_correction else 'article'}:{version.ref}",
        kind=PassageKind.CORRECTION if is_correction else PassageKind.ARTICLE,
        title=version.title,
        text=version.body,
        exercise_code=version.article.exercise_code,
        questions=tuple(version.questions),
    )


def articles_of_clinic() -> QuerySet[Article]:
    """Every article and correction for everybody, the newest first, with its versions."""
    return Article.objects.filter(patient=None).prefetch_related("versions__written_by").order_by("-id")


def missing_starters() -> list[dict[str, Any]]:
    """The shipped articles whose titles this clinic does not have yet, in whatever state."""
    shipped = json.loads(STARTERS_FILE.read_text(encoding="utf-8"))["articles"]
    there = set(ArticleVersion.objects.values_list("title", flat=True))
    return [each for each in shipped if each["title"] not in there]


def access_article(membership: Membership, ref: UUID | str, *, purpose: str) -> Article:
    """An article, or a correction for a patient whom this person may open. Raises ArticleNotFound."""
    try:
        article = Article.objects.select_related("patient", "turn").filter(ref=UUID(str(ref))).first()
    except ValueError as wrong:
        raise ArticleNotFound from wrong
    if article is None:
        raise ArticleNotFound
    if article.patient is not None:
        check_patient_access(membership, article.patient.ref, purpose=purpose)
    return article


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """One line of the list. `state` is "quoted", "waiting" (never approved), "changed" (a newer version
    waits) or "retired".
    """

    article: Article
    newest: ArticleVersion
    approved: ArticleVersion | None

    @property
    def state(self) -> str:
        if self.article.retired_at is not None:
            return "retired"
        if self.approved is None:
            return "waiting"
        return "quoted" if self.approved.pk == self.newest.pk else "changed"

    @property
    def exercise_words(self) -> str:
        return self.article.exercise_code.replace("_", " ").capitalize()


def listed_articles(search: str = "") -> list[ListedArticle]:
    """What stands for everybody: what waits for approval first, the retired last; then by title.

    `search` is looked for in the newest words, whatever its case.
    """
    order = {"waiting": 0, "changed": 1, "quoted": 2, "retired": 3}
    wanted = search.casefold()
    listed = [each for article in articles_of_clinic() if wanted in _searched(each := _listed(article))]
    return sorted(listed, key=lambda each: (order[each.state], each.newest.title.casefold()))


def _searched(listed: ListedArticle) -> str:
    newest = listed.newest
    return "\n".join((newest.title, newest.body, *newest.questions)).casefold()


def _listed(article: Article) -> ListedArticle:
    versions = sorted(article.versions.all(), key=lambda version: -version.number)
    return ListedArticle(
        article, versions[0], next((each for each in versions if each.approved_at is not None), None)
    )


def newest_version(article: Article) -> ArticleVersion:
    return article.versions.select_related("written_by", "approved_by").order_by("-number")[0]


def as_initial(version: ArticleVersion | None) -> dict[str, str]:
    """What the form shows of a version at first."""
    if version is None:
        return {}
    return {
        "title": version.title,
        "body": version.body,
        "questions": "\n".join(version.questions),
        "source": version.source,
        "exercise_code": version.article.exercise_code,
    }


def version_of(article: Article, number: str) -> ArticleVersion:
    """Raises ArticleNotFound."""
    found = article.versions.filter(number=number).first() if number.isdecimal() and len(number) < 9 else None
    if found is None:
        raise ArticleNotFound
    return found


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article with its newest version read as a patient reads it. `grade` is that of its words."""

    versions: tuple[ArticleVersion, ...]
    approved: ArticleVersion | None
    grade: float
    may_approve: bool
    old: ArticleVersion | None = None
    diff: TextDiff | None = None

    @property
    def newest(self) -> ArticleVersion:
        return self.versions[0]

    @property
    def is_hard_to_read(self) -> bool:
        return self.grade > HARD_TO_READ


def article_page(article: Article, *, old: str, by: Membership) -> ArticlePage:
    """`old`: the number of the version with which the newest is compared; anything else compares nothing."""
    versions = tuple(
        article.versions.select_related("written_by", "approved_by").order_by("-number")[:MOST_LISTED]
    )
    newest = versions[0]
    other = next((each for each in versions if str(each.number) == old and each.pk != newest.pk), None)
    is_own = newest.written_by_id == by.pk
    return ArticlePage(
        versions=versions,
        approved=next((each for each in versions if each.approved_at is not None), None),
        grade=round(reading_grade(newest.body), 1),
        may_approve=newest.approved_at is None and not (is_own and has_other_therapist(by)),
        old=other,
        diff=None if other is None else compare(other.body, newest.body),
    )


def has_other_therapist(membership: Membership) -> bool:
    """Whether somebody else of this clinic could approve."""
    others = Membership.objects.filter(
        clinic_id=membership.clinic_id, role=Role.THERAPIST, is_active=True
    ).exclude(pk=membership.pk)
    return others.exists()
