"""A clinic's settings are changed by that clinic: the table of clinics is shared for reading only."""

from django.db import migrations

from clinic.tenancy.rls import CLINIC_SETTING


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_close_the_audit_functions")]

    operations = [
        migrations.RunSQL(
            sql=[
                # Not forced: the owner, who migrates and empties, is no way in for the application.
                "ALTER TABLE clinic_clinic ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY readable ON clinic_clinic FOR SELECT TO PUBLIC USING (true)",
                "CREATE POLICY addable ON clinic_clinic FOR INSERT TO PUBLIC WITH CHECK (true)",
                "CREATE POLICY own_settings ON clinic_clinic FOR UPDATE TO PUBLIC "
                f"USING (id = {CLINIC_SETTING}) WITH CHECK (id = {CLINIC_SETTING})",
            ],
            reverse_sql=[
                *[f"DROP POLICY {name} ON clinic_clinic" for name in ("readable", "addable", "own_settings")],
                "ALTER TABLE clinic_clinic DISABLE ROW LEVEL SECURITY",
            ],
        )
    ]
