from importlib import import_module

from django.db import migrations

BEFORE = import_module("wayhome.bureau.identifications.migrations.0004_one_whole_body_bears_a_name")
CREATED = BEFORE.GUARD.partition("CREATE CONSTRAINT TRIGGER")[0]
ONLY_WHOLE = CREATED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# Whoever counts as part of a body is said to be one; a bag that nobody opened is not.
NO_PART = ONLY_WHOLE.replace(".kind = 'whole'", ".kind NOT IN ('part', 'parts')")


class Migration(migrations.Migration):
    dependencies = [("identifications", "0004_one_whole_body_bears_a_name")]
    operations = [migrations.RunSQL(NO_PART, ONLY_WHOLE)]
