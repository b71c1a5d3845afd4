"""Pairs of enquiries that may seek one man, proposed by the machine and judged by a person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wayhome.bureau.captives.rules
import wayhome.bureau.persons.fields
import wayhome.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0002_a_word_agreed_with_her"),
        ("matches", "0003_how_likely_none_of_them_is_he"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SameSought",
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
                ("bits", models.FloatField()),
                ("probability", models.FloatField()),
                ("evidence", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("same", "same"),
                            ("different", "different"),
                            ("undecided", "undecided"),
                        ],
                        db_index=True,
                        default=wayhome.bureau.captives.rules.ProposalState["OPEN"],
                        max_length=20,
                    ),
                ),
                ("judged_at", models.DateTimeField(null=True)),
                ("reason", wayhome.bureau.persons.fields.EncryptedJSONField(null=True)),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("earlier", "later"), name="same_sought_proposed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("earlier", models.F("later")), _negated=True),
                        name="same_sought_is_two_enquiries",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("judged_at", None),
                                ("judged_by", None),
                                ("state", wayhome.bureau.captives.rules.ProposalState["OPEN"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", wayhome.bureau.captives.rules.ProposalState["OPEN"]),
                                    _negated=True,
                                ),
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="same_sought_judged_by_somebody",
                    ),
                ],
            },
        ),
    ]
