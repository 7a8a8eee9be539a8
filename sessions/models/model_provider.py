"""Which language model may answer a clinic's patients, and what its safety suite said."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from clinic.tenancy.models import ClinicOwned


class AssistantSettings(ClinicOwned):
    """At most one row a clinic; without one the assistant answers, without an external model."""

    is_on = models.BooleanField(default=True, help_text="Patients may ask the assistant.")
    keep_days = models.PositiveSmallIntegerField(
        default=365, validators=[MinValueValidator(30), MaxValueValidator(3650)]
    )
    voice_in_allowed = models.BooleanField(
        default=False,
        help_text="Patients may speak instead of type, where their browser hears on the device itself.",
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic"], name="one_assistant_settings_per_clinic"),
        ]

    def __str__(self) -> str:
        return f"assistant settings {self.ref}"


class ModelProvider(ClinicOwned):
    """One model at one address. It answers patients only when the suite was passed by exactly this one."""

    class Kind(models.TextChoices):
        OPENAI = "openai", "OpenAI-compatible endpoint"
        OLLAMA = "ollama", "Ollama"
        ANTHROPIC = "anthropic", "Anthropic"
        AZURE = "azure_openai", "Azure OpenAI"

    class State(models.TextChoices):
        DRAFT = "draft", "Not in use"
        ACTIVE = "active", "Answers patients"
        RETIRED = "retired", "Was in use"

    kind = models.CharField(max_length=16, choices=Kind)
    model = models.CharField(max_length=120)
    base_url = models.URLField(max_length=300, blank=True)
    api_version = models.CharField(max_length=40, blank=True, help_text="Azure only.")
    sealed_key = models.TextField(blank=True, editable=False, help_text="The key, encrypted.")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    timeout_s = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(2), MaxValueValidator(60)]
    )
    price_in = models.DecimalField(
        max_digits=10, decimal_places=4, default=0, help_text="Per million tokens that are sent."
    )
    price_out = models.DecimalField(
        max_digits=10, decimal_places=4, default=0, help_text="Per million tokens that come back."
    )
    monthly_budget = models.DecimalField(max_digits=10, decimal_places=2, default=0, help_text="0: none.")
    currency = models.CharField(max_length=3, default="USD")
    made_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic"], condition=models.Q(state="active"), name="one_active_provider_per_clinic"
            ),
        ]

    def __str__(self) -> str:
        return f"model provider {self.ref}"


class SafetyRun(ClinicOwned):
    """One run of the safety suite. `fingerprint` is that of model, address, prompt and suite together."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    provider = models.ForeignKey(
        "rehab_sessions.ModelProvider",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="safety_runs",
        help_text="Empty: without an external model.",
    )
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.FloatField(default=0, help_text="0 to 1.")
    started_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    scores = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["clinic", "fingerprint"], name="safety_run_fingerprint")]

    def __str__(self) -> str:
        return f"safety run {self.ref}"
