"""Keep with each verdict the probability that stood when it was given: for the calibration curve."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matches", "0006_the_threshold_of_each_day")]

    operations = [
        migrations.AddField(
            model_name="judgement",
            name="probability",
            field=models.FloatField(null=True),
        ),
    ]
