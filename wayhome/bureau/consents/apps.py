from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "wayhome.bureau.consents"
    label = "consents"
    default_auto_field = "django.db.models.BigAutoField"
