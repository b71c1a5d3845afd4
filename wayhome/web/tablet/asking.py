"""Each screen's form, what it shows of his earlier answer, and what keeps a new one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from wayhome.bureau.captives.actions import set_harm_flag, take_back_harm_flags
from wayhome.bureau.captives.models import HarmFlag
from wayhome.bureau.consents import actions
from wayhome.bureau.consents.models import Consent, FearAnswer, Sitting
from wayhome.bureau.consents.rules import Answer, Fear, Kind
from wayhome.bureau.returns.actions import apply_himself
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.web.tablet import forms
from wayhome.web.tablet.steps import KINDS, Step, questions_of

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Screen:
    """How one topic is asked. `form` takes the posted data or None, and what he said before."""

    form: Callable[[Step, Said | None, Said], forms.StepForm]
    keep: Callable[[Sitting, Step, Any], None]
    said: Callable[[Sitting, Step], Said] = lambda sitting, step: {}


def form_of(sitting: Sitting, step: Step, data: Said | None) -> forms.StepForm:
    screen = SCREENS[step.topic]
    return screen.form(step, data, {} if data is not None else screen.said(sitting, step))


def keep(sitting: Sitting, step: Step, form: forms.StepForm) -> None:
    """Store what he answered, in one transaction. Raises Refused with nothing written."""
    with transaction.atomic():
        SCREENS[step.topic].keep(sitting, step, form)


def plain(
    form: type[forms.StepForm],
) -> Callable[[Step, Said | None, Said], forms.StepForm]:
    return lambda step, data, said: form(data, initial={"go_on": "1", **said})


def _things_form(step: Step, data: Said | None, said: Said) -> forms.StepForm:
    assert step.match is not None
    return forms.ThingsForm(
        data, questions=questions_of(step.match), initial={"go_on": "1", **said}
    )


def _allow_form(step: Step, data: Said | None, said: Said) -> forms.StepForm:
    return forms.AllowForm(data, kind=step.kind, initial={"go_on": "1", **said})


def _keep_rights(sitting: Sitting, step: Step, form: Any) -> None:
    actions.keep_rights_given(language=get_language() or "", by=sitting)


def _keep_things(sitting: Sitting, step: Step, form: Any) -> None:
    assert step.match is not None
    actions.answer_things(match=step.match, answers=form.answers(), by=sitting)


def _said_things(sitting: Sitting, step: Step) -> Said:
    """Only what he wrote in this same sitting: later ones begin empty."""
    assert step.match is not None
    rows = step.match.things_answers.select_related("key").filter(sitting=sitting)
    last = rows.order_by("-at").first()
    answers = last.answers if last else []
    return {f"answer_{number}": text for number, text in enumerate(answers, start=1)}


def _keep_consent(sitting: Sitting, step: Step, form: Any) -> None:
    actions.answer(
        match=step.match,
        kind=step.kind,
        answer=Answer(form.cleaned_data["answer"]),
        words=form.cleaned_data.get("words", ""),
        by=sitting,
    )


def _said_consent(sitting: Sitting, step: Step) -> Said:
    assert step.match is not None
    last = Consent.objects.select_related("key").in_force(step.match, step.kind)
    return {"answer": last.answer, "words": last.words or ""} if last else {}


def _keep_fear(sitting: Sitting, step: Step, form: Any) -> None:
    fear = Fear(form.cleaned_data["answer"])
    actions.answer_fear(fear=fear, words=form.cleaned_data["words"], by=sitting)


def _said_fear(sitting: Sitting, step: Step) -> Said:
    last = FearAnswer.objects.select_related("key").latest_of(sitting.captive)
    return {"answer": last.answer["fear"], "words": last.answer["words"]} if last else {}


def _keep_harm(sitting: Sitting, step: Step, form: Any) -> None:
    """A flag of his own where it could do harm; a "no" takes back the one he set before."""
    could = Fear(form.cleaned_data["answer"]) != Fear.NO
    words = form.cleaned_data["words"]
    before = _said_harm(sitting, step)
    if could == bool(before) and (not could or words == before["words"]):
        return
    take_back_harm_flags(captive=sitting.captive, by=sitting)
    if could:
        set_harm_flag(captive=sitting.captive, reason=words, by=sitting)


def _said_harm(sitting: Sitting, step: Step) -> Said:
    """What stands of his own word."""
    flags = HarmFlag.objects.of_his_own(sitting.captive).select_related("key")
    last = flags.order_by("-set_at").first()
    return {"answer": Fear.YES.value, "words": last.reason or ""} if last else {}


def _keep_person(sitting: Sitting, step: Step, form: Any) -> None:
    who = form.who()
    if who["name"]:
        actions.name_person_to_tell(who=who, by=sitting)


def _keep_home(sitting: Sitting, step: Step, form: Any) -> None:
    """His own wish, and where he would and would not go: whoever decides reads it."""
    wish = Answer(form.cleaned_data["answer"])
    told = form.told()
    actions.answer(match=None, kind=Kind.GO_HOME, answer=wish, words=told, by=sitting)
    if wish == Answer.YES and not _own_wish_is_kept(sitting):
        apply_himself(wish=told, by=sitting)


def _own_wish_is_kept(sitting: Sitting) -> bool:
    own = Application.objects.visible_to(sitting).filter(by_captive=True)
    return own.filter(state=ApplicationState.OPEN).exists()


def _said_home(sitting: Sitting, step: Step) -> Said:
    last = Consent.objects.select_related("key").of_his_own(sitting.captive)
    return {"answer": last.answer, **_told(last.words)} if last else {}


def _told(words: Any) -> Said:
    """Until he was asked where he would go, his words stood alone."""
    return words if isinstance(words, dict) else {"words": words or ""}


def _keep_nothing(sitting: Sitting, step: Step, form: Any) -> None:
    """A page that he only reads."""


SCREENS: dict[str, Screen] = {
    "rights": Screen(plain(forms.StepForm), _keep_rights),
    "file": Screen(plain(forms.StepForm), _keep_nothing),
    "things": Screen(_things_form, _keep_things, _said_things),
    "who": Screen(plain(forms.StepForm), _keep_nothing),
    **{topic: Screen(_allow_form, _keep_consent, _said_consent) for topic in KINDS},
    "fear": Screen(plain(forms.FearForm), _keep_fear, _said_fear),
    "harm": Screen(plain(forms.HarmForm), _keep_harm, _said_harm),
    "tell": Screen(plain(forms.TellForm), _keep_person),
    "home": Screen(plain(forms.HomeForm), _keep_home, _said_home),
}
