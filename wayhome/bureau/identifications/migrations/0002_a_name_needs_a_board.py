from django.db import migrations

# Asked at the end of each transaction: whoever writes past the actions gives no name either.
GUARD = """
CREATE FUNCTION a_name_needs_a_board() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreeing integer;
    signed integer;
BEGIN
    -- As it stands now: within the transaction it may have been doubted again.
    PERFORM 1 FROM identifications_identification WHERE id = NEW.id AND state = 'identified';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT count(*), count(*) FILTER (WHERE s.word = 'established')
        INTO signed, agreeing
        FROM identifications_boardstatement s
        JOIN identifications_boardround r ON r.id = s.round_id
        WHERE r.identification_id = NEW.id AND r.outcome = 'identified'
          AND r.number = (SELECT max(number) FROM identifications_boardround
                          WHERE identification_id = NEW.id);
    IF signed < 3 OR agreeing < 2 THEN
        RAISE EXCEPTION 'identification % has no board', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_name_needs_a_board
    AFTER INSERT OR UPDATE ON identifications_identification
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION a_name_needs_a_board();
CREATE FUNCTION statements_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a member of the board signed is never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER statements_stay BEFORE UPDATE OR DELETE ON identifications_boardstatement
    FOR EACH ROW EXECUTE FUNCTION statements_stay();
"""
UNGUARD = """
DROP TRIGGER statements_stay ON identifications_boardstatement;
DROP FUNCTION statements_stay();
DROP TRIGGER a_name_needs_a_board ON identifications_identification;
DROP FUNCTION a_name_needs_a_board();
"""


class Migration(migrations.Migration):
    dependencies = [("identifications", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
