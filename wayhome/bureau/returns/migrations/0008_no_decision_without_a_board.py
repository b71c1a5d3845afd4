from django.db import migrations

# What a column's constraint cannot say: that a decision rests on a board, and that a vote stays.
GUARD = """
CREATE FUNCTION decided_by_a_board() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    voted integer;
    kinds integer;
    silent integer;
BEGIN
    IF NEW.state NOT IN ('granted', 'refused')
       OR (TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.decided_at = NEW.decided_at) THEN
        RETURN NEW;
    END IF;
    SELECT count(*) FILTER (WHERE seat.state = 'voted'),
           count(DISTINCT seat.profession) FILTER (WHERE seat.state = 'voted'),
           count(*) FILTER (WHERE seat.state IN ('asked', 'free'))
      INTO voted, kinds, silent
      FROM returns_seat seat JOIN returns_board board ON board.id = seat.board_id
     WHERE board.application_id = NEW.id AND board.state = NEW.state
       AND board.road = NEW.road AND board.ended_at = NEW.decided_at;
    IF voted < 3 OR kinds < 3 OR silent > 0 THEN
        RAISE EXCEPTION 'application % is decided by no board', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_by_a_board BEFORE INSERT OR UPDATE ON returns_application
    FOR EACH ROW EXECUTE FUNCTION decided_by_a_board();
CREATE FUNCTION a_vote_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'voted' AND (
        TG_OP = 'DELETE' OR
        (OLD.board_id, OLD.member_id, OLD.profession, OLD.state, OLD.vote, OLD.voted_at)
        IS DISTINCT FROM
        (NEW.board_id, NEW.member_id, NEW.profession, NEW.state, NEW.vote, NEW.voted_at)) THEN
        RAISE EXCEPTION 'a vote is never changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_vote_stays BEFORE UPDATE OR DELETE ON returns_seat
    FOR EACH ROW EXECUTE FUNCTION a_vote_stays();
CREATE FUNCTION seats_of_a_sitting_board() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM returns_board WHERE id = NEW.board_id AND state = 'sitting') THEN
        RAISE EXCEPTION 'this board sits no longer'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seats_of_a_sitting_board BEFORE INSERT OR UPDATE ON returns_seat
    FOR EACH ROW EXECUTE FUNCTION seats_of_a_sitting_board();
"""
UNGUARD = """
DROP TRIGGER seats_of_a_sitting_board ON returns_seat;
DROP FUNCTION seats_of_a_sitting_board();
DROP TRIGGER a_vote_stays ON returns_seat;
DROP FUNCTION a_vote_stays();
DROP TRIGGER decided_by_a_board ON returns_application;
DROP FUNCTION decided_by_a_board();
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0007_boards_and_guarantees")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
