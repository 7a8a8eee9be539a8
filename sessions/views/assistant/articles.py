"""The clinic's knowledge: what the assistant may quote, in versions, approved by a second person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Invalid
from clinic.models import Role
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from prescriptions.selectors.library import current_versions
from sessions.forms_articles import ArticleForm
from sessions.selectors.assistant import articles as selectors
from sessions.services.assistant import articles as services


def exercise_choices() -> list[tuple[str, str]]:
    """The clinic's exercises by name."""
    versions = current_versions().select_related("exercise")
    return sorted(((each.exercise.code, each.exercise.name) for each in versions), key=lambda pair: pair[1])


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def articles(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    return render(
        request,
        "sessions/assistant/articles.html",
        {
            "articles": selectors.listed_articles(search),
            "search": search,
            "may_write": request.membership.role == Role.THERAPIST,
            "has_starters": not selectors.missing_starters(),
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST)
def new_article(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    return _write(request, clinic_slug, None)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST)
def edit_article(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    return _write(request, clinic_slug, ref)


def _write(request: ClinicRequest, clinic_slug: str, ref: UUID | None) -> HttpResponse:
    article = (
        None if ref is None else selectors.access_article(request.membership, ref, purpose="write article")
    )
    newest = None if article is None else selectors.newest_version(article)
    form = ArticleForm(
        request.POST or None, exercises=exercise_choices(), initial=selectors.as_initial(newest)
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = services.write_article(
                article,
                form.wording(),
                by=request.membership,
                exercise_code=form.cleaned_data["exercise_code"],
            )
        except Invalid as error:
            for field, words in error.fields.items():
                form.add_error(field if field in form.fields else None, words)
        else:
            messages.success(request, "Saved. A colleague approves it before patients read it.")
            return redirect("sessions:article", clinic_slug, version.article.ref)
    return render(
        request,
        "sessions/assistant/edit_article.html",
        {"form": form, "article": article, "newest": newest},
        status=400 if form.errors else 200,
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def article(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    shown = selectors.access_article(request.membership, ref, purpose="read article")
    page = selectors.article_page(shown, old=request.GET.get("old", ""), by=request.membership)
    may_write = request.membership.role == Role.THERAPIST
    return render(
        request,
        "sessions/assistant/article.html",
        {
            "article": shown,
            "page": page,
            "may_write": may_write,
            "may_approve": may_write and page.may_approve,
        },
    )


@require_POST
@require_role(Role.THERAPIST)
def approve_article(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Approve the version that was read; a newer one that came meanwhile stays unapproved."""
    shown = selectors.access_article(request.membership, ref, purpose="approve article")
    version = selectors.version_of(shown, request.POST.get("version", ""))
    services.approve_version(version, by=request.membership)
    messages.success(request, f"Version {version.number} may be quoted now.")
    return redirect("sessions:article", clinic_slug, shown.ref)


@require_POST
@require_role(Role.THERAPIST)
def retire_article(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    shown = selectors.access_article(request.membership, ref, purpose="retire article")
    if request.POST.get("back") == "yes":
        services.restore_article(shown)
        messages.success(request, "It may be quoted again.")
    else:
        services.retire_article(shown, by=request.membership)
        messages.success(request, "It is not quoted any more. You can take it back on its page.")
    return redirect("sessions:article", clinic_slug, shown.ref)


@require_POST
@require_role(Role.THERAPIST)
def add_starter_articles(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    added = services.add_starter_articles(by=request.membership)
    words = "Six" if added == 6 else str(added)
    messages.success(
        request, f"{words} articles are here to be read and approved." if added else "All there."
    )
    return redirect("sessions:articles", clinic_slug)


article_urlpatterns = [
    path("knowledge/", articles, name="articles"),
    path("knowledge/new/", new_article, name="new_article"),
    path("knowledge/starter/", add_starter_articles, name="add_starter_articles"),
    path("knowledge/<uuid:ref>/", article, name="article"),
    path("knowledge/<uuid:ref>/edit/", edit_article, name="edit_article"),
    path("knowledge/<uuid:ref>/approve/", approve_article, name="approve_article"),
    path("knowledge/<uuid:ref>/retire/", retire_article, name="retire_article"),
]
