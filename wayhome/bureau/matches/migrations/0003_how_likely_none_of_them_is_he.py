"""Keep with each enquiry how likely it is that none of its candidates is the person sought."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0002_a_word_agreed_with_her"),
        ("matches", "0002_the_record_that_fits_best"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outlook",
            fields=[
                (
                    "enquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outlook",
                        serialize=False,
                        to="enquiries.enquiry",
                    ),
                ),
                ("absent", models.FloatField()),
                ("unshown", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("absent__gte", 0),
                            ("absent__lte", 1),
                            ("unshown__gte", 0),
                            ("unshown__lte", 1),
                        ),
                        name="outlook_is_of_probabilities",
                    )
                ],
            },
        ),
    ]
