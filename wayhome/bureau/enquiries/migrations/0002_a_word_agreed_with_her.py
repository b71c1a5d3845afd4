from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="enquirer",
            name="spoken_hash",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
    ]
