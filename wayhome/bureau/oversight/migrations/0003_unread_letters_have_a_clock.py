from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_complaints_have_a_clock")]

    operations = [
        migrations.AlterField(
            model_name="overdue",
            name="kind",
            field=models.CharField(
                choices=[
                    ("authority", "authority"),
                    ("asked", "asked"),
                    ("notice", "notice"),
                    ("letter", "letter"),
                    ("unread letter", "unread letter"),
                    ("inspection", "inspection"),
                    ("rights", "rights"),
                    ("family card", "family card"),
                    ("agency card", "agency card"),
                    ("weekly note", "weekly note"),
                    ("certificate", "certificate"),
                    ("receipt", "receipt"),
                    ("parcel", "parcel"),
                    ("effects", "effects"),
                    ("day book", "day book"),
                    ("complaint", "complaint"),
                ],
                max_length=20,
            ),
        ),
    ]
