"""What a therapist allows AdaptRx to do with one prescribed exercise."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class DoseBounds(ClinicOwned):
    """Without a row the defaults hold: proposals yes, changes within a session no."""

    prescribed_exercise = models.OneToOneField(
        "prescriptions.PrescribedExercise", on_delete=models.PROTECT, related_name="dose_bounds"
    )
    adaptive = models.BooleanField(default=True, help_text="Make proposals for this exercise.")
    pinned = models.BooleanField(default=False, help_text="Keep the exercise and its dose as they are.")
    forbid_progression = models.BooleanField(default=False, help_text="Propose nothing harder.")
    within_session = models.BooleanField(
        default=False, help_text="Small changes may happen by themselves between sets."
    )
    limits = models.JSONField(
        default=dict, help_text="Least and most rung, sets, repetitions, hold and resistance; pain limit."
    )
    equipment = models.JSONField(default=list, help_text="Codes of what the patient has at home.")
    changed_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicOwned.Meta):
        verbose_name_plural = "dose bounds"

    def __str__(self) -> str:
        return f"dose bounds {self.ref}"
