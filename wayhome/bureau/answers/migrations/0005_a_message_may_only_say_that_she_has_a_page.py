"""A message may say nothing but that she has a page: a reminder without content."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0004_a_message_may_be_about_a_question"),
        ("enquiries", "0003_one_question_a_month"),
        ("persons", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="outgoingmessage",
            name="message_of_an_invitation_or_a_question",
        ),
        migrations.AddField(
            model_name="outgoingmessage",
            name="page_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="enquiries.enquiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked", None), ("invitation__isnull", False), ("page_of", None)),
                    models.Q(("asked__isnull", False), ("invitation", None), ("page_of", None)),
                    models.Q(("asked", None), ("invitation", None), ("page_of__isnull", False)),
                    _connector="OR",
                ),
                name="message_is_about_one_thing",
            ),
        ),
    ]
