"""Plans and exercises in JSON. Refs only; no database keys."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from prescriptions.dose import RANGES, TEXT_LENGTHS, Dose, dose_in_words
from prescriptions.models import ExerciseVersion, PrescribedExercise, Prescription


class ExerciseVersionSerializer(serializers.ModelSerializer[ExerciseVersion]):
    code = serializers.CharField(source="exercise.code", read_only=True)
    name = serializers.CharField(source="exercise.name", read_only=True)
    signed = serializers.SerializerMethodField()

    class Meta:
        model = ExerciseVersion
        fields = ["ref", "code", "name", "number", "spec", "change_note", "signed", "signed_at", "created_at"]

    def get_signed(self, version: ExerciseVersion) -> bool:
        return version.signed_at is not None


class PrescribedExerciseSerializer(serializers.ModelSerializer[PrescribedExercise]):
    code = serializers.CharField(source="exercise_version.exercise.code", read_only=True)
    exercise_version = serializers.UUIDField(source="exercise_version.ref", read_only=True)
    words = serializers.SerializerMethodField()

    class Meta:
        model = PrescribedExercise
        fields = [
            "ref", "code", "exercise_version", "order", "sets", "repetitions", "hold_s", "rest_s",
            "days_per_week", "side", "resistance", "patient_note", "words",
        ]  # fmt: skip

    def get_words(self, prescribed: PrescribedExercise) -> str:
        return dose_in_words(Dose.of(prescribed), prescribed.exercise_version.spec)


class PrescriptionSerializer(serializers.ModelSerializer[Prescription]):
    exercises = serializers.SerializerMethodField()
    written_by = serializers.CharField(source="written_by.display_name", read_only=True)

    class Meta:
        model = Prescription
        fields = ["ref", "status", "started_on", "ended_on", "written_by", "note_to_patient", "exercises"]

    @extend_schema_field(PrescribedExerciseSerializer(many=True))
    def get_exercises(self, prescription: Prescription) -> list[dict[str, object]]:
        there = getattr(prescription, "exercises_in_force", [])
        return list(PrescribedExerciseSerializer(there, many=True).data)


def _number(name: str) -> serializers.IntegerField:
    least, most = RANGES[name]
    return serializers.IntegerField(min_value=least, max_value=most, default=getattr(Dose(), name))


class DoseSerializer(serializers.Serializer):
    sets = _number("sets")
    repetitions = _number("repetitions")
    hold_s = _number("hold_s")
    rest_s = _number("rest_s")
    days_per_week = _number("days_per_week")
    side = serializers.ChoiceField(choices=PrescribedExercise.Side.choices, default="both")
    resistance = serializers.CharField(
        max_length=TEXT_LENGTHS["resistance"], allow_blank=True, default="", trim_whitespace=True
    )
    patient_note = serializers.CharField(
        max_length=TEXT_LENGTHS["patient_note"], allow_blank=True, default="", trim_whitespace=True
    )


class LineSerializer(DoseSerializer):
    exercise_version = serializers.UUIDField()


class NewPrescriptionSerializer(serializers.Serializer):
    exercises = LineSerializer(many=True, allow_empty=False, max_length=20)  # type: ignore[call-arg]
    note_to_patient = serializers.CharField(max_length=300, allow_blank=True, default="")
    more_than_four = serializers.BooleanField(default=False)


class ChangeDoseSerializer(DoseSerializer):
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
