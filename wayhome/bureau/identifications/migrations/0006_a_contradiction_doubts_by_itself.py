from django.db import migrations, models
from django.db.models import Q

BY_MACHINE = ("numbers", "alive", "two names", "two bodies")


class Migration(migrations.Migration):
    dependencies = [("identifications", "0005_an_unopened_bag_counts_as_whole")]
    operations = [
        migrations.RemoveConstraint("doubt", "a_person_doubts_with_a_reason"),
        migrations.AlterField(
            "doubt",
            "cause",
            models.CharField(
                max_length=16,
                choices=[
                    (cause, cause)
                    for cause in ("contradiction", "mix-up", "family", "other", *BY_MACHINE)
                ],
            ),
        ),
        migrations.AddConstraint(
            "doubt",
            models.CheckConstraint(
                condition=Q(cause__in=BY_MACHINE, by=None, reason=None)
                | ~Q(cause__in=BY_MACHINE) & Q(by__isnull=False, reason__isnull=False),
                name="a_person_doubts_with_a_reason",
            ),
        ),
    ]
