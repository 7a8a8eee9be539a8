"""What a patient and the assistant said to each other, and whether a person must look at it."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Conversation(ClinicOwned):
    """One thread of a patient with the assistant. It is held while the alert that held it is not closed."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="conversations")
    last_turn_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(
        "patients.Alert", null=True, blank=True, on_delete=models.PROTECT, related_name="held_conversations"
    )
    session = models.ForeignKey(
        "rehab_sessions.TherapySession",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        help_text="The session through which the patient is being walked.",
    )
    asked = models.JSONField(default=dict, help_text="A question that the assistant has left open.")
    walk = models.JSONField(default=dict, help_text="Where the walk-through stands.")
    keep_until = models.DateField(help_text="The day after which its words are deleted.")
    words_deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-last_turn_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_conversation_per_patient",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "patient", "-last_turn_at"], name="conversation_of_patient"),
            models.Index(fields=["clinic", "keep_until"], name="conversation_to_delete"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.ref}"


class Turn(ClinicOwned):
    """One thing that one side said. What was shown stays as it was shown."""

    class Author(models.TextChoices):
        PATIENT = "patient", "Patient"
        ASSISTANT = "assistant", "Assistant"
        PERSON = "person", "Care team"

    class State(models.TextChoices):
        WAITING = "waiting", "Being answered"
        READY = "ready", "Said"

    conversation = models.ForeignKey(
        "rehab_sessions.Conversation", on_delete=models.PROTECT, related_name="turns"
    )
    number = models.PositiveIntegerField(help_text="Place within the conversation, from 1.")
    author = models.CharField(max_length=10, choices=Author)
    membership = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    at = models.DateTimeField()
    text = models.TextField(blank=True, max_length=4000)
    sentences = models.JSONField(default=list, help_text="Of an answer: each sentence with its sources.")
    quick_replies = models.JSONField(default=list)
    links = models.JSONField(default=list)
    node = models.CharField(max_length=20, blank=True)
    intent = models.CharField(max_length=40, blank=True)
    exercise_code = models.CharField(max_length=64, blank=True)
    answered_by = models.CharField(max_length=10, blank=True, help_text="rules, embedded or model")
    provider = models.ForeignKey(
        "rehab_sessions.ModelProvider", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    heard = models.JSONField(default=dict, help_text="Of a patient's turn: the flags with the exact words.")
    alert = models.ForeignKey(
        "patients.Alert", null=True, blank=True, on_delete=models.PROTECT, related_name="turns"
    )
    dropped = models.JSONField(default=dict, help_text="How many sentences were not shown, by reason.")
    fell_back = models.CharField(max_length=40, blank=True, help_text="Why the model's answer was not used.")
    answer_ms = models.PositiveIntegerField(null=True, blank=True)
    model_ms = models.PositiveIntegerField(null=True, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    was_helpful = models.BooleanField(null=True, blank=True, help_text="As the patient said.")

    class Meta(ClinicOwned.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "conversation", "number"], name="one_turn_per_number"),
        ]
        indexes = [models.Index(fields=["clinic", "at"], name="turn_by_time")]

    def __str__(self) -> str:
        return f"turn {self.ref}"
