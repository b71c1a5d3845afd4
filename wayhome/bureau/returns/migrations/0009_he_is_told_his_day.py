import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wayhome.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("captives", "0006_clocks_for_all_men_at_once_and_which_rights_were_told"),
        ("returns", "0008_no_decision_without_a_board"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DayTold",
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
                ("fell", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="returns.appointment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "captive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="captives.captive",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("appointment", "fell"), name="he_is_told_each_once"
                    )
                ],
            },
        ),
    ]
