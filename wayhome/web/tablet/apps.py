from django.apps import AppConfig


class TabletConfig(AppConfig):
    name = "wayhome.web.tablet"
    label = "web_tablet"
