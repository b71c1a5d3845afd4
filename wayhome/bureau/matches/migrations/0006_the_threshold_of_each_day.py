"""From which probability on a pair reaches people, kept for each day."""

from django.db import migrations, models

import wayhome.lib.ids


class Migration(migrations.Migration):
    dependencies = [("matches", "0005_since_when_a_pair_is_for_people")]

    operations = [
        migrations.CreateModel(
            name="Threshold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("probability", models.FloatField()),
                ("pairs_a_day", models.PositiveIntegerField()),
                ("proposed_a_day", models.FloatField()),
                ("true_below", models.FloatField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("probability__gte", 0), ("probability__lte", 1)),
                        name="threshold_is_a_probability",
                    )
                ],
            },
        ),
    ]
