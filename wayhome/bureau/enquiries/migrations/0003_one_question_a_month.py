"""One question a month to all who left its answer empty, and to whom it went out."""

import django.db.models.deletion
from django.db import migrations, models

import wayhome.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0002_a_word_agreed_with_her"),
    ]

    operations = [
        migrations.CreateModel(
            name="QuestionRound",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                ("question", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("question__in", ("born", "birthplace", "mother_name", "patronymic"))
                        ),
                        name="question_is_of_the_fixed_list",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Asked",
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
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked",
                        to="enquiries.enquiry",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked",
                        to="enquiries.questionround",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "enquiry"), name="asked_once_a_round")
                ],
            },
        ),
    ]
