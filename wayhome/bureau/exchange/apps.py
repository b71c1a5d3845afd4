from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "wayhome.bureau.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.exchange import listening

        listening.connect()
