from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contact", "0002_sheets")]

    operations = [
        migrations.AlterField(
            model_name="letter", name="language", field=models.CharField(max_length=8)
        ),
        migrations.AlterField(
            model_name="sheet", name="language", field=models.CharField(max_length=8)
        ),
    ]
