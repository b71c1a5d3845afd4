from typing import Any

from django.db import migrations, models


def begin_where_a_clerk_typed_the_card(apps: Any, schema_editor: Any) -> None:
    """Of men registered before, the moment of registration is what the board ran from."""
    captives = apps.get_model("captives", "Captive")
    typed = captives.objects.filter(cards__version=1, cards__source="typed")
    captives.objects.filter(pk__in=typed.values("pk"), given_to_authority_at=None).update(
        authority_clock_from=models.F("registered_at")
    )


class Migration(migrations.Migration):
    dependencies = [("captives", "0003_files_of_both_kinds_and_reasons")]

    operations = [
        migrations.AddField(
            model_name="captive",
            name="authority_clock_from",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.RunPython(
            begin_where_a_clerk_typed_the_card, migrations.RunPython.noop, elidable=True
        ),
    ]
