import django.db.models.deletion
from django.db import migrations, models

import clinic.tenancy.models
from clinic.tenancy.rls import EnforceTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0005_add_model_register"),
        ("patients", "0002_add_height_and_motion_consent"),
    ]

    operations = [
        migrations.AlterField(
            model_name="painreport",
            name="moment",
            field=models.CharField(
                choices=[
                    ("before", "Before exercise"),
                    ("after", "After exercise"),
                    ("next_morning", "The next morning"),
                    ("stop", "When you stopped"),
                    ("questions", "The worst of 24 hours, in a questionnaire"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="QuestionnaireRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("activities", models.JSONField(default=list)),
                ("every_weeks", models.PositiveSmallIntegerField(default=0)),
                ("due_on", models.DateField()),
                ("put_off_until", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questionnaire_requests",
                        to="patients.patient",
                    ),
                ),
                (
                    "withdrawn_by",
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
            name="QuestionnaireResponse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("due_on", models.DateField()),
                ("authored_at", models.DateTimeField()),
                ("version", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField(default=dict)),
                ("activities", models.JSONField(default=list)),
                ("words", models.TextField(blank=True, max_length=2000)),
                (
                    "alert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.alert",
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questionnaire_responses",
                        to="patients.patient",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="patients.questionnairerequest",
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
            model_name="questionnairerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("clinic", "patient"),
                name="questionnaire_request_one_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionnairerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("every_weeks__lte", 26)), name="questionnaire_request_within_half_a_year"
            ),
        ),
        migrations.AddIndex(
            model_name="questionnaireresponse",
            index=models.Index(fields=["clinic", "patient", "-authored_at"], name="questionnaire_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="questionnaireresponse",
            constraint=models.UniqueConstraint(
                fields=("clinic", "request", "due_on"), name="questionnaire_response_once_each_time"
            ),
        ),
        EnforceTenancy("QuestionnaireRequest", "QuestionnaireResponse"),
    ]
