"""Row-level security, the app role's rights, and the chained audit trail."""

from django.db import migrations

from clinic.audit.chain import install_sql, remove_sql
from clinic.tenancy.rls import EnforceTenancy, GrantAppRole, app_role, own_rows_sql


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_clinics_people_and_audit")]

    operations = [
        GrantAppRole(),
        EnforceTenancy("Membership", "Invitation", "AuditEventPatient", "FieldChange"),
        migrations.RunSQL(
            sql=own_rows_sql("clinic_membership"), reverse_sql="DROP POLICY own_rows ON clinic_membership"
        ),
        migrations.RunSQL(sql=install_sql(app_role()), reverse_sql=remove_sql()),
    ]
