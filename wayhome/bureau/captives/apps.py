from django.apps import AppConfig


class CaptivesConfig(AppConfig):
    name = "wayhome.bureau.captives"
    label = "captives"
    default_auto_field = "django.db.models.BigAutoField"
