"""A signed text stays as it was signed, also against an update that passes no service of ours."""

from django.db import migrations

LOCKED_COLUMNS = (
    "clinic_id",
    "ref",
    "patient_id",
    "session_id",
    "addendum_to_id",
    "kind",
    "title",
    "occurred_on",
    "text",
    "author_id",
    "source_name",
    "source_format",
    "source_sha256",
    "page_starts",
)
SIGNATURE_COLUMNS = ("signed_by_id", "signed_at", "signed_sha256")


def _changed(columns: tuple[str, ...]) -> str:
    old = ", ".join(f"OLD.{column}" for column in columns)
    new = ", ".join(f"NEW.{column}" for column in columns)
    return f"({old}) IS DISTINCT FROM ({new})"


# From "awaiting" a note may still go back to its author, without the signature; from the others nowhere but
# into error. A co-signature is given once.
NOTE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION notes_keep_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status NOT IN ('awaiting', 'signed', 'error') THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NOT {_changed(LOCKED_COLUMNS)} AND (
            (NEW.status = OLD.status AND NOT {_changed(SIGNATURE_COLUMNS)}
                AND (OLD.cosigned_at IS NULL OR NOT {_changed(("cosigner_id", "cosigned_at"))}))
            OR (OLD.status = 'awaiting' AND NEW.status = 'signed' AND NEW.cosigned_at IS NOT NULL
                AND NOT {_changed(SIGNATURE_COLUMNS)})
            OR (OLD.status = 'awaiting' AND NEW.status = 'draft' AND NEW.signed_at IS NULL)
            OR (OLD.status IN ('awaiting', 'signed') AND NEW.status = 'error'
                AND NOT {_changed((*SIGNATURE_COLUMNS, "cosigner_id", "cosigned_at"))})
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a signed note is kept as it is: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$
"""

VERSION_FUNCTION = """
CREATE OR REPLACE FUNCTION notes_keep_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.clinic_id, OLD.note_id, OLD.number, OLD.text, OLD.by_id, OLD.saved_at)
            IS NOT DISTINCT FROM (NEW.clinic_id, NEW.note_id, NEW.number, NEW.text, NEW.by_id, NEW.saved_at)
            AND (OLD.reason = NEW.reason OR (OLD.reason = 'refused' AND NEW.reason = 'settled')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of a note is kept as it is: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""

LOCK_SQL = [
    NOTE_FUNCTION,
    VERSION_FUNCTION,
    "REVOKE EXECUTE ON FUNCTION notes_keep_signed(), notes_keep_version() FROM PUBLIC",
    "CREATE TRIGGER keep_signed BEFORE UPDATE OR DELETE ON notes_visitnote "
    "FOR EACH ROW EXECUTE FUNCTION notes_keep_signed()",
    "CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON notes_noteversion "
    "FOR EACH ROW EXECUTE FUNCTION notes_keep_version()",
]
UNLOCK_SQL = [
    "DROP TRIGGER keep_version ON notes_noteversion",
    "DROP TRIGGER keep_signed ON notes_visitnote",
    "DROP FUNCTION notes_keep_version()",
    "DROP FUNCTION notes_keep_signed()",
]


class Migration(migrations.Migration):
    dependencies = [("notes", "0004_add_fact_links")]

    operations = [migrations.RunSQL(sql=LOCK_SQL, reverse_sql=UNLOCK_SQL)]
