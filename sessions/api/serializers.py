"""What the API says about sessions."""

from typing import Any

from rest_framework import serializers

from sessions.models import ExerciseSet, Repetition, TherapySession


class RepetitionSerializer(serializers.ModelSerializer[Repetition]):
    class Meta:
        model = Repetition
        fields = [
            "ref", "index", "side", "start_s", "peak_s", "end_s", "classification", "findings", "reason",
            "peak_deg", "versions",
        ]  # fmt: skip


class ExerciseSetSerializer(serializers.ModelSerializer[ExerciseSet]):
    exercise = serializers.SerializerMethodField()

    class Meta:
        model = ExerciseSet
        fields = [
            "ref", "exercise", "order", "set_number", "side", "view", "target_repetitions", "target_hold_s",
            "state", "counted_by", "repetition_count", "started_at", "ended_at",
        ]  # fmt: skip

    def get_exercise(self, one: ExerciseSet) -> str:
        return str(one.spec.get("code", ""))


class SessionSerializer(serializers.ModelSerializer[TherapySession]):
    patient = serializers.UUIDField(source="patient.ref")

    class Meta:
        model = TherapySession
        fields = [
            "ref", "patient", "state", "mode", "simulated", "started_at", "ended_at", "completed",
            "stop_reason", "form_share", "repetitions_done", "repetitions_scored", "repetitions_correct",
        ]  # fmt: skip


class SessionDetailSerializer(SessionSerializer):
    sets = serializers.SerializerMethodField()

    class Meta(SessionSerializer.Meta):
        fields = [*SessionSerializer.Meta.fields, "sets"]

    def get_sets(self, session: TherapySession) -> list[dict[str, Any]]:
        sets = session.sets.select_related("exercise_version").order_by("order")
        return list(ExerciseSetSerializer(sets, many=True).data)


class LandmarksSerializer(serializers.Serializer[Any]):
    """Frames of one set. image: x, y as shares of the picture, z, visibility; world: metres."""

    width = serializers.IntegerField()
    height = serializers.IntegerField()
    t_ms = serializers.ListField(child=serializers.FloatField())
    presence = serializers.ListField(child=serializers.FloatField())
    image = serializers.ListField(child=serializers.ListField())
    world = serializers.ListField(child=serializers.ListField())
