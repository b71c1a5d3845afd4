from django.db import migrations, models
from django.db.models import Q

# Who came back before this column was there: a bag that had gone home and is kept or buried again.
CAME_BACK = """
UPDATE repatriations_piece p SET came_back_at = now()
    FROM repatriations_consignment c, remains_remains r
    WHERE c.id = p.consignment_id AND c.state = 'closed' AND r.id = p.remains_id
      AND r.state <> 'home' AND p.stayed_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("repatriations", "0002_no_consignment_closes_uncounted")]
    operations = [
        migrations.RemoveConstraint("piece", "remains_on_one_consignment"),
        migrations.RemoveConstraint("piece", "packet_on_one_consignment"),
        migrations.AddField("piece", "came_back_at", models.DateTimeField(null=True)),
        migrations.RunSQL(CAME_BACK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "piece",
            models.UniqueConstraint(
                fields=["remains"],
                condition=Q(kind="bag", stayed_at=None, came_back_at=None),
                name="remains_on_one_consignment",
            ),
        ),
        migrations.AddConstraint(
            "piece",
            models.UniqueConstraint(
                fields=["effects"],
                condition=Q(stayed_at=None, came_back_at=None),
                name="packet_on_one_consignment",
            ),
        ),
    ]
