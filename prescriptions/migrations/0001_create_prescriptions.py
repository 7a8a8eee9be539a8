import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import clinic.tenancy.models
from clinic.tenancy.rls import EnforceTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinic", "0001_clinics_people_and_audit"),
        ("patients", "0001_create_patients"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exercise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("code", models.SlugField(max_length=64)),
                ("name", models.CharField(max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ExerciseVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("number", models.PositiveIntegerField()),
                ("spec", models.JSONField()),
                ("change_note", models.CharField(blank=True, max_length=300)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="prescriptions.exercise",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PrescribedExercise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "sets",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                    ),
                ),
                (
                    "repetitions",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "hold_s",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(120)]
                    ),
                ),
                (
                    "rest_s",
                    models.PositiveSmallIntegerField(
                        default=30, validators=[django.core.validators.MaxValueValidator(600)]
                    ),
                ),
                (
                    "days_per_week",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(7),
                        ],
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "Left"), ("right", "Right"), ("both", "Both sides")],
                        default="both",
                        max_length=5,
                    ),
                ),
                ("resistance", models.CharField(blank=True, max_length=60)),
                ("patient_note", models.CharField(blank=True, max_length=300)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "exercise_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="prescriptions.exerciseversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ExerciseResponse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("session_ref", models.UUIDField()),
                ("day", models.DateField()),
                ("sets_done", models.PositiveSmallIntegerField(default=0)),
                ("repetitions_done", models.PositiveSmallIntegerField(default=0)),
                ("repetitions_correct", models.PositiveSmallIntegerField(default=0)),
                ("repetitions_mild", models.PositiveSmallIntegerField(default=0)),
                ("repetitions_significant", models.PositiveSmallIntegerField(default=0)),
                ("repetitions_not_scored", models.PositiveSmallIntegerField(default=0)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "prescribed_exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="prescriptions.prescribedexercise",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="DoseChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.membership"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "prescribed_exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dose_changes",
                        to="prescriptions.prescribedexercise",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Prescription",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("ended", "Ended")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("note_to_patient", models.CharField(blank=True, max_length=300)),
                ("more_than_four_confirmed", models.BooleanField(default=False)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prescriptions",
                        to="patients.patient",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.membership"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="prescribedexercise",
            name="prescription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exercises",
                to="prescriptions.prescription",
            ),
        ),
        migrations.CreateModel(
            name="ProgrammeTemplate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("items", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.UniqueConstraint(
                fields=("clinic", "code"), name="exercise_code_once_per_clinic"
            ),
        ),
        migrations.AddConstraint(
            model_name="exerciseversion",
            constraint=models.UniqueConstraint(
                fields=("clinic", "exercise", "number"), name="exercise_version_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="exerciseresponse",
            index=models.Index(fields=["clinic", "patient", "-day"], name="exercise_response_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="exerciseresponse",
            constraint=models.UniqueConstraint(
                fields=("clinic", "prescribed_exercise", "session_ref"), name="exercise_response_once"
            ),
        ),
        migrations.AddIndex(
            model_name="dosechange",
            index=models.Index(
                fields=["clinic", "prescribed_exercise", "-created_at"], name="dose_change_of_exercise"
            ),
        ),
        migrations.AddIndex(
            model_name="prescription",
            index=models.Index(fields=["clinic", "patient", "-created_at"], name="prescription_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="prescription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")),
                fields=("clinic", "patient"),
                name="prescription_one_active",
            ),
        ),
        migrations.AddIndex(
            model_name="prescribedexercise",
            index=models.Index(fields=["clinic", "prescription", "order"], name="exercise_in_prescription"),
        ),
        migrations.AddConstraint(
            model_name="prescribedexercise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("days_per_week__range", (1, 7)),
                    ("repetitions__range", (1, 60)),
                    ("sets__range", (1, 10)),
                ),
                name="prescribed_exercise_dose_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmetemplate",
            constraint=models.UniqueConstraint(
                fields=("clinic", "name"), name="programme_template_name_once"
            ),
        ),
        EnforceTenancy(
            "Exercise",
            "ExerciseVersion",
            "ProgrammeTemplate",
            "Prescription",
            "PrescribedExercise",
            "DoseChange",
            "ExerciseResponse",
        ),
    ]
