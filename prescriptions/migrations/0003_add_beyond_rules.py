from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prescriptions", "0002_add_adapt_rx")]

    operations = [
        migrations.AddField(
            model_name="dosedecision",
            name="beyond_rules",
            field=models.BooleanField(
                default=False,
                help_text="A therapist asked for more than the safety rules had left, with a tick.",
            ),
        ),
    ]
