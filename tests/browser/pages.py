"""Every page of the product, found from the pages that lead to it, for what must hold on all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Find = Callable[[Page], str]


@dataclass(frozen=True)
class KnownPage:
    """A page, who opens it, and how its address is found."""

    name: str
    email: str | None
    address: str | Find

    def find(self, page: Page) -> str:
        """The page's address, from a page of the person who opens it."""
        return self.address if isinstance(self.address, str) else self.address(page)


THERAPIST, PATIENT, ADMIN = "therapist@north.demo", "patient@north.demo", "admin@north.demo"
ADJUDICATOR = "both@plumbline.demo"


def patient_named(name: str, part: str = "") -> Find:
    """The page of a patient, or a page below it."""

    def find(page: Page) -> str:
        page.goto("/c/north/caseload/?sort=name")
        link = page.get_by_role("link", name=name, exact=True).first
        return f"{link.get_attribute('href')}{part}"

    return find


def newest_session(name: str, part: str = "") -> Find:
    """The review of a patient's newest session."""

    def find(page: Page) -> str:
        page.goto(patient_named(name)(page))
        link = page.locator("main li a[href*='/sessions/']").first
        return f"{link.get_attribute('href')}{part}"

    return find


def linked_from(start: str | Find, selector: str) -> Find:
    """Where the first matching link of another page leads."""

    def find(page: Page) -> str:
        page.goto(start if isinstance(start, str) else start(page))
        return str(page.locator(selector).first.get_attribute("href"))

    return find


def signed_note(name: str, part: str = "") -> Find:
    """A signed note of a patient, or a page below it."""

    def find(page: Page) -> str:
        page.goto(patient_named(name, "notes/?show=signed")(page))
        link = page.locator("main tbody th a[href*='/notes/']").first
        return f"{link.get_attribute('href')}{part}"

    return find


def annotation_project(part: str = "") -> Find:
    """The demo's annotation project, or a page below it."""
    find = linked_from("/c/north/annotation/", "main th a:text-is('Knee and shoulder notes')")
    return lambda page: f"{find(page)}{part}"


def own_annotation(page: Page) -> str:
    """The document that a person of the project has before them; takes one where none is begun."""
    page.goto(annotation_project()(page))
    page.locator("form[action$='/next/'] button").click()
    page.wait_for_url("**/documents/**")
    return page.url


def newest_model() -> Find:
    """The first version of the note extractor in the model register."""
    return linked_from("/c/north/settings/models/", "section:has(#product-clini_note_extractor) th a")


def errors_of_the_newest_model(page: Page) -> str:
    """A released model has no errors on the clinic's documents: no link leads there, and the page says so."""
    return newest_model()(page).replace("/settings/models/", "/models/") + "errors/"


def newest_walk(name: str) -> Find:
    """The newest recording of a walk of a patient."""
    return linked_from(patient_named(name, "movement/"), "#recordings a:text-is('Walk')")


