"""That the pass of whoever came was verified, or how it was lost."""

from django.db import migrations

from wayhome.bureau.persons.fields import EncryptedJSONField


class Migration(migrations.Migration):
    dependencies = [("handovers", "0004_no_act_against_what_it_rests_on")]

    operations = [
        migrations.AddField(model_name="act", name="her_pass", field=EncryptedJSONField(null=True)),
    ]
