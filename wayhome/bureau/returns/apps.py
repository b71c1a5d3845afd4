from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "wayhome.bureau.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"