PAGES = (
    KnownPage("landing", None, "/"),
    KnownPage("sign-in", None, "/accounts/login/"),
    KnownPage("forgotten-password", None, "/accounts/password/reset/"),
    KnownPage("intended-use", None, "/intended-use/"),
    KnownPage("caseload", THERAPIST, "/c/north/caseload/"),
    KnownPage("new-patient", THERAPIST, "/c/north/patients/new/"),
    KnownPage("patient", THERAPIST, patient_named("Thomas Okafor")),
    KnownPage("patient-on-hold", THERAPIST, patient_named("Harold Bennett")),
    KnownPage("new-patients-record", THERAPIST, patient_named("Noor Rahman")),
    KnownPage("plan", THERAPIST, patient_named("Maya Lindqvist", "prescription/")),
    KnownPage("dose-log", THERAPIST, patient_named("Thomas Okafor", "doses/?show=all")),
    KnownPage("dose-log-without-proposals", THERAPIST, patient_named("Noor Rahman", "doses/")),
    KnownPage(
        "dose-bounds",
        THERAPIST,
        linked_from(patient_named("Maya Lindqvist", "prescription/"), "main a[href$='/bounds/']"),
    ),
    KnownPage("plan-with-proposals", THERAPIST, patient_named("Thomas Okafor", "prescription/")),
    KnownPage("assistant-settings", ADMIN, "/c/north/settings/assistant/"),
    KnownPage("add-model", ADMIN, "/c/north/settings/assistant/providers/new/"),
    KnownPage("assistant-usage", ADMIN, "/c/north/settings/assistant/usage/"),
    KnownPage("safety-runs", ADMIN, "/c/north/settings/assistant/safety/"),
    KnownPage("dosing", THERAPIST, "/c/north/settings/dosing/"),
    KnownPage("edit-protocol", THERAPIST, "/c/north/settings/dosing/protocol/"),
    KnownPage("comparison", THERAPIST, "/c/north/settings/dosing/comparison/"),
    KnownPage("start-comparison", ADMIN, "/c/north/settings/dosing/comparison/"),
    KnownPage("upload", THERAPIST, patient_named("Maya Lindqvist", "video/")),
    KnownPage("escalations", THERAPIST, "/c/north/escalations/"),
    KnownPage("escalations-closed", THERAPIST, "/c/north/escalations/?show=closed"),
    KnownPage("escalations-in-numbers", ADMIN, "/c/north/escalations/"),
    KnownPage("alert", THERAPIST, linked_from(patient_named("Harold Bennett"), "main a[href*='/alerts/']")),
    KnownPage("review", THERAPIST, newest_session("Maya Lindqvist")),
    KnownPage("movement", THERAPIST, patient_named("Thomas Okafor", "movement/")),
    KnownPage("movement-without-data", THERAPIST, patient_named("Noor Rahman", "movement/")),
    KnownPage("send-sensor-files", THERAPIST, patient_named("Thomas Okafor", "movement/upload/")),
    KnownPage("movement-print", THERAPIST, patient_named("Maya Lindqvist", "movement/print/")),
    KnownPage(
        "movement-day",
        THERAPIST,
        linked_from(patient_named("Maya Lindqvist", "movement/"), "main a[href*='/movement/days/']"),
    ),
    KnownPage("recording", THERAPIST, newest_walk("Maya Lindqvist")),
    KnownPage("bout", THERAPIST, linked_from(newest_walk("Maya Lindqvist"), "main a[href*='/bouts/']")),
    KnownPage("questionnaires", THERAPIST, patient_named("Maya Lindqvist", "questions/")),
    KnownPage("questionnaires-none-yet", THERAPIST, patient_named("Noor Rahman", "questions/")),
    KnownPage("my-notes", THERAPIST, "/c/north/notes/"),
    KnownPage("note-editor", THERAPIST, linked_from("/c/north/notes/", "main a[href$='/edit/']")),
    KnownPage("findings", THERAPIST, patient_named("Maya Lindqvist", "findings/")),
    KnownPage("findings-without-notes", THERAPIST, patient_named("Noor Rahman", "findings/")),
    KnownPage("search-findings", THERAPIST, "/c/north/notes/search/?q=knee+flexion+under+130+perhaps"),
    KnownPage("patient-notes", THERAPIST, patient_named("Maya Lindqvist", "notes/")),
    KnownPage("patient-without-notes", THERAPIST, patient_named("Noor Rahman", "notes/")),
    KnownPage("notes-file", THERAPIST, patient_named("Maya Lindqvist", "notes/file/")),
    KnownPage("new-note", THERAPIST, patient_named("Maya Lindqvist", "notes/new/")),
    KnownPage("note", THERAPIST, signed_note("Maya Lindqvist")),
    KnownPage("note-versions", THERAPIST, signed_note("Maya Lindqvist", "versions/")),
    KnownPage("note-print", THERAPIST, signed_note("Maya Lindqvist", "print/")),
    KnownPage("note-in-error", THERAPIST, signed_note("Maya Lindqvist", "error/")),
    KnownPage("import-notes", THERAPIST, patient_named("Harold Bennett", "notes/import/")),
    KnownPage(
        "imported-note",
        THERAPIST,
        linked_from(patient_named("Harold Bennett", "notes/import/"), "main a[href*='/imported/']"),
    ),
    KnownPage("phrases", THERAPIST, "/c/north/notes/phrases/"),
    KnownPage("exercises", THERAPIST, "/c/north/exercises/"),
    KnownPage("exercise", THERAPIST, linked_from("/c/north/exercises/", "main a[href*='/exercises/']")),
    KnownPage("knowledge", THERAPIST, "/c/north/knowledge/"),
    KnownPage("new-article", THERAPIST, "/c/north/knowledge/new/"),
    KnownPage("article", THERAPIST, linked_from("/c/north/knowledge/", "main tbody th a")),
    KnownPage("asked-most", THERAPIST, "/c/north/assistant/asked/"),
    KnownPage("conversations", THERAPIST, patient_named("Maya Lindqvist", "conversations/")),
    KnownPage("today", PATIENT, "/c/north/today/"),
    KnownPage("assistant", PATIENT, "/c/north/assistant/"),
    KnownPage("assistant-about", PATIENT, "/c/north/assistant/?about=squat"),
    KnownPage("pain", PATIENT, "/c/north/today/pain/"),
    KnownPage("start", PATIENT, "/c/north/sessions/start/"),
    KnownPage("stop", PATIENT, "/c/north/stop/"),
    KnownPage("own-questions", PATIENT, "/c/north/questions/"),
    KnownPage("own-answers", PATIENT, linked_from("/c/north/questions/", "main li a[href*='/questions/']")),
    KnownPage("messages", PATIENT, "/c/north/messages/"),
    KnownPage("own-movement", PATIENT, "/c/north/movement/"),
    KnownPage("own-sensor-files", PATIENT, "/c/north/movement/upload/"),
    KnownPage("own-sensors", PATIENT, "/c/north/movement/devices/"),
    KnownPage("walk-test", PATIENT, "/c/north/movement/tests/walk/"),
    KnownPage("up-and-go", PATIENT, "/c/north/movement/tests/tug/"),
    KnownPage(
        "own-result", PATIENT, linked_from("/c/north/movement/", "main a[href*='/movement/recordings/']")
    ),
    KnownPage("annotation", THERAPIST, "/c/north/annotation/"),
    KnownPage("new-annotation", THERAPIST, "/c/north/annotation/new/"),
    KnownPage("annotation-project", THERAPIST, annotation_project()),
    KnownPage("annotation-guideline", THERAPIST, annotation_project("guideline/")),
    KnownPage("annotation-members", THERAPIST, annotation_project("members/")),
    KnownPage("annotation-edit", THERAPIST, annotation_project("edit/")),
    KnownPage("annotation-add-texts", THERAPIST, annotation_project("documents/add/")),
    KnownPage("annotation-disagreements", THERAPIST, annotation_project("disagreements/")),
    KnownPage("annotate", THERAPIST, own_annotation),
    KnownPage(
        "annotation-settle", ADJUDICATOR, linked_from(annotation_project(), "main a[href*='/settle/']")
    ),
    KnownPage("data-set", THERAPIST, linked_from(annotation_project(), "main th a[href*='/versions/']")),
    KnownPage("members", ADMIN, "/c/north/members/"),
    KnownPage("audit", ADMIN, "/c/north/audit/"),
    KnownPage("settings", ADMIN, "/c/north/settings/"),
    KnownPage("movement-settings", ADMIN, "/c/north/settings/movement/"),
    KnownPage("note-settings", ADMIN, "/c/north/settings/notes/"),
    KnownPage("new-note-template", ADMIN, "/c/north/settings/notes/templates/new/"),
    KnownPage("reading-notes-again", ADMIN, "/c/north/settings/notes/reading/"),
    KnownPage("clinics-phrases", ADMIN, "/c/north/notes/phrases/"),
    KnownPage("models", ADMIN, "/c/north/settings/models/"),
    KnownPage("model", ADMIN, newest_model()),
    KnownPage("model-errors", ADMIN, errors_of_the_newest_model),
    KnownPage("clinics", ADJUDICATOR, "/clinics/"),
)
