"""The templates that every clinic begins with. A clinic's own copies may be changed and retired."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    heading: str
    prompt: str = ""


SHIPPED: tuple[tuple[str, str, tuple[Section, ...]], ...] = (
    (
        "soap",
        "Visit note (SOAP)",
        (
            Section("Subjective", "What the patient reports: pain out of 10, function, the home programme."),
            Section("Objective", "What you measured: range in degrees, strength out of 5, tests, gait."),
            Section("Treatment", "What was done today, with dose, and how it was borne."),
            Section("Assessment", "What it means: progress towards the goals, and why therapy is needed."),
            Section("Plan", "What comes next: frequency, progression, home programme, what to watch for."),
        ),
    ),
    (
        "evaluation",
        "Initial evaluation",
        (
            Section("Reason for referral", "Diagnosis, referrer, date of onset or operation."),
            Section("History", "How it began, earlier treatment, other conditions, medicines, home."),
            Section("Precautions", "Weight bearing, restrictions, red flags asked and answered."),
            Section("Subjective", "Complaint, pain out of 10, what eases and worsens, the patient's goals."),
            Section("Objective", "Observation, range, strength, tests, outcome measures, gait, balance."),
            Section("Assessment", "Impairments, limits in activity, prognosis, need for skilled therapy."),
            Section("Goals", "Short and long term: measurable, with a date."),
            Section("Plan of care", "Frequency, duration, interventions, education, discharge criteria."),
        ),
    ),
    (
        "progress",
        "Progress report",
        (
            Section("Period", "From when to when, visits attended of those planned."),
            Section("Subjective", "What the patient says has changed."),
            Section("Objective", "Measures now beside those at the start."),
            Section("Goals", "Each goal: met, partly met, not met, and why."),
            Section("Assessment", "What helped, what stands in the way, why therapy goes on."),
            Section("Plan", "Changes of frequency, interventions and goals."),
        ),
    ),
    (
        "discharge",
        "Discharge summary",
        (
            Section("Course of care", "Dates, number of visits, what was done."),
            Section("Status at discharge", "Pain, range, strength and outcome measures, beside the start."),
            Section("Goals", "Each goal: met, partly met, not met."),
            Section("Reason for discharge", "Goals met, plateau, patient's wish, referred on."),
            Section("Recommendations", "Home programme, precautions, when to come back."),
        ),
    ),
)
