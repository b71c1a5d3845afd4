"""How well invented men were found in each week, and how its likely pairs agreed: figures alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matches", "0007_what_the_machine_said_when_it_was_judged")]

    operations = [
        migrations.CreateModel(
            name="WeekOfTracing",
            fields=[
                ("week", models.DateField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("version", models.PositiveIntegerField()),
                ("cards", models.PositiveIntegerField()),
                ("planted", models.PositiveIntegerField()),
                ("first", models.PositiveIntegerField()),
                ("among_ten", models.PositiveIntegerField()),
                ("reached", models.PositiveIntegerField()),
                ("absent", models.PositiveIntegerField()),
                ("absent_reached", models.PositiveIntegerField()),
                ("agreeing", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("among_ten__lte", models.F("planted")),
                            ("first__lte", models.F("among_ten")),
                            ("absent_reached__lte", models.F("absent")),
                            ("reached__lte", models.F("among_ten")),
                        ),
                        name="week_of_tracing_adds_up",
                    )
                ],
            },
        ),
    ]
