import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rehab_sessions", "0001_create_sessions")]

    operations = [
        migrations.AlterField(
            model_name="videoupload",
            name="exercise_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="video_uploads",
                to="rehab_sessions.exerciseset",
            ),
        ),
    ]
