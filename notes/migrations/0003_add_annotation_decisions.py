"""What an annotator was shown and said no to, and which documents came with their spans."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0002_keep_refused_texts")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="proposals",
            field=models.JSONField(
                default=list, help_text="What this annotator was shown, as it stood when they began."
            ),
        ),
        migrations.AddField(
            model_name="annotation",
            name="rejected",
            field=models.JSONField(default=list, help_text="[{start, end, label}] of refused proposals."),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="came_annotated",
            field=models.BooleanField(
                default=False, help_text="Its spans were imported: it is settled once it is cleared."
            ),
        ),
    ]
