import shutil
from typing import Any

from django.conf import settings
from django.db import migrations, models


def remove_files(apps: Any, schema_editor: Any) -> None:
    """Profiles were read from them already; nobody who withdraws is found in a file."""
    shutil.rmtree(settings.FOLDER.media / "comparisons", ignore_errors=True)


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="profilefile",
            name="digest",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(remove_files, migrations.RunPython.noop),
    ]
