"""What a clinic allows in writing its notes: dictation, not until an admin says so."""

import django.db.models.deletion
from django.db import migrations, models

import clinic.tenancy.models
from clinic.tenancy.rls import EnforceTenancy


class Migration(migrations.Migration):
    dependencies = [("clinic", "0005_add_model_register"), ("notes", "0007_add_source_note")]

    operations = [
        migrations.CreateModel(
            name="NoteSettings",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "ref",
                    models.UUIDField(db_default=clinic.tenancy.models.UuidV7(), editable=False, unique=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "dictation_allowed",
                    models.BooleanField(
                        default=False, help_text="The editor may turn speech into text, on the device alone."
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("clinic",), name="one_note_settings_per_clinic")
                ],
            },
        ),
        EnforceTenancy("NoteSettings"),
    ]
