"""A text that was refused is a version too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_create_notes")]

    operations = [
        migrations.AlterField(
            model_name="noteversion",
            name="reason",
            field=models.CharField(
                choices=[
                    ("begun", "Begun"),
                    ("saved", "Saved"),
                    ("restored", "An older version was taken back"),
                    ("refused", "Written beside somebody else's text"),
                    ("settled", "Written beside somebody else's text, looked at"),
                    ("signed", "Signed"),
                ],
                default="saved",
                max_length=10,
            ),
        ),
    ]
