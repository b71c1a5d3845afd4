from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "wayhome.bureau.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.journal import grants

        post_migrate.connect(grants.give, sender=self, dispatch_uid="grants")
