import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0003_one_question_a_month"),
        ("matches", "0009_whom_the_machine_takes_for_the_same_man"),
        ("relations", "0002_what_a_paper_is_sent_for"),
    ]

    operations = [
        migrations.AlterField(
            model_name="kinshipverdict",
            name="match",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verdicts",
                to="matches.match",
            ),
        ),
        migrations.AddField(
            model_name="kinshipverdict",
            name="enquiry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kinship_verdicts",
                to="enquiries.enquiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="kinshipverdict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stopped_at", None)),
                fields=("enquiry",),
                name="one_standing_kinship_verdict_of_an_enquiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="kinshipverdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enquiry", None), ("match__isnull", False)),
                    models.Q(("enquiry__isnull", False), ("match", None)),
                    _connector="OR",
                ),
                name="kinship_is_weighed_of_a_match_or_an_enquiry",
            ),
        ),
    ]
