from django.db import migrations

# Asked at the end of each transaction, so that within it a link may be given on to the next.
GUARD = """
CREATE FUNCTION remains_have_one_custodian() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose uuid;
    ends integer;
BEGIN
    IF TG_TABLE_NAME = 'remains_remains' THEN
        whose := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        whose := OLD.remains_id;
    ELSE
        whose := NEW.remains_id;
    END IF;
    SELECT count(*) INTO ends FROM remains_change WHERE remains_id = whose AND is_last;
    IF ends <> 1 AND EXISTS (SELECT 1 FROM remains_remains WHERE id = whose) THEN
        RAISE EXCEPTION 'remains % have % custodians, not one', whose, ends
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER remains_have_one_custodian AFTER INSERT ON remains_remains
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION remains_have_one_custodian();
CREATE CONSTRAINT TRIGGER change_leaves_one_custodian
    AFTER INSERT OR UPDATE OR DELETE ON remains_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION remains_have_one_custodian();
CREATE FUNCTION chain_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        OLD.number IS NULL OR
        (OLD.id, OLD.remains_id, OLD.number, OLD.giver_id, OLD.receiver_id, OLD.given_at,
         OLD.taken_at, OLD.seal, OLD.seal_put_on, OLD.details, OLD.giver_signed_at,
         OLD.receiver_signed_at)
        IS NOT DISTINCT FROM
        (NEW.id, NEW.remains_id, NEW.number, NEW.giver_id, NEW.receiver_id, NEW.given_at,
         NEW.taken_at, NEW.seal, NEW.seal_put_on, NEW.details, NEW.giver_signed_at,
         NEW.receiver_signed_at)) THEN
        RETURN NEW;  -- an offer is signed or taken back; a link only stops being the last
    END IF;
    RAISE EXCEPTION 'a chain of custody is only ever added to'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER chain_only_grows BEFORE UPDATE OR DELETE ON remains_change
    FOR EACH ROW EXECUTE FUNCTION chain_only_grows();
"""
UNGUARD = """
DROP TRIGGER chain_only_grows ON remains_change;
DROP FUNCTION chain_only_grows();
DROP TRIGGER change_leaves_one_custodian ON remains_change;
DROP TRIGGER remains_have_one_custodian ON remains_remains;
DROP FUNCTION remains_have_one_custodian();
"""


class Migration(migrations.Migration):
    dependencies = [("remains", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
