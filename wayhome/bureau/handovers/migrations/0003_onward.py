"""What goes with him: his medical file, and his wish to be reached later."""

from django.db import migrations

from wayhome.bureau.persons.fields import EncryptedJSONField


class Migration(migrations.Migration):
    dependencies = [("handovers", "0002_new_roads")]

    operations = [
        migrations.AddField(model_name="act", name="onward", field=EncryptedJSONField(null=True)),
    ]
