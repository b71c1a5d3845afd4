from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

GUARD = """
CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
       AND (OLD.id, OLD.at, OLD.actor_id, OLD.actor_role, OLD.action, OLD.subject_type,
            OLD.subject_id, OLD.person, OLD.purpose, OLD.digest)
         IS NOT DISTINCT FROM
           (NEW.id, NEW.at, NEW.actor_id, NEW.actor_role, NEW.action, NEW.subject_type,
            NEW.subject_id, NEW.person, NEW.purpose, NEW.digest) THEN
        RETURN NEW;  -- the sequencer gives an entry its place, once
    END IF;
    RAISE EXCEPTION 'the journal is only ever added to';
END $$;
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_only_grows();
CREATE FUNCTION checkpoints_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal''s checkpoints are only ever added to';
END $$;
CREATE TRIGGER checkpoints_stay BEFORE UPDATE OR DELETE ON journal_checkpoint
    FOR EACH ROW EXECUTE FUNCTION checkpoints_stay();
"""
UNGUARD = """
DROP TRIGGER journal_only_grows ON journal_entry;
DROP FUNCTION journal_only_grows();
DROP TRIGGER checkpoints_stay ON journal_checkpoint;
DROP FUNCTION checkpoints_stay();
"""
CACHE = """
CREATE TABLE cache_entry (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX cache_entry_expires ON cache_entry (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(CACHE, "DROP TABLE cache_entry"),
    ]
