from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "wayhome.web.console"
    label = "web_console"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_login_failed

        from wayhome.web.console.accounts import note_failure
        from wayhome.web.console.second_factor import remember_set_up

        authenticator_added.connect(remember_set_up, dispatch_uid="console.second_factor")
        user_login_failed.connect(note_failure, dispatch_uid="console.failed_sign_in")
