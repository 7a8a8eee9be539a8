from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("prescriptions", "0003_add_beyond_rules")]

    operations = [
        migrations.RemoveIndex(model_name="dosedecision", name="dose_decision_no_reward"),
        migrations.AddIndex(
            model_name="dosedecision",
            index=models.Index(
                fields=["clinic", "patient"],
                condition=Q(rewarded_at__isnull=True),
                name="dose_decision_not_rewarded",
            ),
        ),
        migrations.AddIndex(
            model_name="dosedecision",
            index=models.Index(
                fields=["clinic", "rewarded_at", "id"],
                condition=Q(rewarded_at__isnull=False),
                name="dose_decision_rewarded",
            ),
        ),
    ]
