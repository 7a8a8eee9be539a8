"""Run inside the product: end what another test has left open of a demo patient.

``python -m tests.browser.settle_patient CLINIC EMAIL``
"""

import os
import sys

import django


def main(slug: str, email: str) -> None:
    """Close alerts with their holds as the patient's first therapist; end sessions and the conversation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    django.setup()
    from clinic.models import Clinic, Membership
    from clinic.tenancy.scope import clinic_scope
    from patients.models import Patient
    from patients.selectors import open_alerts_of
    from patients.services import close_alert
    from sessions.selectors.assistant.conversation import open_conversation
    from sessions.services import stop_open_sessions
    from sessions.services.assistant.threads import end_conversation

    with clinic_scope(Clinic.objects.get(slug=slug).pk):
        patient = Patient.objects.select_related("clinic").get(membership__user__email=email)
        therapist = Membership.objects.filter(role="therapist", care_team_places__patient=patient).first()
        for alert in open_alerts_of(patient):
            close_alert(alert, by=therapist, outcome="Left by another test.", lift_hold=True)
        stop_open_sessions(patient, None, "left open")
        conversation = open_conversation(patient)
        if conversation is not None:
            end_conversation(conversation)


if __name__ == "__main__":
    main(*sys.argv[1:])
