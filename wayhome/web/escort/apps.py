from django.apps import AppConfig


class EscortConfig(AppConfig):
    name = "wayhome.web.escort"
    label = "web_escort"
