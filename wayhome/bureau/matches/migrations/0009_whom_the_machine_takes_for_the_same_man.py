"""Two candidates whom the machine takes for one man carry one probability together."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("captives", "0004_the_hours_to_an_authority_run_from_the_capture"),
        ("matches", "0008_the_figures_of_each_week"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="likely_same",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="captives.captive",
            ),
        ),
    ]
