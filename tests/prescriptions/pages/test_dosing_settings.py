"""Dosing for the clinic: the protocol as it is read and edited, what was learned, and by whom it is seen."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.model_register.services import know_released, switch_off_model
from prescriptions.adapt_rx.learner import prior
from prescriptions.adapt_rx.protocol import shipped_protocol
from prescriptions.forms.protocol import ProtocolForm
from prescriptions.models import LearnerState, ProgressionProtocol
from prescriptions.protocol_words import changed_lines
from prescriptions.selectors import protocol_in_force
from prescriptions.services import write_protocol
from tests.factories.patients import Ward

At = Callable[..., str]
NOTE = {"change_note": "Stricter after operations"}


def as_sent(spec: dict[str, object] | None = None) -> dict[str, object]:
    """What the form sends when nobody has touched it."""
    form = ProtocolForm(spec=spec or shipped_protocol().spec)
    values = {name: form[name].initial for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False, "")} | NOTE


@pytest.mark.parametrize(
    ("who", "read", "edit"),
    [("nora", 200, 200), ("ada", 200, 200), ("ash", 200, 403), ("paul", 403, 403), ("sam", 404, 404)],
)
def test_who_reads_and_who_edits(at_north: Ward, sign_in, at: At, who: str, read: int, edit: int) -> None:
    client = sign_in(getattr(at_north.people, who))
    assert client.get(at("dosing_settings")).status_code == read
    assert client.get(at("edit_protocol")).status_code == edit
    answer = client.post(at("edit_protocol"), as_sent() | {"number": "0", "target_sets": "2"})
    assert answer.status_code == (302 if edit == 200 else edit)
    assert ProgressionProtocol.objects.exists() == (edit == 200)


def test_dosing_is_closed_to_the_signed_out(db: None, at: At, ward: Ward) -> None:
    assert Client().get(at("dosing_settings")).status_code == 302
    assert Client().post(at("edit_protocol"), as_sent()).status_code == 302


def test_an_untouched_form_is_the_protocol_itself() -> None:
    spec = shipped_protocol().spec
    form = ProtocolForm(as_sent(), spec=spec)
    assert form.is_valid(), form.errors
    assert form.new_spec() == spec


def test_the_shipped_protocol_is_readable(at_north: Ward, sign_in, at: At) -> None:
    page = sign_in(at_north.people.ash).get(at("dosing_settings")).content.decode()
    assert "as shipped" in page
    assert "Pain after" in page and "over 5" in page and "Settle and learn" in page
    assert "Silbernagel 2007" in page
    assert "Nothing was learned from this clinic’s patients yet" in page
    assert "Edit the protocol" not in page


def test_an_edit_becomes_a_version_with_its_differences(at_north: Ward, sign_in, at: At) -> None:
    nora = sign_in(at_north.people.nora)
    place = next(
        place
        for place, one in enumerate(shipped_protocol().spec["phases"][0]["progress_when"])
        if one["measure"] == "pain_after"
    )
    changes = {"number": "0", f"p0_go{place}_value": "1", f"p0_go{place}_unknown": "hold", "target_sets": "2"}
    assert nora.post(at("edit_protocol"), as_sent() | changes).status_code == 302
    row = protocol_in_force().row
    assert row is not None and (row.number, row.created_by) == (1, at_north.people.nora)
    changed = row.spec["phases"][0]["progress_when"][place]
    assert changed["at_most"] == 1 and changed["source"] == "clinic"
    assert changed["words"] == "pain after exercise at most 1", "the words follow the number"
    page = nora.get(at("dosing_settings") + "?version=1").content.decode()
    assert "Stricter after operations" in page
    assert "<del>Settle and learn: goes up when pain after exercise at most 2" in page
    assert "<ins>Settle and learn: goes up when pain after exercise at most 1" in page


def test_phases_and_criteria_are_added_and_removed(at_north: Ward, sign_in, at: At) -> None:
    changes = {
        "number": "0",
        "p1_copy": "on",
        "p2_drop": "on",
        "back0_drop": "on",
        "back_new_measure": "adherence",
        "back_new_comparison": "under",
        "back_new_value": "30",
    }
    assert sign_in(at_north.people.nora).post(at("edit_protocol"), as_sent() | changes).status_code == 302
    spec = protocol_in_force().spec
    shipped = shipped_protocol().spec
    assert [one["code"] for one in spec["phases"]] == ["settle", "build", "build_2"]
    assert len(spec["step_back_when"]) == len(shipped["step_back_when"])
    added = spec["step_back_when"][-1]
    assert (added["measure"], added["under"]) == ("adherence", 0.3), (
        "per cent on the page, a share in the file"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"target_sets": "0"},
        {"target_repetitions": "nan"},
        {"restart_repetitions": "60"},
        {"back0_value": "inf"},
        {"back0_value": "-1"},
        {"p0_go0_unknown": "perhaps"},
        {"p0_steps": ["wings"]},
        {"p0_steps": []},
        {"p0_title": ""},
        {"change_note": ""},
        {"back_new_measure": "mood", "back_new_value": "1"},
        {"back_new_measure": "effort"},
        {"back_new_value": "3"},
        {"p0_drop": "on", "p1_drop": "on", "p2_drop": "on"},
        {"title": "x" * 121},
    ],
    ids=str,
)
def test_a_protocol_that_cannot_be_followed_is_refused(
    at_north: Ward, sign_in, at: At, changes: dict[str, object]
) -> None:
    answer = sign_in(at_north.people.nora).post(at("edit_protocol"), as_sent() | {"number": "0"} | changes)
    assert answer.status_code == 400
    assert b"Nothing was saved" in answer.content
    assert not ProgressionProtocol.objects.exists()


def test_faults_are_said_in_the_words_of_the_page(at_north: Ward, sign_in, at: At) -> None:
    spec = shipped_protocol().spec
    pain = [f"p1_go{place}_drop" for place, one in enumerate(spec["phases"][1]["progress_when"])
            if one["measure"] in ("pain_after", "pain_before")]  # fmt: skip
    answer = sign_in(at_north.people.nora).post(
        at("edit_protocol"), as_sent() | {"number": "0"} | dict.fromkeys(pain, "on")
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "In phase 2, “Goes up when” needs a criterion on pain." in page
    assert "progress_when" not in page


@pytest.mark.parametrize("number", ["0", "", "x", "-1", "9" * 40])
def test_an_older_form_does_not_overwrite_a_newer_version(
    at_north: Ward, sign_in, at: At, number: str
) -> None:
    write_protocol(shipped_protocol().spec | {"target_sets": 2}, by=at_north.people.ada)
    answer = sign_in(at_north.people.nora).post(
        at("edit_protocol"), as_sent() | {"number": number, "target_sets": "4"}
    )
    assert answer.status_code == 400
    assert b"Somebody else wrote a new protocol meanwhile" in answer.content
    assert protocol_in_force().spec["target_sets"] == 2


def test_the_shipped_protocol_can_be_put_back(at_north: Ward, sign_in, at: At) -> None:
    write_protocol(shipped_protocol().spec | {"target_sets": 2}, by=at_north.people.ada)
    nora = sign_in(at_north.people.nora)
    assert b"Put it back in force" in nora.get(at("edit_protocol")).content
    assert nora.post(at("edit_protocol"), {"shipped": "1"}).status_code == 302
    in_force = protocol_in_force()
    assert in_force.number == 2
    assert changed_lines(shipped_protocol().spec, in_force.spec) == []


@pytest.mark.parametrize("version", ["99", "x", "-1", "%00"])
def test_a_version_that_is_not_there_is_not_found(at_north: Ward, sign_in, at: At, version: str) -> None:
    page = f"{at('dosing_settings')}?version={version}"
    assert sign_in(at_north.people.nora).get(page).status_code == 404


def test_the_off_switch_is_seen_and_linked(at_north: Ward, sign_in, at: At) -> None:
    model = know_released("adapt_rx")
    assert model is not None
    switch_off_model(model, by=at_north.people.ada, reason="Looking into it")
    page = sign_in(at_north.people.ada).get(at("dosing_settings")).content.decode()
    assert "Switched off" in page and "/settings/models/" in page
    assert (
        "/settings/models/" not in sign_in(at_north.people.nora).get(at("dosing_settings")).content.decode()
    )


def test_what_was_learned_is_counted(at_north: Ward, sign_in, at: At) -> None:
    LearnerState.objects.create(
        number=3,
        prior_version=prior().prior,
        posterior=prior().to_dict(),
        sha256="a" * 64,
        learned_from=41,
    )
    page = sign_in(at_north.people.nora).get(at("dosing_settings")).content.decode()
    assert "41" in page and "aaaaaaaaaaaa" in page
    assert "Nothing was learned" not in page


def test_what_cannot_be_read_is_said_and_breaks_no_page(
    at_north: Ward, sign_in: Callable[..., Client], at: Callable[..., str]
) -> None:
    LearnerState.objects.create(
        number=7, prior_version=prior().prior, posterior={"day": "x"}, sha256="0" * 64
    )
    ProgressionProtocol.objects.create(number=3, spec={"phases": "none"}, created_by=at_north.people.nora)
    page = sign_in(at_north.people.nora).get(at("dosing_settings"))
    assert page.status_code == 200
    assert b"(version 7) is damaged" in page.content
    assert b"Your version 3 cannot be read" in page.content
    assert sign_in(at_north.people.nora).get(at("edit_protocol")).status_code == 200
    assert sign_in(at_north.people.nora).get(at("dosing_settings") + "?version=3").status_code == 200
