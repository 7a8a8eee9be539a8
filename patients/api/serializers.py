"""Patients in JSON. Refs only; no database keys."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patients.models import Alert, AttentionReason, Message, PainReport, Patient


class AttentionReasonSerializer(serializers.ModelSerializer[AttentionReason]):
    class Meta:
        model = AttentionReason
        fields = ["code", "weight", "words", "since", "object_ref"]


class PatientSerializer(serializers.ModelSerializer[Patient]):
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = Patient
        fields = [
            "ref", "given_name", "family_name", "birth_date", "sex", "phone", "time_zone", "simulated",
            "planned_days_per_week", "plan_started_on", "attention_score", "reasons",
        ]  # fmt: skip
        read_only_fields = ["ref", "simulated", "planned_days_per_week", "plan_started_on", "attention_score"]

    @extend_schema_field(AttentionReasonSerializer(many=True))
    def get_reasons(self, patient: Patient) -> list[dict[str, object]]:
        return list(AttentionReasonSerializer(getattr(patient, "standing_reasons", []), many=True).data)


class OwnRecordSerializer(serializers.ModelSerializer[Patient]):
    """For the patient: without the caseload's reasons, which are working notes of the team."""

    class Meta:
        model = Patient
        fields = [
            "ref", "given_name", "family_name", "birth_date", "sex", "phone", "time_zone", "simulated",
            "planned_days_per_week", "plan_started_on",
        ]  # fmt: skip


class PainReportSerializer(serializers.ModelSerializer[PainReport]):
    class Meta:
        model = PainReport
        fields = ["ref", "value", "moment", "at", "session_ref"]
        read_only_fields = ["ref", "at"]


class SearchSerializer(serializers.Serializer):
    q = serializers.CharField(max_length=100)


class NewPainSerializer(serializers.Serializer):
    value = serializers.IntegerField(min_value=0, max_value=10)
    moment = serializers.ChoiceField(choices=PainReport.Moment.choices)
    session_ref = serializers.UUIDField(required=False, allow_null=True, default=None)


class MessageSerializer(serializers.ModelSerializer[Message]):
    author = serializers.CharField(source="author.display_name", read_only=True)

    class Meta:
        model = Message
        fields = ["ref", "author", "from_patient", "body", "about_kind", "about_ref", "created_at", "read_at"]


class NewMessageSerializer(serializers.Serializer):
    body = serializers.CharField(max_length=4000)


class AlertSerializer(serializers.ModelSerializer[Alert]):
    patient = serializers.UUIDField(source="patient.ref", read_only=True)

    class Meta:
        model = Alert
        fields = [
            "ref", "patient", "severity", "rule_id", "rule_version", "headline", "text_shown", "answers",
            "session_ref", "raised_at", "due_at", "state", "acknowledged_at", "closed_at", "outcome",
        ]  # fmt: skip


class OutcomeSerializer(serializers.Serializer):
    outcome = serializers.CharField(max_length=2000)
    lift_hold = serializers.BooleanField(default=False)


class StopSerializer(serializers.Serializer):
    """Everything is optional: Stop is never refused for its form."""

    ticked = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    words = serializers.CharField(required=False, allow_blank=True, default="")
    session_ref = serializers.UUIDField(required=False, allow_null=True, default=None)


class FixedAnswerSerializer(serializers.Serializer):
    """The fixed words for a patient whose message told of danger, and the alert that stands for it."""

    ref = serializers.UUIDField(source="alert.ref")
    severity = serializers.CharField(source="answer.severity")
    heading = serializers.CharField(source="answer.heading")
    sentences = serializers.ListField(child=serializers.CharField(), source="answer.sentences")
    emergency_number = serializers.CharField(source="answer.emergency_number", allow_null=True)


class SentMessageSerializer(MessageSerializer):
    """A line as it was stored; `answer` is null unless danger was heard in it."""

    answer = FixedAnswerSerializer(read_only=True, allow_null=True)

    class Meta(MessageSerializer.Meta):
        fields = [*MessageSerializer.Meta.fields, "answer"]


class StoppedSerializer(FixedAnswerSerializer):
    """What Stop answers."""
