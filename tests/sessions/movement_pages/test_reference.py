"""A therapist chooses the reference contraction of a laboratory recording."""

from dataclasses import dataclass

import pytest

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from sessions import services
from sessions.models import Recording
from tests.motion_trend.lab.test_emg import muscle
from tests.motion_trend.lab.write_c3d import write as write_c3d

QUAD = "L VastLat"
PEAK = ("emg_peak_pct", "left vastus lateralis")


@dataclass
class LabReading:
    """A C3D file that was recognised."""

    path: str
    kind: str = "lab"
    signals: tuple = ()
    repairs: tuple = ()

    def lab_path(self) -> str:
        return self.path


@pytest.fixture
def lab(floor, tmp_path):
    """Makes lab recordings: one muscle that works from 2 to 8 of 12 seconds."""

    def make(patient, *, amplitude=5e-4, title="walk.c3d", labels=(QUAD,)):
        channels = {
            label: muscle(((2.0, 8.0),), seconds=12, amplitude=amplitude, seed=seed)[1]
            for seed, label in enumerate(labels)
        }
        path = write_c3d(tmp_path / f"{patient.pk}-{title}", channels=channels)
        with clinic_scope(patient.clinic_id):
            made = services.import_reading(patient, LabReading(str(path)), by=None, title=title)
            assert made.state == "analysed", made.failure
            return made

    return make


def address(recording, rest="", clinic="north"):
    return f"/c/{clinic}/recordings/{recording.ref}/{rest}"


def again(recording):
    with clinic_scope(recording.clinic_id):
        return Recording.objects.get(pk=recording.pk)


def analysed(recording):
    with clinic_scope(recording.clinic_id):
        services.analyse_recording(recording.pk)
    return again(recording)


def values(recording):
    return {(row["code"], row["place"]): row["value"] for row in recording.result["summary"]}


def choose(browser, recording, reference="", start="", end=""):
    answers = {"reference": getattr(reference, "ref", reference), "start": start, "end": end}
    return browser.post(address(recording, "reference/"), answers)


def test_amounts_are_told_against_another_recording_and_the_page_says_which(floor, signed_in, lab):
    walk, contraction = lab(floor.paul), lab(floor.paul, amplitude=1e-3, title="strong.c3d")
    assert PEAK not in values(walk)
    nora = signed_in(floor.people.nora)
    assert "so amounts are not shown" in nora.get(address(walk)).content.decode()
    assert choose(nora, walk, contraction).headers["Location"] == address(walk)
    assert again(walk).state == "waiting"
    now = analysed(walk)
    assert values(now)[PEAK] == pytest.approx(55, abs=15)
    assert "no_reference_contraction" not in [flag["code"] for flag in now.result["flags"]]
    page = nora.get(address(walk)).content.decode()
    assert (
        f'per cent of <a href="{address(contraction)}">the reference contraction in “strong.c3d”</a>' in page
    )
    with clinic_scope(floor.paul.clinic_id):
        assert (
            AuditEvent.objects.filter(
                object_ref=walk.ref, purpose="reference contraction", action="change"
            ).count()
            == 1
        )


def test_a_part_of_the_recording_itself_is_a_reference(floor, signed_in, lab):
    walk = lab(floor.paul)
    nora = signed_in(floor.people.nora)
    assert choose(nora, walk, walk, "2,5", "7.5").status_code == 302
    now = analysed(walk)
    assert (now.reference_start_s, now.reference_end_s) == (2.5, 7.5)
    assert values(now)[PEAK] == pytest.approx(105, abs=15)
    page = nora.get(address(walk)).content.decode()
    assert "the reference contraction in 2.5 to 7.5 s of this recording" in page


def test_no_reference_again_and_no_amounts(floor, signed_in, lab):
    walk, contraction = lab(floor.paul), lab(floor.paul, title="strong.c3d")
    nora = signed_in(floor.people.nora)
    choose(nora, walk, contraction)
    assert PEAK in values(analysed(walk))
    assert choose(nora, walk).status_code == 302
    assert PEAK not in values(analysed(walk))
    assert "reference" not in again(walk).result


def test_muscles_that_the_reference_does_not_hold_have_no_amounts(floor, signed_in, lab):
    walk = lab(floor.paul, labels=(QUAD, "R VastLat"))
    choose(signed_in(floor.people.nora), walk, lab(floor.paul, title="strong.c3d"))
    found = analysed(walk)
    assert PEAK in values(found)
    assert ("emg_peak_pct", "right vastus lateralis") not in values(found)
    assert ("emg_symmetry_pct", "vastus lateralis") not in values(found)
    [flag] = [one for one in found.result["flags"] if one["code"] == "no_reference_contraction"]
    assert flag["words"].startswith("right vastus lateralis: not in the reference contraction")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", ""),
        ("2", ""),
        ("", "5"),
        ("5", "2"),
        ("2", "2.5"),
        ("-1", "5"),
        ("2", "99"),
        ("a", "b"),
        ("nan", "5"),
    ],
)
def test_a_part_that_is_none_is_told_beside_the_form(floor, signed_in, lab, start, end):
    walk = lab(floor.paul)
    answer = choose(signed_in(floor.people.nora), walk, walk, start, end)
    assert answer.status_code == 400
    assert 'id="reference-error"' in answer.content.decode()
    assert again(walk).reference_id is None
    assert again(walk).state == "analysed"


def test_another_patients_recording_is_not_found(floor, signed_in, lab):
    walk, others = lab(floor.paul), lab(floor.petra, title="others.c3d")
    nora = signed_in(floor.people.nora)
    for ref in (others, floor.paul.ref, "no-ref"):
        assert choose(nora, walk, ref).status_code == 404
    assert again(walk).reference_id is None
    assert "others.c3d" not in nora.get(address(walk)).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("ash", 403), ("ada", 403), ("ola", 403), ("paul", 403), ("sam", 404), ("sid", 404)]
)
def test_only_a_therapist_of_the_patient_chooses(floor, signed_in, lab, who, status):
    walk, contraction = lab(floor.paul), lab(floor.paul, title="strong.c3d")
    assert choose(signed_in(getattr(floor.people, who)), walk, contraction).status_code == status
    assert again(walk).reference_id is None


def test_only_a_lab_recording_has_a_reference(floor, signed_in, lab):
    contraction = lab(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        walk = Recording.objects.create(patient=floor.paul, modality="imu", activity="walk", state="analysed")
    nora = signed_in(floor.people.nora)
    assert choose(nora, walk, contraction).status_code == 409
    assert b"Reference contraction" not in nora.get(address(walk)).content


def test_without_the_deleted_reference_the_recording_is_analysed_again(floor, signed_in, lab):
    walk, contraction = lab(floor.paul), lab(floor.paul, title="strong.c3d")
    nora = signed_in(floor.people.nora)
    choose(nora, walk, contraction)
    assert PEAK in values(analysed(walk))
    assert nora.post(address(contraction, "delete/"), {"reason": "wrong leg"}).status_code == 302
    assert again(walk).state == "waiting"
    assert PEAK not in values(analysed(walk))


def test_a_recording_that_refers_to_itself_can_be_deleted(floor, signed_in, lab):
    walk = lab(floor.paul)
    nora = signed_in(floor.people.nora)
    choose(nora, walk, walk, "2", "8")
    analysed(walk)
    assert nora.post(address(walk, "delete/"), {"reason": "wrong leg"}).status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        assert not Recording.objects.filter(pk=walk.pk).exists()
