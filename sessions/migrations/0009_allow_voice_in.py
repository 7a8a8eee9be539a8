from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rehab_sessions", "0008_add_rehab_bot")]

    operations = [
        migrations.AddField(
            model_name="assistantsettings",
            name="voice_in_allowed",
            field=models.BooleanField(
                default=False,
                help_text="Patients may speak instead of type, where their browser hears on the device itself.",
            ),
        ),
    ]
