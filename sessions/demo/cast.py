"""The people of the demo: every name, date and course of recovery in this file is made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dose:
    """One line of a plan; `fault` is the compensation that this person tends to show."""

    code: str
    sets: int = 2
    repetitions: int = 8
    side: str = "both"
    days_per_week: int = 3
    rest_s: int = 30
    resistance: str = ""
    note: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Course:
    """How eight weeks went, as values at the first, the turning and the last week.

    pain: usual pain before exercise, 0–10. poor: share of repetitions with a compensation, 0–1.
    kept: share of the planned days on which the person exercised. `turn` is the week (from 0) of the middle values.
    """

    pain: tuple[float, float, float]
    poor: tuple[float, float, float]
    kept: tuple[float, float, float]
    turn: int = 4
    weeks: int = 8


@dataclass(frozen=True)
class Said:
    """A line of the message thread, `days_ago` at `clock`; about last night's session when `about_last`."""

    days_ago: int
    clock: str
    by: str
    words: str
    about_last: bool = False


@dataclass(frozen=True)
class Stopped:
    """A Stop in the middle of a session: the boxes ticked, and whether the therapist has dealt with it."""

    days_ago: int
    clock: str
    ticked: tuple[str, ...]
    words: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class DemoPatient:
    """One made-up patient with a plan and a past."""

    given: str
    family: str
    born: int
    sex: str
    title: str
    region: str
    laterality: str
    onset_weeks: int
    doses: tuple[Dose, ...]
    course: Course | None
    precautions: str = ""
    surgery_weeks: int | None = None
    note: str = ""
    clock: str = "18:10"
    said: tuple[Said, ...] = ()
    stopped: Stopped | None = None
    seen: str = ""
    account: str = ""
    consents: tuple[str, ...] = ("camera",)
    seed: int = 0
    last_days_ago: int = 2

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


MAYA = DemoPatient(
    given="Maya", family="Lindqvist", born=1974, sex="female", seed=1, last_days_ago=1, account="patient@north.demo",
    title="Right shoulder pain, rotator cuff", region="shoulder", laterality="right", onset_weeks=11,
    precautions="Nothing over 2 kg above shoulder height. Stay at pain 5 or below.",
    doses=(
        Dose("squat", sets=2, repetitions=8, fault="trunk_lean", note="Keeps your legs strong while the shoulder settles."),
        Dose("shoulder_abduction", sets=2, repetitions=8, fault="shrug", note="Stop at the height where it pinches."),
        Dose("wall_slide", sets=1, repetitions=10, fault="shrug"),
    ),
    course=Course(pain=(5.0, 3.5, 2.2), poor=(0.5, 0.3, 0.15), kept=(0.9, 0.8, 1.0)),
    note="Your arm goes higher every week. Slow on the way down, please.",
    clock="18:40", consents=("camera", "live_view"),
    seen="Good control today. On the last two arm raises the shoulder crept up to the ear: rest a little longer before them.",
    said=(
        Said(9, "09:12", "therapist", "How did the wall slides feel with the new height?"),
        Said(9, "19:03", "patient", "Better! Only a pinch at the very top now."),
        Said(0, "07:20", "therapist", "Lovely session last night. Same again today, and stop the arm raise where it pinches."),
    ),
)  # fmt: skip

THOMAS = DemoPatient(
    given="Thomas", family="Okafor", born=1964, sex="male", seed=2, last_days_ago=1,
    title="Left knee osteoarthritis", region="knee", laterality="left", onset_weeks=60,
    precautions="No deep squats below 90 degrees. Stick for long walks.",
    doses=(
        Dose("squat", sets=2, repetitions=8, fault="trunk_lean"),
        Dose("sit_to_stand", sets=2, repetitions=8, fault="trunk_lean"),
        Dose("straight_leg_raise", sets=2, repetitions=8, side="left", fault="extensor_lag"),
    ),
    course=Course(pain=(3.0, 3.0, 6.4), poor=(0.2, 0.25, 0.75), kept=(0.9, 0.9, 0.7), turn=5),
    note="Small steps. Tell me if the knee is angry the morning after.", clock="17:25",
    said=(
        Said(12, "20:15", "patient", "The stairs are harder again since the weekend."),
        Said(11, "08:40", "therapist", "Thank you for telling me. Fewer squats this week, and we will look again on Friday."),
        Said(1, "19:50", "patient", "It is still swollen after the squats. Should I go on?"),
    ),
)  # fmt: skip

