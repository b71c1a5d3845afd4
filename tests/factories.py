"""Invented people and records for the tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from wayhome.bureau.captives.models import Captive, CustodyEvent, HarmFlag
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Relation
from wayhome.bureau.matches.models import Candidate, Match
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.numbers import make


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site
        django_get_or_create = ("code",)

    code = "A"
    name = "First site"


class StaffFactory(DjangoModelFactory[Staff]):
    """`StaffFactory(role=Role.NEUTRAL)`. Signs in by `client.force_login`; has no password."""

    class Meta:
        model = Staff

    username = factory.Sequence(lambda n: f"staff-{n}")
    number = factory.Sequence(lambda n: f"S-{n + 1:04d}")
    role = Role.REGISTRAR.value
    site = factory.SubFactory(SiteFactory)
    password = "!"


class CaptiveFactory(DjangoModelFactory[Captive]):
    class Meta:
        model = Captive

    bureau_number = factory.Sequence(lambda n: make("A", n + 1))
    site = factory.SubFactory(SiteFactory)
    key = factory.LazyFunction(PersonKey.make)
    surname = factory.Sequence(lambda n: f"Буйничев{n}")
    given = "Прохор"
    patronymic = "Лаврентьевич"
    registered_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        captive = model_class(*args, **kwargs)
        captive.set_sort_keys()
        captive.save(force_insert=True)
        return captive


class EnquirerFactory(DjangoModelFactory[Enquirer]):
    class Meta:
        model = Enquirer

    key = factory.LazyFunction(PersonKey.make)
    language = "ru"
    name = "Буйничева Агафья"


class EnquiryFactory(DjangoModelFactory[Enquiry]):
    class Meta:
        model = Enquiry

    bureau_number = factory.Sequence(lambda n: make("A", n + 500_001))
    site = factory.SubFactory(SiteFactory)
    enquirer = factory.SubFactory(EnquirerFactory)
    key = factory.SelfAttribute("enquirer.key")
    relation = Relation.MOTHER.value
    as_received = factory.LazyFunction(dict)
    surname = "Буйничев"
    given = "Прохор"
    received_at = factory.LazyFunction(timezone.now)


class CandidateFactory(DjangoModelFactory[Candidate]):
    class Meta:
        model = Candidate

    enquiry = factory.SubFactory(EnquiryFactory)
    captive = factory.SubFactory(CaptiveFactory)
    rank = 1
    bits = 20.0
    probability = 0.9
    computed_at = factory.LazyFunction(timezone.now)


class MatchFactory(DjangoModelFactory[Match]):
    """A standing match, confirmed by two."""

    class Meta:
        model = Match

    enquiry = factory.SubFactory(EnquiryFactory)
    captive = factory.SubFactory(CaptiveFactory)
    candidate = factory.SubFactory(
        CandidateFactory,
        enquiry=factory.SelfAttribute("..enquiry"),
        captive=factory.SelfAttribute("..captive"),
    )
    key = factory.SelfAttribute("enquiry.key")
    first_judge = factory.SubFactory(StaffFactory, role=Role.TRACING.value)
    second_judge = factory.SubFactory(StaffFactory, role=Role.TRACING.value)
    confirmed_at = factory.LazyFunction(timezone.now)


class CustodyEventFactory(DjangoModelFactory[CustodyEvent]):
    """The first event of a captive's custody: that he was captured."""

    class Meta:
        model = CustodyEvent

    captive = factory.SubFactory(CaptiveFactory)
    key = factory.SelfAttribute("captive.key")
    number = factory.LazyAttribute(lambda event: event.captive.custody_events.count() + 1)
    kind = EventKind.CAPTURED.value
    happened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))


class HarmFlagFactory(DjangoModelFactory[HarmFlag]):
    """A standing harm flag, set by a registrar."""

    class Meta:
        model = HarmFlag

    captive = factory.SubFactory(CaptiveFactory)
    key = factory.SelfAttribute("captive.key")
    reason = "Его семью уже спрашивали о нём"
    set_by_role = Role.REGISTRAR.value
    set_by_id = "S-0001"
    set_at = factory.LazyFunction(timezone.now)
