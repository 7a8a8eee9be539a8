"""From which note a text came, for as long as it may still name its patient."""

import django.db.models.deletion
from django.db import migrations, models

from clinic.tenancy.rls import LinkTenancy


class Migration(migrations.Migration):
    dependencies = [("notes", "0006_add_source_warnings")]

    operations = [
        migrations.AddField(
            model_name="projectdocument",
            name="source_note",
            field=models.ForeignKey(
                blank=True,
                help_text="Only until its names are checked: who may not open the patient must not read it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notes.visitnote",
            ),
        ),
        LinkTenancy("ProjectDocument"),
    ]