EWA = DemoPatient(
    given="Ewa", family="Kowalska", born=1992, sex="female", seed=3, last_days_ago=1,
    title="Right ACL reconstruction", region="knee", laterality="right", onset_weeks=19, surgery_weeks=14,
    precautions="No pivoting, no jumping before week 16.",
    doses=(
        Dose("squat", sets=3, repetitions=10, days_per_week=4, fault="trunk_lean"),
        Dose("lunge", sets=2, repetitions=8, side="right", days_per_week=4, fault="trunk_lean"),
        Dose("standing_hip_abduction", sets=2, repetitions=10, side="right", days_per_week=4, fault="trunk_side_lean"),
    ),
    course=Course(pain=(3.2, 1.5, 0.6), poor=(0.45, 0.2, 0.05), kept=(1.0, 1.0, 1.0)),
    note="Excellent work. Next week we add load.", clock="07:05", consents=("camera", "live_view"),
    said=(Said(3, "12:30", "therapist", "Your squat is as even as I have seen it. Well done."),),
    seen="Clean set. Depth is the same from the first to the last repetition.",
)  # fmt: skip

HAROLD = DemoPatient(
    given="Harold", family="Bennett", born=1952, sex="male", seed=4, last_days_ago=1,
    title="Left total hip replacement", region="hip", laterality="left", onset_weeks=40, surgery_weeks=7,
    precautions="Posterior approach: no hip bend past 90 degrees, no crossing of legs, until week 12.",
    doses=(
        Dose("sit_to_stand", sets=2, repetitions=6, days_per_week=5, fault="trunk_lean", note="Use the high chair."),
        Dose("standing_hip_abduction", sets=2, repetitions=8, side="left", days_per_week=5, fault="trunk_side_lean"),
        Dose("bridge", sets=2, repetitions=8, days_per_week=5, fault="short_of_line"),
    ),
    course=Course(pain=(4.5, 3.0, 2.5), poor=(0.5, 0.35, 0.3), kept=(0.8, 0.9, 0.9), weeks=6),
    clock="10:15", stopped=Stopped(0, "08:05", ("calf_swollen",), words="My left calf has been tight since last evening."),
)  # fmt: skip

PRIYA = DemoPatient(
    given="Priya", family="Nair", born=1981, sex="female", seed=5,
    title="Low back pain, six months", region="back", laterality="not_applicable", onset_weeks=26,
    precautions="None. Fear of bending: start small.",
    doses=(
        Dose("bridge", sets=2, repetitions=10, days_per_week=4, fault="back_arch"),
        Dose("squat", sets=2, repetitions=8, days_per_week=4, fault="trunk_lean"),
    ),
    course=Course(pain=(4.2, 4.0, 4.1), poor=(0.35, 0.35, 0.35), kept=(0.8, 0.4, 0.0), turn=4), clock="21:20",
    said=(Said(6, "11:05", "therapist", "I have not seen a session for a while. What gets in the way? We can make it shorter."),),
)  # fmt: skip

JONAS = DemoPatient(
    given="Jonas", family="Weber", born=1998, sex="male", seed=6,
    title="Right ankle sprain, grade 2", region="ankle_foot", laterality="right", onset_weeks=6,
    precautions="Brace for sport until week 8.",
    doses=(
        Dose("calf_raise", sets=3, repetitions=10, side="right", days_per_week=4, fault="short_range"),
        Dose("lunge", sets=2, repetitions=8, side="right", days_per_week=4, fault="trunk_lean"),
    ),
    course=Course(pain=(4.0, 2.0, 1.0), poor=(0.3, 0.2, 0.12), kept=(0.9, 0.8, 0.8), weeks=6), clock="19:30",
)  # fmt: skip

LEILA = DemoPatient(
    given="Leila", family="Haddad", born=1988, sex="female", seed=7,
    title="Right kneecap pain", region="knee", laterality="right", onset_weeks=16,
    precautions="Stairs and kneeling hurt: no loaded knee bend past 70 degrees.",
    doses=(
        Dose("standing_straight_leg_raise", sets=2, repetitions=8, side="right", fault="knee_bend"),
        Dose("clamshell", sets=2, repetitions=8, side="right", fault="pelvis_roll", note="Experimental scoring: trust the feeling."),
        Dose("squat", sets=2, repetitions=8, fault="trunk_lean"),
    ),
    course=Course(pain=(4.6, 4.0, 3.0), poor=(0.55, 0.4, 0.3), kept=(0.8, 0.9, 0.9)), clock="06:50",
)  # fmt: skip

MARGARET = DemoPatient(
    given="Margaret", family="Doyle", born=1957, sex="female", seed=8,
    title="Osteoarthritis of both knees", region="knee", laterality="both", onset_weeks=150,
    precautions="High blood pressure: breathe out while standing up.",
    doses=(
        Dose("sit_to_stand", sets=2, repetitions=8, fault="trunk_lean"),
        Dose("straight_leg_raise", sets=1, repetitions=8, side="both", fault="extensor_lag"),
    ),
    course=Course(pain=(3.5, 3.2, 3.0), poor=(0.3, 0.25, 0.2), kept=(0.9, 0.9, 0.9)), clock="11:00",
)  # fmt: skip

