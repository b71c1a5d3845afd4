from django.db import migrations

# What a column's constraint cannot say: an act is sealed on an open road, while he is held, on a
# day that stands with a way out, after a fresh yes before a neutral where the road needs one, and
# an assessment of danger no older than his last word about fear. What only encrypted columns tell
# is asked by the rules. 14 days: returns.rules.FRESH_FOR.
GUARD = """
CREATE FUNCTION sealed_on_what_it_rests() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    man uuid[];
    her_enquiry uuid;
    yes record;
    feared timestamptz;
    lacks text;
BEGIN
    IF NEW.state <> 'sealed' OR (TG_OP = 'UPDATE' AND OLD.state = 'sealed') THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(one.id) INTO man
      FROM captives_captive one, captives_captive his
     WHERE his.id = NEW.captive_id
       AND coalesce(one.same_as_id, one.id) = coalesce(his.same_as_id, his.id);
    SELECT enquiry_id INTO her_enquiry FROM returns_application WHERE id = NEW.application_id;
    SELECT answer, before_id, at INTO yes FROM consents_consent
     WHERE captive_id = ANY(man) AND kind = 'go home' AND stopped_at IS NULL
       AND enquiry_id IS NOT DISTINCT FROM her_enquiry
     ORDER BY at DESC, id DESC LIMIT 1;
    SELECT max(at) INTO feared FROM consents_fearanswer WHERE captive_id = ANY(man);
    lacks := CASE
        WHEN NOT EXISTS (SELECT 1 FROM returns_application
                          WHERE id = NEW.application_id AND state = 'granted'
                            AND road = NEW.road AND road <> '')
            THEN 'an open road'
        WHEN NOT EXISTS (SELECT 1 FROM captives_captive
                          WHERE id = ANY(man) AND custody_state = 'held')
            THEN 'custody here'
        WHEN NOT EXISTS (SELECT 1 FROM returns_appointment
                          WHERE id = NEW.appointment_id AND application_id = NEW.application_id
                            AND cancelled_at IS NULL AND way_out_his IS NOT NULL)
            THEN 'a day with a way out'
        WHEN NEW.road <> 'end of hostilities' AND
             (yes.answer IS DISTINCT FROM 'yes' OR yes.before_id IS NULL
              OR yes.at < NEW.sealed_at - interval '14 days')
            THEN 'a fresh yes before a neutral'
        WHEN NOT EXISTS (SELECT 1 FROM consents_dangerassessment
                          WHERE captive_id = ANY(man) AND (feared IS NULL OR at >= feared))
            THEN 'an assessment of danger'
        WHEN NEW.last_asked_at IS NULL OR NEW.last_asked_at < NEW.sealed_at - interval '1 day'
            THEN 'the last question, asked today'
    END;
    IF lacks IS NOT NULL THEN
        RAISE EXCEPTION 'act % has no ground: %', NEW.id, lacks
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- After the row, so that a second act of one man is told as that.
CREATE TRIGGER sealed_on_what_it_rests AFTER INSERT OR UPDATE ON handovers_act
    FOR EACH ROW EXECUTE FUNCTION sealed_on_what_it_rests();
"""
UNGUARD = """
DROP TRIGGER sealed_on_what_it_rests ON handovers_act;
DROP FUNCTION sealed_on_what_it_rests();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handovers", "0003_onward"),
        ("returns", "0008_no_decision_without_a_board"),
        ("consents", "0003_proof_compared_and_decisions_in_his_place"),
        ("captives", "0006_clocks_for_all_men_at_once_and_which_rights_were_told"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
