from django.db import migrations

# Asked at the end of each transaction: whoever writes past the actions closes nothing either.
GUARD = """
CREATE FUNCTION no_consignment_closes_uncounted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_leg uuid;
    uncounted integer;
BEGIN
    PERFORM 1 FROM repatriations_consignment WHERE id = NEW.id AND state = 'closed';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT id INTO last_leg FROM repatriations_leg
        WHERE consignment_id = NEW.id AND state = 'done' AND receiver_id IS NULL
        ORDER BY number DESC LIMIT 1;
    SELECT count(*) INTO uncounted FROM repatriations_piece p
        WHERE p.consignment_id = NEW.id AND p.stayed_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM repatriations_count c
                          WHERE c.piece_id = p.id AND c.leg_id = last_leg AND c.way = 'in');
    IF last_leg IS NULL OR uncounted > 0
       OR NOT EXISTS (SELECT 1 FROM repatriations_receipt WHERE consignment_id = NEW.id)
       OR EXISTS (SELECT 1 FROM repatriations_discrepancy d
                  JOIN repatriations_leg l ON l.id = d.leg_id
                  WHERE l.consignment_id = NEW.id AND l.state <> 'stopped'
                    AND d.second_at IS NULL) THEN
        RAISE EXCEPTION 'consignment % is not counted and signed for', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER no_consignment_closes_uncounted
    AFTER INSERT OR UPDATE ON repatriations_consignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_consignment_closes_uncounted();
CREATE FUNCTION manifest_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM repatriations_consignment
            WHERE id = NEW.consignment_id AND state = 'preparing';
        IF FOUND THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.stayed_at IS NULL AND
        (OLD.id, OLD.consignment_id, OLD.remains_id, OLD.kind, OLD.effects_id, OLD.place,
         OLD.code, OLD.seal, OLD.by_id, OLD.at)
        IS NOT DISTINCT FROM
        (NEW.id, NEW.consignment_id, NEW.remains_id, NEW.kind, NEW.effects_id, NEW.place,
         NEW.code, NEW.seal, NEW.by_id, NEW.at) THEN
        RETURN NEW;  -- taken off it; what it listed stays written
    END IF;
    RAISE EXCEPTION 'a manifest is written before it travels, and never rewritten'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER manifest_stays BEFORE INSERT OR UPDATE OR DELETE ON repatriations_piece
    FOR EACH ROW EXECUTE FUNCTION manifest_stays();
CREATE FUNCTION counts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was counted or signed for is never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER counts_stay BEFORE UPDATE OR DELETE ON repatriations_count
    FOR EACH ROW EXECUTE FUNCTION counts_stay();
CREATE TRIGGER receipts_stay BEFORE UPDATE OR DELETE ON repatriations_receipt
    FOR EACH ROW EXECUTE FUNCTION counts_stay();
CREATE FUNCTION differences_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.second_at IS NULL AND
        (OLD.id, OLD.leg_id, OLD.way, OLD.kind, OLD.piece_id, OLD.read, OLD.seal)
        IS NOT DISTINCT FROM
        (NEW.id, NEW.leg_id, NEW.way, NEW.kind, NEW.piece_id, NEW.read, NEW.seal) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a difference stays as it was found and explained'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER differences_stay BEFORE UPDATE OR DELETE ON repatriations_discrepancy
    FOR EACH ROW EXECUTE FUNCTION differences_stay();
"""
UNGUARD = """
DROP TRIGGER differences_stay ON repatriations_discrepancy;
DROP FUNCTION differences_stay();
DROP TRIGGER receipts_stay ON repatriations_receipt;
DROP TRIGGER counts_stay ON repatriations_count;
DROP FUNCTION counts_stay();
DROP TRIGGER manifest_stays ON repatriations_piece;
DROP FUNCTION manifest_stays();
DROP TRIGGER no_consignment_closes_uncounted ON repatriations_consignment;
DROP FUNCTION no_consignment_closes_uncounted();
"""


class Migration(migrations.Migration):
    dependencies = [("repatriations", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
