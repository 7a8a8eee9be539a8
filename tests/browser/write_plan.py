"""Run inside the product: give a demo patient a short plan, so that a test's session takes seconds.

``python -m tests.browser.write_plan CLINIC EMAIL CODE:SETS:REPETITIONS:SIDE …`` prints the patient's ref.
"""

import os
import sys

import django


def main(slug: str, email: str, *wanted: str) -> None:
    """Write the plan through the service, as the patient's first therapist."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    django.setup()
    from clinic.models import Clinic, Membership
    from clinic.tenancy.scope import clinic_scope
    from patients.models import Patient
    from prescriptions.dose import Dose
    from prescriptions.selectors.library import current_versions
    from prescriptions.services import PlanLine, write_prescription

    with clinic_scope(Clinic.objects.get(slug=slug).pk):
        patient = Patient.objects.get(membership__user__email=email)
        therapist = Membership.objects.filter(role="therapist", care_team_places__patient=patient).first()
        versions = {version.exercise.code: version for version in current_versions()}
        lines = [
            PlanLine(
                versions[code], Dose(sets=int(sets), repetitions=int(repetitions), side=side, days_per_week=7)
            )
            for code, sets, repetitions, side in (line.split(":") for line in wanted)
        ]
        write_prescription(patient, lines, by=therapist)
        print(patient.ref)


if __name__ == "__main__":
    main(*sys.argv[1:])
