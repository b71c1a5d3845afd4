from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "wayhome.bureau.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"
