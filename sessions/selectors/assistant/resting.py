"""Whether a patient was told today to rest: the assistant does not begin again what it has ended."""

from patients.local_time import local_day, start_of_day
from patients.models import Alert, Patient
from sessions.rehab_bot.counting import count_said

# Each of them tells the patient to rest for today.
OF_PAIN = ("pain_over_limit", "pain_over_own_limit", "pain_next_morning")


def rests_today(patient: Patient) -> bool:
    """True after a pain that broke the rule on the patient's own day, until the care team closed its alert.

    A count that was heard as a pain ("8 out of 10 done") tells nobody to rest.
    """
    since = start_of_day(patient, local_day(patient))
    told = Alert.objects.filter(patient=patient, rule_id__in=OF_PAIN, raised_at__gte=since)
    return any(not _is_count(alert) for alert in told.exclude(state=Alert.State.CLOSED))


def _is_count(alert: Alert) -> bool:
    said = alert.answers.get("said") or [{}]
    return count_said(str(said[-1].get("words", ""))) is not None
