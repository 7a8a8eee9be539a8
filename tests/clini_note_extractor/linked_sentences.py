"""Made-up sentences in the layouts of therapy notes, with the findings a reader takes from them: kind,
lowest and
highest value, region, side, movement or instrument.
"""

from __future__ import annotations

Expected = tuple[str, float, float, str, str, str]

SENTENCES: tuple[tuple[str, tuple[Expected, ...]], ...] = (
    (
        "Strength is 5/5 on the right and 4/5 on the left.",
        (("strength", 5, 5, "", "right", ""), ("strength", 4, 4, "", "left", "")),
    ),
    (
        "Quadriceps strength is 5/5 on the right, 4-/5 on the left.",
        (("strength", 5, 5, "thigh", "right", ""), ("strength", 3.67, 3.67, "thigh", "left", "")),
    ),
    (
        "Strength is 3/5 for the left knee, 4+/5 for the right knee.",
        (("strength", 3, 3, "knee", "left", ""), ("strength", 4.33, 4.33, "knee", "right", "")),
    ),
    (
        "Left deltoid 2/5, biceps 3/5, wrist extensors 1/5.",
        (
            ("strength", 2, 2, "shoulder", "left", ""),
            ("strength", 3, 3, "arm", "left", ""),
            ("strength", 1, 1, "wrist", "left", "extension"),
        ),
    ),
    (
        "Hip flexion 4/5 right, 3+/5 left.",
        (("strength", 4, 4, "hip", "right", "flexion"), ("strength", 3.33, 3.33, "hip", "left", "flexion")),
    ),
    (
        "Left hip flexion 3/5, right hip flexion 5/5.",
        (("strength", 3, 3, "hip", "left", "flexion"), ("strength", 5, 5, "hip", "right", "flexion")),
    ),
    (
        "STRENGTH: Hip flexion: R 4/5, L 5/5.",
        (("strength", 4, 4, "hip", "right", "flexion"), ("strength", 5, 5, "hip", "left", "flexion")),
    ),
    (
        "MMT: R shoulder flex 4+/5, abd 4/5, ER 3+/5.",
        (
            ("strength", 4.33, 4.33, "shoulder", "right", "flexion"),
            ("strength", 4, 4, "shoulder", "right", "abduction"),
            ("strength", 3.33, 3.33, "shoulder", "right", "external rotation"),
        ),
    ),
    (
        "MMT 4-/5 throughout the bilateral lower extremities.",
        (("strength", 3.67, 3.67, "lower extremity", "bilateral", ""),),
    ),
    (
        "RLE strength 4/5, LLE strength 3/5.",
        (
            ("strength", 4, 4, "lower extremity", "right", ""),
            ("strength", 3, 3, "lower extremity", "left", ""),
        ),
    ),
    (
        "BUE 5/5, BLE 4 to 4+/5.",
        (
            ("strength", 5, 5, "upper extremity", "bilateral", ""),
            ("strength", 4, 4.33, "lower extremity", "bilateral", ""),
        ),
    ),
    (
        "5/5 strength in the upper extremities and 4/5 strength in the lower extremities.",
        (("strength", 5, 5, "upper extremity", "", ""), ("strength", 4, 4, "lower extremity", "", "")),
    ),
    (
        "Ankle dorsiflexion is 4/5 and plantarflexion 5/5 bilaterally.",
        (
            ("strength", 4, 4, "ankle", "bilateral", "dorsiflexion"),
            ("strength", 5, 5, "ankle", "bilateral", "plantarflexion"),
        ),
    ),
    ("Gluteus medius 3+/5 left.", (("strength", 3.33, 3.33, "buttock", "left", ""),)),
    (
        "Knee extension strength is 4 out of 5 on the left.",
        (("strength", 4, 4, "knee", "left", "extension"),),
    ),
    ("Right grip and wrist extension are 4+/5.", (("strength", 4.33, 4.33, "wrist", "right", "extension"),)),
    (
        "Left knee active range of motion is 0 to 105 degrees. Right knee is 0 to 135 degrees.",
        (("range", 0, 105, "knee", "left", ""), ("range", 0, 135, "knee", "right", "")),
    ),
    (
        "Knee AROM: R 0-120, L 0-135.",
        (("range", 0, 120, "knee", "right", ""), ("range", 0, 135, "knee", "left", "")),
    ),
    (
        "AROM R knee 3-112, PROM 0-118.",
        (("range", 3, 112, "knee", "right", ""), ("range", 0, 118, "knee", "right", "")),
    ),
    (
        "Shoulder flexion: 160 degrees right, 95 degrees left.",
        (
            ("range", 160, 160, "shoulder", "right", "flexion"),
            ("range", 95, 95, "shoulder", "left", "flexion"),
        ),
    ),
    (
        "Right shoulder AROM: flexion 120, abduction 95, ER 40, IR 55.",
        (
            ("range", 120, 120, "shoulder", "right", "flexion"),
            ("range", 95, 95, "shoulder", "right", "abduction"),
            ("range", 40, 40, "shoulder", "right", "external rotation"),
            ("range", 55, 55, "shoulder", "right", "internal rotation"),
        ),
    ),
    (
        "Cervical rotation is 60 degrees to the right and 45 degrees to the left.",
        (("range", 60, 60, "neck", "right", "rotation"), ("range", 45, 45, "neck", "left", "rotation")),
    ),
    (
        "Cervical flexion 40 degrees, extension 30 degrees, right rotation 65 degrees, "
        "left rotation 50 degrees.",
        (
            ("range", 40, 40, "neck", "", "flexion"),
            ("range", 30, 30, "neck", "", "extension"),
            ("range", 65, 65, "neck", "right", "rotation"),
            ("range", 50, 50, "neck", "left", "rotation"),
        ),
    ),
    (
        "Cervical side bending right 30, left 25.",
        (
            ("range", 30, 30, "neck", "right", "side bending"),
            ("range", 25, 25, "neck", "left", "side bending"),
        ),
    ),
    (
        "Lumbar flexion is 50 degrees, extension 10 degrees.",
        (("range", 50, 50, "low back", "", "flexion"), ("range", 10, 10, "low back", "", "extension")),
    ),
    ("Lumbar flexion is 80% of normal.", (("range", 80, 80, "low back", "", "flexion"),)),
    (
        "Straight leg raise is positive on the right at 45 degrees and negative on the left at 80 degrees.",
        (
            ("range", 45, 45, "", "right", "straight leg raise"),
            ("range", 80, 80, "", "left", "straight leg raise"),
        ),
    ),
    (
        "Straight leg raising was limited to 45 degrees on the right and 90 degrees on the left.",
        (
            ("range", 45, 45, "", "right", "straight leg raise"),
            ("range", 90, 90, "", "left", "straight leg raise"),
        ),
    ),
    (
        "Ankle DF -5 R, 0 L.",
        (
            ("range", -5, -5, "ankle", "right", "dorsiflexion"),
            ("range", 0, 0, "ankle", "left", "dorsiflexion"),
        ),
    ),
    (
        "ROM: Elbow: R 5-140, L 0-145.",
        (("range", 5, 140, "elbow", "right", ""), ("range", 0, 145, "elbow", "left", "")),
    ),
    (
        "AROM: Wrist: flexion 60, extension 55.",
        (("range", 60, 60, "wrist", "", "flexion"), ("range", 55, 55, "wrist", "", "extension")),
    ),
    (
        "L hip PROM flex 100, ext 5, abd 30.",
        (
            ("range", 100, 100, "hip", "left", "flexion"),
            ("range", 5, 5, "hip", "left", "extension"),
            ("range", 30, 30, "hip", "left", "abduction"),
        ),
    ),
    (
        "40 degrees of flexion and 10 degrees of extension in the lumbar spine.",
        (("range", 40, 40, "low back", "", "flexion"), ("range", 10, 10, "low back", "", "extension")),
    ),
    (
        "Knee flexion is 110 degrees with a 5 degree extension lag on the right.",
        (("range", 110, 110, "knee", "right", "flexion"), ("range", 5, 5, "knee", "right", "extension")),
    ),
    (
        "AROM right index finger: MP 0/80, PIP 10/95.",
        (("range", 0, 80, "hand", "right", ""), ("range", 10, 95, "hand", "right", "")),
    ),
    ("Fingertip to floor distance is 22 cm.", (("range", 22, 22, "", "", ""),)),
    (
        "Forearm supination 70, pronation 80 on the left.",
        (
            ("range", 70, 70, "forearm", "left", "supination"),
            ("range", 80, 80, "forearm", "left", "pronation"),
        ),
    ),
    ("Low back pain is 6/10.", (("pain", 6, 6, "low back", "", ""),)),
    (
        "Pain in the right shoulder is 4/10 at rest and 8/10 with movement.",
        (("pain", 4, 4, "shoulder", "right", ""), ("pain", 8, 8, "shoulder", "right", "")),
    ),
    (
        "Neck pain 3/10, left arm pain 7/10.",
        (("pain", 3, 3, "neck", "", ""), ("pain", 7, 7, "arm", "left", "")),
    ),
    (
        "She rates her pain as 5/10 in the left hip and 2/10 in the low back.",
        (("pain", 5, 5, "hip", "left", ""), ("pain", 2, 2, "low back", "", "")),
    ),
    ("Pain level 3-4 at rest.", (("pain", 3, 4, "", "", ""),)),
    (
        "Pain: R knee 7/10, L knee 2/10.",
        (("pain", 7, 7, "knee", "right", ""), ("pain", 2, 2, "knee", "left", "")),
    ),
    ("Knee pain is rated 2 out of 10 today.", (("pain", 2, 2, "knee", "", ""),)),
    ("VAS 6.", (("pain", 6, 6, "", "", ""),)),
    ("Wrist pain rated 4 on a scale of 0-10.", (("pain", 4, 4, "wrist", "", ""),)),
    (
        "Berg 46/56, TUG 14 seconds.",
        (("score", 46, 46, "", "", "Berg Balance Scale"), ("score", 14, 14, "", "", "Timed Up and Go")),
    ),
    (
        "ODI decreased from 48% to 14%.",
        (
            ("score", 48, 48, "", "", "Oswestry Disability Index"),
            ("score", 14, 14, "", "", "Oswestry Disability Index"),
        ),
    ),
    (
        "Jamar dynamometer: right 60 pounds, left 40 pounds.",
        (
            ("score", 27.22, 27.22, "", "right", "Grip dynamometry"),
            ("score", 18.14, 18.14, "", "left", "Grip dynamometry"),
        ),
    ),
    ("LEFS is 40/80.", (("score", 40, 40, "", "", "Lower Extremity Functional Scale"),)),
    ("Six-minute walk test: 300 meters.", (("score", 300, 300, "", "", "Six-minute walk test"),)),
    ("Gait speed is 0.8 m/s.", (("score", 0.8, 0.8, "", "", "Gait speed"),)),
    (
        "Nine-hole peg test: right 22 seconds, left 31 seconds.",
        (
            ("score", 22, 22, "", "right", "Nine-Hole Peg Test"),
            ("score", 31, 31, "", "left", "Nine-Hole Peg Test"),
        ),
    ),
    (
        "Single leg stance: 12 seconds on the left, 25 seconds on the right.",
        (("score", 12, 12, "", "left", "Stance test"), ("score", 25, 25, "", "right", "Stance test")),
    ),
    ("DASH score is 45.", (("score", 45, 45, "", "", "Disabilities of the Arm, Shoulder and Hand"),)),
    (
        "R hip abd 3+/5, L hip abd 4/5, R knee ext 5/5.",
        (
            ("strength", 3.33, 3.33, "hip", "right", "abduction"),
            ("strength", 4, 4, "hip", "left", "abduction"),
            ("strength", 5, 5, "knee", "right", "extension"),
        ),
    ),
    (
        "Right ankle: DF 5 degrees, PF 40 degrees, inversion 20 degrees.",
        (
            ("range", 5, 5, "ankle", "right", "dorsiflexion"),
            ("range", 40, 40, "ankle", "right", "plantarflexion"),
            ("range", 20, 20, "ankle", "right", "inversion"),
        ),
    ),
    ("Flexion of the left knee is 95 degrees.", (("range", 95, 95, "knee", "left", "flexion"),)),
    (
        "The left shoulder was examined. Abduction is 80 degrees.",
        (("range", 80, 80, "shoulder", "left", "abduction"),),
    ),
    ("Both hips flex to 110 degrees.", (("range", 110, 110, "hip", "bilateral", "flexion"),)),
    ("Trunk rotation is 30 degrees bilaterally.", (("range", 30, 30, "trunk", "bilateral", "rotation"),)),
)
