from typing import Any

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "wayhome.web.calls"
    label = "web_calls"

    def ready(self) -> None:
        from wayhome.bureau.contact.calls.announcements import (
            call_changed,
            call_stopped,
            party_stopped,
        )
        from wayhome.bureau.lines import actions as lines

        # All within the transaction of what happened: told, or cut, with it or not at all.
        def tell(sender: Any, call: Any, **_: Any) -> None:
            lines.tell(call.pk)

        def stop(sender: Any, call: Any, **_: Any) -> None:
            lines.cut(call=call.pk)
            lines.forget(call.pk)

        def put_out(sender: Any, party: Any, **_: Any) -> None:
            lines.cut(call=party.call_id, party=party.pk)

        call_changed.connect(tell, weak=False, dispatch_uid="web_calls.tell")
        call_stopped.connect(stop, weak=False, dispatch_uid="web_calls.stop")
        party_stopped.connect(put_out, weak=False, dispatch_uid="web_calls.put_out")
