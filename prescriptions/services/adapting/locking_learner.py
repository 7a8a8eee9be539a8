"""One lock for what a clinic learns: rewards come in, and are learned from, one after the other."""

from clinic.models import Clinic
from clinic.tenancy.scope import current_clinic_id


def lock_learner() -> None:
    """Inside the caller's transaction, until it ends."""
    Clinic.objects.select_for_update(no_key=True).filter(pk=current_clinic_id()).values_list("pk").get()
