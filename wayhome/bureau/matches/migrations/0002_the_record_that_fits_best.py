"""Of a man with several linked records, which one a candidate's evidence was read from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("captives", "0004_the_hours_to_an_authority_run_from_the_capture"),
        ("matches", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="record",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="captives.captive",
            ),
        ),
    ]
