from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_the_dead_offered_and_returned")]
    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("captured", "captured"),
                    ("corrected", "corrected"),
                    ("transferred", "transferred"),
                    ("hospital", "hospital"),
                    ("closed", "closed"),
                    ("enquiry", "enquiry"),
                    ("harm", "harm"),
                    ("returned", "returned"),
                    ("health", "health"),
                    ("certificate", "certificate"),
                    ("court", "court"),
                    ("parole", "parole"),
                    ("named", "named"),
                    ("doubted", "doubted"),
                    ("inquest", "inquest"),
                    ("inquest report", "inquest report"),
                    ("dead offered", "dead offered"),
                    ("dead returned", "dead returned"),
                    ("dead fit", "dead fit"),
                ],
                max_length=20,
            ),
        ),
    ]
