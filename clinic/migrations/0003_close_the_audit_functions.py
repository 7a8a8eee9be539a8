"""The audit trail's functions: closed to everybody's own tables, and deaf to temporary ones."""

from django.db import migrations

from clinic.audit.chain import close_functions_sql


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_close_the_house")]

    operations = [migrations.RunSQL(sql=close_functions_sql(), reverse_sql=migrations.RunSQL.noop)]
