"""Made-up lines in the styles of other writers: what is found, and what it is said to be."""

import pytest

from tests.clini_note_extractor.test_guideline import found, said

DX, SX, IV, OM, OS, BR, LAT = (
    "DIAGNOSIS", "SURGERY", "INTERVENTION", "OUTCOME_MEASURE", "OUTCOME_SCORE", "BODY_REGION", "LATERALITY",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Right middle cerebral artery stroke.", [("Right middle cerebral artery stroke", DX)]),
        ("DVT in the right femoral vein", [("DVT in the right femoral vein", DX)]),
        ("Mild oral dysphagia and severe right knee OA.", [("Mild oral dysphagia", DX),
            ("severe right knee OA", DX)]),
        ("s/p ORIF R distal radius", [("ORIF R distal radius", SX)]),
        ("posterior spinal fusion T4 through T9", [("posterior spinal fusion T4 through T9", SX)]),
        ("bunionectomy on the right", [("bunionectomy on the right", SX)]),
        ("Adhesive capsulitis, left shoulder.", [("Adhesive capsulitis, left shoulder", DX)]),
        ("trimalleolar fracture-dislocation", [("trimalleolar fracture-dislocation", DX)]),
        ("Ms. Green was seen.", []),
        ("Mrs. K and Mr. R and Twin B", []),
        ("PMH: HTN, DM2, CAD s/p CABG x3.", [("HTN", DX), ("DM2", DX), ("CAD", DX), ("CABG x3", SX)]),
        ("Hip flexors and plantar flexors", [("Hip", BR), ("plantar flexors", BR)]),
        ("TTP over the L scalenes", [("L", LAT), ("scalenes", BR)]),
        ("quad sets, SLR, heel slides", [("quad sets", IV), ("SLR", IV), ("heel slides", IV)]),
        ("SLR was negative.", []),
        ("decreased AROM, decreased strength", []),
        ("gait training, PROM, and strengthening", [("gait training", IV), ("PROM", IV),
            ("strengthening", IV)]),
        ("PAIN MANAGEMENT CONSULTATION", []),
        ("WOUND CARE PROGRESS REPORT", []),
        ("Foot x-ray and axillary view", []),
        ("melodic intonation therapy", [("melodic intonation therapy", IV)]),
        ("DASH < 20", [("DASH", OM), ("20", OS)]),
        ("PSFS improved from 3.3 to 8.7.", [("PSFS", OM), ("3.3", OS), ("8.7", OS)]),
        ("Tone is 1+ on the modified Ashworth scale.", [("1+", OS), ("modified Ashworth scale", OM)]),
        ("He scored 41 on the Pain Catastrophizing Scale and 19 on the PHQ-9.", [
            ("41", OS), ("Pain Catastrophizing Scale", OM), ("19", OS), ("PHQ-9", OM),
        ]),
        ("Key pinch R 14 L 20.", [("Key pinch", OM), ("R", LAT), ("14", OS), ("L", LAT), ("20", OS)]),
        ("RPE 13, SpO2 94%", [("RPE", OM), ("13", OS)]),
        ("pain decreased from 7/10 to 3/10", [("7/10", "PAIN_LEVEL"), ("3/10", "PAIN_LEVEL")]),
        ("s/p TKA 6/10", [("TKA", SX)]),
        ("AROM: MP 0/70, PIP -25/60", [("MP", BR), ("0/70", "ROM"), ("PIP", BR), ("-25/60", "ROM")]),
        ("R wrist flex 25*, ext 20*", [("R", LAT), ("wrist", BR), ("25*", "ROM"), ("20*", "ROM")]),
        ("AROM deferred 2° to protocol", []),
        ("C-spine AROM: F 35, E 40, RR 60", [("C-spine", BR), ("35", "ROM"), ("40", "ROM"), ("60", "ROM")]),
        ("The right knee is cooler than the left by 2 degrees", [("right", LAT), ("knee", BR), ("left",
            LAT)]),
        ("Elbow flexion 105, extension -35", [("Elbow", BR), ("105", "ROM"), ("-35", "ROM")]),
        ("ER 45, IR to L3.", [("45", "ROM"), ("L3", BR)]),
    ],
)  # fmt: skip
def test_lines_of_other_writers(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "assertion"),
    [
        ("She is an 88-year-old woman with dementia.", "dementia", "present"),
        ("He fell four times in the past six months with a wrist fracture.", "wrist fracture", "present"),
        ("Fibrillation, not on anticoagulation, gout.", "gout", "present"),
        ("History of breast cancer status post left mastectomy.", "left mastectomy", "historical"),
        ("She is eight years out from L3-S1 fusion.", "L3-S1 fusion", "historical"),
        ("He is six months out from labral repair.", "labral repair", "present"),
        ("NICU stay was complicated by pneumonia.", "pneumonia", "historical"),
        ("Rotator cuff tear remains a possibility.", "Rotator cuff tear", "possible"),
        ("Depression should be ruled out.", "Depression", "possible"),
        ("Stress fracture could not be excluded.", "Stress fracture", "possible"),
        ("Recurrence of cellulitis is not suspected.", "cellulitis", "negated"),
        ("Iontophoresis if pain does not settle.", "Iontophoresis", "hypothetical"),
        ("Should infection appear, call.", "infection", "hypothetical"),
        ("If he does not improve, lumbar fusion.", "lumbar fusion", "hypothetical"),
        ("I have discussed microdiscectomy with her.", "microdiscectomy", "hypothetical"),
        ("Lovenox for prophylaxis against DVT.", "DVT", "hypothetical"),
        ("Good candidate for aquatic therapy.", "aquatic therapy", "present"),
        ("SUBJECTIVE: She has had massage and traction.", "traction", "historical"),
        ("Treatment has consisted of ultrasound.", "ultrasound", "present"),
        ("L TKA 2015", "L TKA", "historical"),
        ("A man with a history of gout who underwent right TKA on 3/9.", "right TKA", "present"),
        ("Her father struggled with alcoholism.", "alcoholism", "family"),
        (
            "Presents with non-healing ulcer of the left heel.",
            "non-healing ulcer of the left heel",
            "present",
        ),
        ("h/o migraine with aura, breast cancer, anxiety", "anxiety", "historical"),
    ],
)
def test_what_is_said_of_them(text: str, words: str, assertion: str) -> None:
    assert said(text)[words] == assertion


def test_a_joint_below_range_of_motion_is_still_about_range() -> None:
    ranges = [words for words, label in found("ROM:\nElbow: R 5-140, L 0-145\n") if label == "ROM"]
    assert ranges == ["5-140", "0-145"]
