"""Run inside the product: let small changes happen within the sessions of a demo patient's plan.

``python -m tests.browser.allow_changes CLINIC EMAIL``
"""

import os
import sys

import django


def main(slug: str, email: str) -> None:
    """Set the bounds through the service, as the patient's first therapist."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    django.setup()
    from clinic.models import Clinic, Membership
    from clinic.tenancy.scope import clinic_scope
    from patients.models import Patient
    from prescriptions.adapt_rx.types import Bounds
    from prescriptions.selectors import active_prescription, exercises_of
    from prescriptions.services import set_bounds

    with clinic_scope(Clinic.objects.get(slug=slug).pk):
        patient = Patient.objects.get(membership__user__email=email)
        therapist = Membership.objects.filter(role="therapist", care_team_places__patient=patient).first()
        for prescribed in exercises_of(active_prescription(patient)):
            set_bounds(prescribed, Bounds(within_session=True), by=therapist)


if __name__ == "__main__":
    main(*sys.argv[1:])
