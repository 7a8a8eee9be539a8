"""What reading an imported file could not take over; and sentences that rest on an alert."""

from django.db import migrations, models

KINDS = [
    ("session", "Session"),
    ("set", "Set"),
    ("repetition", "Repetition"),
    ("pain", "Pain entry"),
    ("trend", "Movement over time"),
    ("test", "Movement test"),
    ("plan", "Plan"),
    ("message", "Message"),
    ("goal", "Goal"),
    ("alert", "Alert"),
]


class Migration(migrations.Migration):
    dependencies = [("notes", "0005_lock_signed_texts")]

    operations = [
        migrations.AddField(
            model_name="visitnote",
            name="source_warnings",
            field=models.JSONField(default=list, help_text="What reading the file could not take over."),
        ),
        migrations.AlterField(
            model_name="notebasis",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
    ]
