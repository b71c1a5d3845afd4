from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "wayhome.web.console"
    label = "web_console"
