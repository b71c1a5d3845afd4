from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0009_a_letter_of_the_year_is_read_out"),
    ]

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
                    ("plan", "plan"),
                    ("review", "review"),
                    ("inquest", "inquest"),
                    ("inquest report", "inquest report"),
                    ("yearly letter", "yearly letter"),
                    ("dead offered", "dead offered"),
                    ("dead asked for", "dead asked for"),
                    ("on the way", "on the way"),
                    ("death to tell", "death to tell"),
                ],
                max_length=20,
            ),
        ),
    ]
