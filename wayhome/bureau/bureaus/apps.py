from django.apps import AppConfig


class BureausConfig(AppConfig):
    name = "wayhome.bureau.bureaus"
    label = "bureaus"
    default_auto_field = "django.db.models.BigAutoField"
