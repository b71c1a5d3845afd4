from django.db import migrations

# Asked at the end of each transaction, one after the other: two boards cannot both be the first.
# Others who were linked with the same enquiry are asked for by the action, under the same lock.
GUARD = """
CREATE FUNCTION one_whole_body_bears_a_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1463900484);
    PERFORM 1
        FROM identifications_identification mine
        JOIN remains_remains r ON r.id = mine.remains_id AND r.kind = 'whole'
        JOIN identifications_identification theirs
            ON theirs.id <> mine.id AND theirs.state = 'identified'
           AND theirs.remains_id <> mine.remains_id
           AND (theirs.enquiry_id = mine.enquiry_id OR theirs.captive_id = mine.captive_id)
        JOIN remains_remains other ON other.id = theirs.remains_id AND other.kind = 'whole'
        WHERE mine.id = NEW.id AND mine.state = 'identified';
    IF FOUND THEN
        RAISE EXCEPTION 'another whole body bears the name of identification %', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER one_whole_body_bears_a_name
    AFTER INSERT OR UPDATE ON identifications_identification
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'identified')
    EXECUTE FUNCTION one_whole_body_bears_a_name();
"""
UNGUARD = """
DROP TRIGGER one_whole_body_bears_a_name ON identifications_identification;
DROP FUNCTION one_whole_body_bears_a_name();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identifications", "0003_told_of_a_death"),
        ("remains", "0003_stores_graves_and_what_is_found"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
