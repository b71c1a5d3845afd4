"""Letters of the year of a demo: a text in use, one that waits, a family to call."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.enquiries.actions import make_enquiries
from wayhome.bureau.enquiries.rules import Channel, Contact, NewEnquiry, Relation, Sought
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.yearly import actions
from wayhome.bureau.yearly.models import YearlyLetter, YearlyText
from wayhome.config.demo.people import staff_of
from wayhome.config.folder import Folder

TEXTS = {
    "uk": "Минув ще один рік, відколи ви до нас звернулися. Ваше звернення відкрите. У цьому листі "
    "ми не можемо повідомити нічого. Цей лист однаковий для кожної родини, хоч би що ми знали.",
    "ru": "Прошёл ещё один год с тех пор, как вы к нам обратились. Ваше обращение открыто. В этом "
    "письме мы не можем сообщить ничего. Это письмо одинаково для каждой семьи, что бы мы ни "
    "знали.",
    "en": "Another year has passed since you asked us. Your enquiry is open. There is nothing that "
    "we can tell you in this letter. It is the same for every family, whatever we know.",
}
ASKED_DAYS_AGO = 370


def make(folder: Folder, bar: Callable[[int, int], None]) -> dict[str, int]:
    """Whole or not at all; what stands already, after a kill at the wrong moment, is left."""
    with transaction.atomic():
        if not YearlyText.objects.exists():
            _everything()
    bar(1, 1)
    return {"letters of the year": YearlyLetter.objects.count()}


def _everything() -> None:
    contact, second = staff_of(Role.CONTACT), staff_of(Role.CONTACT, "B")
    written = actions.write_text(texts=TEXTS, by=contact)
    actions.approve_text(text=written, by=second)
    actions.write_text(texts=TEXTS, by=second)
    told = NewEnquiry(
        Sought("Вигаданець", "Оврам", "Панасович", born="1998-07-21", birthplace="Тихорецьк"),
        Relation.MOTHER,
        enquirer_name="Вигаданець Параска",
        contact=Contact(Channel.TELEPHONE, "+380 00 000 00 01", "після шостої"),
        received_at=timezone.now() - timedelta(days=ASKED_DAYS_AGO),
    )
    (made,) = make_enquiries(particulars=[told], by=None)
    actions.say_wish(enquiry=made.enquiry, wanted=True, by=made.enquirer)
    actions.write_letters()
