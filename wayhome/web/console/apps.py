from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "wayhome.web.console"
    label = "web_console"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from wayhome.web.console.second_factor import remember_set_up

        authenticator_added.connect(remember_set_up, dispatch_uid="console.second_factor")