SAMUEL = DemoPatient(
    given="Samuel", family="Osei", born=1970, sex="male", seed=9,
    title="Left frozen shoulder", region="shoulder", laterality="left", onset_weeks=30,
    precautions="Diabetes. No forced stretch at the end of range.",
    doses=(
        Dose("wall_slide", sets=2, repetitions=8, days_per_week=5, fault="shrug"),
        Dose("shoulder_abduction", sets=2, repetitions=6, side="left", days_per_week=5, fault="trunk_side_lean"),
    ),
    course=Course(pain=(4.8, 4.5, 4.0), poor=(0.6, 0.55, 0.5), kept=(0.8, 0.7, 0.8)), clock="20:05",
    said=(Said(2, "20:40", "patient", "Can I do the wall slide sitting down on days when I am tired?"),),
)  # fmt: skip

CHIARA = DemoPatient(
    given="Chiara", family="Romano", born=1959, sex="female", seed=10,
    title="Right total knee replacement", region="knee", laterality="right", onset_weeks=70, surgery_weeks=5,
    precautions="Wound healed. Watch for swelling. Crutches outdoors.",
    doses=(
        Dose("straight_leg_raise", sets=2, repetitions=8, side="right", days_per_week=6, fault="extensor_lag"),
        Dose("sit_to_stand", sets=2, repetitions=6, days_per_week=6, fault="trunk_lean"),
    ),
    course=Course(pain=(5.0, 4.4, 3.6), poor=(0.7, 0.5, 0.35), kept=(0.9, 0.9, 0.9), turn=2, weeks=4), clock="09:40",
)  # fmt: skip

ARTHUR = DemoPatient(
    given="Arthur", family="Nilsson", born=1945, sex="male", seed=11,
    title="Balance and leg strength after two falls", region="balance", laterality="not_applicable", onset_weeks=20,
    precautions="Hold the kitchen counter. Someone else in the house.",
    doses=(
        Dose("sit_to_stand", sets=2, repetitions=6, fault="trunk_lean"),
        Dose("calf_raise", sets=2, repetitions=8, fault="short_range"),
        Dose("standing_hip_abduction", sets=1, repetitions=6, side="both", fault="trunk_side_lean"),
    ),
    course=Course(pain=(1.0, 1.0, 1.0), poor=(0.45, 0.4, 0.35), kept=(0.8, 0.8, 0.8)), clock="15:30",
    consents=("camera", "live_view"),
)  # fmt: skip

NOOR = DemoPatient(
    given="Noor", family="Rahman", born=1995, sex="female", seed=12,
    title="Low back pain, first visit", region="back", laterality="not_applicable", onset_weeks=4,
    precautions="None known.",
    doses=(Dose("bridge", sets=2, repetitions=8, fault="back_arch"), Dose("sit_to_stand", sets=2, repetitions=8)),
    course=None, note="Welcome. Start gently: two short sessions this week are plenty.",
    said=(Said(0, "09:30", "therapist", "Good to meet you today. Your plan is ready when you are."),),
)  # fmt: skip

BETH = DemoPatient(
    given="Beth", family="Carver", born=1985, sex="female", seed=13, account="patient2@north.demo",
    title="Left shoulder pain", region="shoulder", laterality="left", onset_weeks=8,
    doses=(Dose("wall_slide", sets=2, repetitions=8, fault="shrug"),),
    course=Course(pain=(3.0, 2.5, 2.0), poor=(0.3, 0.2, 0.2), kept=(0.8, 0.8, 0.8), turn=1, weeks=3),
)  # fmt: skip

HANA = DemoPatient(
    given="Hana", family="Svoboda", born=1979, sex="female", seed=14, account="patient@south.demo",
    title="Left knee pain after a fall", region="knee", laterality="left", onset_weeks=9,
    doses=(Dose("squat", sets=2, repetitions=8, fault="trunk_lean"), Dose("bridge", sets=2, repetitions=8)),
    course=Course(pain=(4.0, 3.0, 2.0), poor=(0.4, 0.3, 0.2), kept=(0.9, 0.9, 0.9), turn=2, weeks=4),
)  # fmt: skip

LUC = DemoPatient(
    given="Luc", family="Moreau", born=1966, sex="male", seed=15,
    title="Low back pain", region="back", laterality="not_applicable", onset_weeks=12,
    doses=(Dose("bridge", sets=2, repetitions=8, fault="back_arch"),),
    course=Course(pain=(3.0, 3.0, 3.0), poor=(0.3, 0.3, 0.3), kept=(0.6, 0.6, 0.6), turn=2, weeks=4),
)  # fmt: skip

ANAS_CASELOAD = (
    MAYA, THOMAS, EWA, HAROLD, PRIYA, JONAS, LEILA, MARGARET, SAMUEL, CHIARA, ARTHUR, NOOR,
)  # fmt: skip
