from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "wayhome.bureau.handovers"
    label = "handovers"
    default_auto_field = "django.db.models.BigAutoField"
