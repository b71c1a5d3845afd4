"""When a candidate was first proposed, and since when it is people's to judge."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def as_compared(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Of those that stand already it is only known when they were compared last."""
    apps.get_model("matches", "Candidate").objects.update(proposed_at=F("computed_at"))


class Migration(migrations.Migration):
    dependencies = [("matches", "0004_two_enquiries_for_one_man")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="proposed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="candidate",
            name="queued_at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.RunPython(as_compared, migrations.RunPython.noop),
    ]
