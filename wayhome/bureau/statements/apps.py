from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "wayhome.bureau.statements"
    label = "statements"
    default_auto_field = "django.db.models.BigAutoField"
