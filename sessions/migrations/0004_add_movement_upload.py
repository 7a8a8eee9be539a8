import django.db.models.deletion
from django.db import migrations, models

import clinic.tenancy.models
from clinic.tenancy.rls import EnforceTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0004_keep_to_the_own_clinic"),
        ("patients", "0002_add_height_and_motion_consent"),
        ("rehab_sessions", "0003_add_movement"),
    ]

    operations = [
        migrations.CreateModel(
            name="MovementUpload",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("placement", models.CharField(blank=True, default="", max_length=16)),
                ("activity", models.CharField(blank=True, default="", max_length=16)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("problem", models.JSONField(blank=True, default=dict)),
                (
                    "plans",
                    models.JSONField(blank=True, default=dict, help_text="Columns as somebody named them."),
                ),
                (
                    "repairs",
                    models.JSONField(blank=True, default=list, help_text="What was put right while reading."),
                ),
                ("imported_at", models.DateTimeField(blank=True, null=True)),
                ("file_deleted_at", models.DateTimeField(blank=True, null=True)),
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
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movement_upload",
                        to="rehab_sessions.job",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movement_uploads",
                        to="patients.patient",
                    ),
                ),
                (
                    "plans_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="movement_uploads",
                        to="rehab_sessions.recording",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.membership"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="MovementUploadFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=200)),
                ("stored_name", models.CharField(max_length=60)),
                ("size_bytes", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
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
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="rehab_sessions.movementupload",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="movementupload",
            index=models.Index(
                condition=models.Q(("file_deleted_at", None)),
                fields=["clinic", "created_at"],
                name="movement_upload_on_disk",
            ),
        ),
        migrations.AddIndex(
            model_name="movementuploadfile",
            index=models.Index(fields=["clinic", "patient", "sha256"], name="same_file_of_patient"),
        ),
        EnforceTenancy("MovementUpload", "MovementUploadFile"),
    ]
