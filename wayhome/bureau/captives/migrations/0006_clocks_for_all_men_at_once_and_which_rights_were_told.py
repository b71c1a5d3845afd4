from typing import Any

from django.db import migrations, models
from django.utils import timezone

from wayhome.bureau.captives.rules import span_of


def first_moment_of_each_day(apps: Any, schema_editor: Any) -> None:
    """Of events of which only the day is known, as the clocks of each man's page count them."""
    zone = timezone.get_current_timezone()
    events = apps.get_model("captives", "CustodyEvent")
    days = events.objects.filter(happened_at=None).exclude(happened_on="")
    for on in days.values_list("happened_on", flat=True).distinct():
        days.filter(happened_on=on).update(begins_at=span_of(None, on, zone).first)


class Migration(migrations.Migration):
    dependencies = [("captives", "0005_a_monthly_inspection_has_a_weight")]

    operations = [
        migrations.AddField(
            model_name="custodyevent", name="begins_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="dutynote", name="version", field=models.PositiveIntegerField(null=True)
        ),
        migrations.RunPython(first_moment_of_each_day, migrations.RunPython.noop, elidable=True),
    ]
