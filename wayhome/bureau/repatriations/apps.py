from django.apps import AppConfig


class RepatriationsConfig(AppConfig):
    name = "wayhome.bureau.repatriations"
    label = "repatriations"
    default_auto_field = "django.db.models.BigAutoField"
