"""The model register: which trained model runs where, how good it was, and who allowed it."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class RegisteredModel(ClinicOwned):
    """One version of a product's model, as one clinic knows it.

    A released model ships with Plumbline: its row says what this clinic decided about it. A trained one
    belongs to the clinic, files included.
    """

    class Origin(models.TextChoices):
        RELEASED = "released", "Shipped with Plumbline"
        TRAINED = "trained", "Trained by this clinic"

    class State(models.TextChoices):
        CANDIDATE = "candidate", "Not in use"
        ACTIVE = "active", "In use"
        RETIRED = "retired", "Was in use"
        OFF = "off", "Switched off"

    product = models.CharField(max_length=40)
    version = models.CharField(max_length=60)
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    sha256 = models.CharField(max_length=64, help_text="Of the manifest, which names every file's own.")
    stored_name = models.CharField(
        max_length=200, blank=True, help_text="Folder in private storage; empty when released."
    )
    data_sha256 = models.CharField(max_length=64, blank=True)
    data_words = models.CharField(max_length=300, blank=True)
    parameters = models.JSONField(default=dict)
    scores = models.JSONField(default=dict, help_text="Evaluation of this version, with intervals.")
    comparison = models.JSONField(default=dict, help_text="Against the version that was in use.")
    card = models.TextField(blank=True)
    trained_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(
        max_length=300, blank=True, help_text="Why it was promoted, retired or switched off."
    )

    class Meta(ClinicOwned.Meta):
        ordering = ["product", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "product", "version"], name="one_registered_model_per_version"
            ),
            models.UniqueConstraint(
                fields=["clinic", "product"],
                condition=models.Q(state="active"),
                name="one_active_model_per_product",
            ),
        ]

    def __str__(self) -> str:
        return f"model {self.product} {self.version}"
