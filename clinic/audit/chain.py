"""How one line is chained to the one before: the SQL that the trigger runs and that verification runs again.

Verification does not call the database's own function: whoever could rewrite rows could rewrite that as well.
"""

from clinic.tenancy.backend.base import TRUNCATION_GUARDED

HASHED = (
    "jsonb_build_array({row}.clinic_id, {row}.sequence, "
    "to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), {row}.action, "
    "{row}.actor_user_id, {row}.actor_membership_id, {row}.actor_role, {row}.address, {row}.via, "
    "{row}.purpose, {row}.object_type, {row}.object_ref, {row}.patients, {row}.detail)::text"
)


def hash_sql(row: str, previous: str) -> str:
    """SQL text for sha256(previous hash | row) in hexadecimal; `row` and `previous` are SQL names."""
    return f"encode(sha256(convert_to({previous} || '|' || {HASHED.format(row=row)}, 'UTF8')), 'hex')"


SCOPE = "NULLIF(current_setting('app.clinic_id', true), '')::bigint"
PLATFORM = "current_setting('app.platform', true) = 'on'"
READABLE = f"(clinic_id = {SCOPE} OR (clinic_id IS NULL AND {PLATFORM}))"
WRITABLE = f"(clinic_id IS NOT DISTINCT FROM {SCOPE})"

CHAIN_FUNCTION = f"""
CREATE OR REPLACE FUNCTION clinic_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE head record;
BEGIN
    INSERT INTO clinic_auditchainhead (chain, sequence, hash) VALUES (COALESCE(NEW.clinic_id, 0), 0, '')
        ON CONFLICT (chain) DO NOTHING;
    SELECT sequence, hash INTO STRICT head FROM clinic_auditchainhead
        WHERE chain = COALESCE(NEW.clinic_id, 0) FOR UPDATE;
    NEW.sequence := head.sequence + 1;
    NEW.at := clock_timestamp();
    NEW.previous_hash := head.hash;
    NEW.hash := {hash_sql("NEW", "NEW.previous_hash")};
    UPDATE clinic_auditchainhead SET sequence = NEW.sequence, hash = NEW.hash
        WHERE chain = COALESCE(NEW.clinic_id, 0);
    RETURN NEW;
END $$
"""  # noqa: S608 (built from constants of this file)

PATIENTS_FUNCTION = """
CREATE OR REPLACE FUNCTION clinic_audit_patients() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO clinic_auditeventpatient (clinic_id, event_id, patient_id, at, created_at, updated_at)
        SELECT NEW.clinic_id, NEW.id, patient, NEW.at, NEW.at, NEW.at FROM unnest(NEW.patients) AS patient;
    RETURN NULL;
END $$
"""

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION clinic_audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""

APPEND_ONLY = TRUNCATION_GUARDED


# A search path without pg_temp looks there first: a caller's temporary table would stand in for ours. And
# whoever may execute a function of ours may hang it on a table of theirs, where it writes with our rights.
CLOSED_FUNCTIONS = "clinic_audit_chain(), clinic_audit_patients(), clinic_audit_refuse()"
NO_TEMPORARY_TABLES = (
    "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
)


def close_functions_sql() -> list[str]:
    """The functions as they are above, which nobody but their owner may hang on a table."""
    return [
        CHAIN_FUNCTION,
        PATIENTS_FUNCTION,
        REFUSE_FUNCTION,
        f"REVOKE EXECUTE ON FUNCTION {CLOSED_FUNCTIONS} FROM PUBLIC",
        NO_TEMPORARY_TABLES,
    ]


def install_sql(role: str) -> list[str]:
    """Everything that makes the audit tables append-only, chained and separated by clinic."""
    return [
        CHAIN_FUNCTION,
        PATIENTS_FUNCTION,
        REFUSE_FUNCTION,
        "CREATE TRIGGER audit_chain BEFORE INSERT ON clinic_auditevent "
        "FOR EACH ROW EXECUTE FUNCTION clinic_audit_chain()",
        "CREATE TRIGGER audit_patients AFTER INSERT ON clinic_auditevent "
        "FOR EACH ROW EXECUTE FUNCTION clinic_audit_patients()",
        *[statement for table in APPEND_ONLY for statement in _append_only_sql(table)],
        *[
            statement
            for table in ("clinic_auditevent", "clinic_auditseal")
            for statement in _policy_sql(table)
        ],
        *_head_policy_sql(),
        _rights_sql(role),
    ]


def remove_sql() -> list[str]:
    """The reverse of install_sql."""
    return [
        *[
            f"DROP TRIGGER {name} ON {table}"
            for table in APPEND_ONLY
            for name in ("refuse_change", "refuse_truncate")
        ],
        "DROP TRIGGER audit_chain ON clinic_auditevent",
        "DROP TRIGGER audit_patients ON clinic_auditevent",
        "DROP FUNCTION clinic_audit_chain()",
        "DROP FUNCTION clinic_audit_patients()",
        "DROP FUNCTION clinic_audit_refuse()",
        *[
            statement
            for table in ("clinic_auditevent", "clinic_auditseal")
            for statement in (
                f"DROP POLICY readable ON {table}",
                f"DROP POLICY writable ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            )
        ],
        "DROP POLICY owner_only ON clinic_auditchainhead",
        "ALTER TABLE clinic_auditchainhead NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE clinic_auditchainhead DISABLE ROW LEVEL SECURITY",
    ]


def _append_only_sql(table: str) -> list[str]:
    refuse = "EXECUTE FUNCTION clinic_audit_refuse()"
    return [
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]


def _policy_sql(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY readable ON {table} FOR SELECT TO PUBLIC USING {READABLE}",
        f"CREATE POLICY writable ON {table} FOR INSERT TO PUBLIC WITH CHECK {WRITABLE}",
    ]


def _head_policy_sql() -> list[str]:
    own = f"(chain = COALESCE({SCOPE}, 0))"
    return [
        "ALTER TABLE clinic_auditchainhead ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE clinic_auditchainhead FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner_only ON clinic_auditchainhead FOR ALL TO CURRENT_USER "
        f"USING {own} WITH CHECK {own}",
    ]


def _rights_sql(role: str) -> str:
    tables = ", ".join(APPEND_ONLY)
    return (
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "  # noqa: S608 (a setting)
        f'REVOKE ALL ON {tables}, clinic_auditchainhead FROM "{role}"; '
        f'GRANT SELECT ON {tables} TO "{role}"; '
        f'GRANT INSERT ON clinic_auditevent, clinic_auditseal, clinic_fieldchange TO "{role}"; '
        "END IF; END $$"
    )
