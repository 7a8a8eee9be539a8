"""What a clinician says a value belongs to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0003_add_annotation_decisions")]

    operations = [
        migrations.AddField(
            model_name="notefact",
            name="links",
            field=models.JSONField(
                default=dict, help_text="Region, side, motion or measure of a value, given by hand."
            ),
        ),
    ]
