"""A message may say that there is a question of the month, in place of an invitation."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0003_what_came_of_reaching_whom_he_named"),
        ("enquiries", "0003_one_question_a_month"),
        ("persons", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmessage",
            name="asked",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="message",
                to="enquiries.asked",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="invitation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="answers.invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked", None), ("invitation__isnull", False)),
                    models.Q(("asked__isnull", False), ("invitation", None)),
                    _connector="OR",
                ),
                name="message_of_an_invitation_or_a_question",
            ),
        ),
    ]
