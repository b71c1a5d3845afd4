"""Calls, their times, those who take part, what happened in them and how it was."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import wayhome.bureau.consents.rules
import wayhome.bureau.contact.calls.rules
import wayhome.bureau.persons.fields
import wayhome.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("captives", "0001_initial"),
        ("consents", "0002_sittings_end_and_he_may_go_alone"),
        ("enquiries", "0003_one_question_a_month"),
        ("matches", "0009_whom_the_machine_takes_for_the_same_man"),
        ("persons", "0001_initial"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "asked_by",
                    models.CharField(
                        choices=[("family", "family"), ("captive", "captive")], max_length=10
                    ),
                ),
                ("she_asked_at", models.DateTimeField(null=True)),
                ("shown_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(db_index=True)),
                ("language", models.CharField(max_length=8)),
                ("minutes", models.PositiveIntegerField(default=15)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("offered", "offered"),
                            ("agreed", "agreed"),
                            ("open", "open"),
                            ("ended", "ended"),
                            ("cancelled", "cancelled"),
                        ],
                        db_index=True,
                        default=wayhome.bureau.contact.calls.rules.CallState["ASKED"],
                        max_length=10,
                    ),
                ),
                (
                    "his_answer",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "yes"), ("no", "no"), ("not now", "not now")],
                        max_length=10,
                    ),
                ),
                ("his_answer_at", models.DateTimeField(null=True)),
                ("her_yes_at", models.DateTimeField(null=True)),
                ("starts_at", models.DateTimeField(db_index=True, null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("seconds_used", models.FloatField(default=0)),
                ("running_since", models.DateTimeField(null=True)),
                ("talked", models.BooleanField(default=False)),
                ("over_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("family ended", "family ended"),
                            ("captive ended", "captive ended"),
                            ("time over", "time over"),
                            ("place", "place"),
                            ("military", "military"),
                            ("threat", "threat"),
                            ("distress", "distress"),
                            ("alarm", "alarm"),
                            ("filming", "filming"),
                            ("other person", "other person"),
                            ("supervisor ended", "supervisor ended"),
                            ("not allowed", "not allowed"),
                            ("state", "state"),
                            ("returned", "returned"),
                            ("protection", "protection"),
                            ("no match", "no match"),
                            ("forgotten", "forgotten"),
                            ("extra connection", "extra connection"),
                            ("line lost", "line lost"),
                            ("nobody came", "nobody came"),
                            ("site cannot", "site cannot"),
                            ("family cannot", "family cannot"),
                            ("captive cannot", "captive cannot"),
                        ],
                        max_length=20,
                    ),
                ),
                ("learns_at", models.DateTimeField(null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "captive",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="captives.captive",
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="enquiries.enquiry",
                    ),
                ),
                (
                    "his_yes_before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instead_of",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_back",
                        to="calls.call",
                    ),
                ),
                (
                    "interpreter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interpreted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="matches.match",
                    ),
                ),
                (
                    "named",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="consents.persontotell",
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consents.sitting",
                    ),
                ),
                (
                    "spoken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accompanied",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AfterCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("family", "family"), ("captive", "captive")], max_length=10
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("good", "good"),
                            ("mixed", "mixed"),
                            ("hard", "hard"),
                            ("not said", "not said"),
                        ],
                        max_length=10,
                    ),
                ),
                ("worry", wayhome.bureau.persons.fields.EncryptedJSONField(null=True)),
                ("at", models.DateTimeField()),
                ("looked_into_at", models.DateTimeField(null=True)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="persons.personkey"
                    ),
                ),
                (
                    "looked_into_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="calls.call",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("opened", "opened"),
                            ("entered", "entered"),
                            ("admitted", "admitted"),
                            ("connected", "connected"),
                            ("dropped", "dropped"),
                            ("by telephone", "by telephone"),
                            ("muted", "muted"),
                            ("unmuted", "unmuted"),
                            ("left", "left"),
                            ("over", "over"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("family", "family"),
                            ("captive", "captive"),
                            ("supervisor", "supervisor"),
                            ("interpreter", "interpreter"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("family ended", "family ended"),
                            ("captive ended", "captive ended"),
                            ("time over", "time over"),
                            ("place", "place"),
                            ("military", "military"),
                            ("threat", "threat"),
                            ("distress", "distress"),
                            ("alarm", "alarm"),
                            ("filming", "filming"),
                            ("other person", "other person"),
                            ("supervisor ended", "supervisor ended"),
                            ("not allowed", "not allowed"),
                            ("state", "state"),
                            ("returned", "returned"),
                            ("protection", "protection"),
                            ("no match", "no match"),
                            ("forgotten", "forgotten"),
                            ("extra connection", "extra connection"),
                            ("line lost", "line lost"),
                            ("nobody came", "nobody came"),
                            ("site cannot", "site cannot"),
                            ("family cannot", "family cannot"),
                            ("captive cannot", "captive cannot"),
                        ],
                        max_length=20,
                    ),
                ),
                ("by_role", models.CharField(max_length=20)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="CallParty",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("family", "family"),
                            ("captive", "captive"),
                            ("supervisor", "supervisor"),
                            ("interpreter", "interpreter"),
                        ],
                        max_length=12,
                    ),
                ),
                ("links_used", models.PositiveIntegerField(default=0)),
                ("link_used_at", models.DateTimeField(null=True)),
                ("device", models.CharField(blank=True, max_length=64)),
                ("connection", models.UUIDField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("admitted_at", models.DateTimeField(null=True)),
                ("muted_at", models.DateTimeField(null=True)),
                (
                    "mute_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("family ended", "family ended"),
                            ("captive ended", "captive ended"),
                            ("time over", "time over"),
                            ("place", "place"),
                            ("military", "military"),
                            ("threat", "threat"),
                            ("distress", "distress"),
                            ("alarm", "alarm"),
                            ("filming", "filming"),
                            ("other person", "other person"),
                            ("supervisor ended", "supervisor ended"),
                            ("not allowed", "not allowed"),
                            ("state", "state"),
                            ("returned", "returned"),
                            ("protection", "protection"),
                            ("no match", "no match"),
                            ("forgotten", "forgotten"),
                            ("extra connection", "extra connection"),
                            ("line lost", "line lost"),
                            ("nobody came", "nobody came"),
                            ("site cannot", "site cannot"),
                            ("family cannot", "family cannot"),
                            ("captive cannot", "captive cannot"),
                        ],
                        max_length=20,
                    ),
                ),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="calls.call",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallWish",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("family", "family"), ("captive", "captive")], max_length=10
                    ),
                ),
                ("times", wayhome.bureau.persons.fields.EncryptedJSONField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wishes",
                        to="calls.call",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="persons.personkey"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("starts_at", models.DateTimeField(db_index=True)),
                ("minutes", models.PositiveIntegerField()),
                ("room", models.PositiveIntegerField(default=1)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_slots",
                        to="staff.site",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wayhome.lib.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("offered_at", models.DateTimeField()),
                ("suits_him", models.BooleanField(default=False)),
                ("chosen", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="calls.call",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="calls.slot",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["state", "starts_at"], name="calls_call_state_144159_idx"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enquiry__isnull", False), ("named", None)),
                    models.Q(
                        ("captive__isnull", False), ("enquiry", None), ("named__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="call_has_one_other_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("enquiry", None),
                    models.Q(("captive", None), ("match", None)),
                    models.Q(("captive__isnull", False), ("match__isnull", False)),
                    _connector="OR",
                ),
                name="call_knows_him_by_a_match",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("his_answer", wayhome.bureau.consents.rules.Answer["YES"]), _negated=True
                    ),
                    ("his_yes_before__isnull", False),
                    _connector="OR",
                ),
                name="call_yes_is_said_before_a_neutral",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            [
                                wayhome.bureau.contact.calls.rules.CallState["AGREED"],
                                wayhome.bureau.contact.calls.rules.CallState["OPEN"],
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        ("captive__isnull", False),
                        ("her_yes_at__isnull", False),
                        ("his_answer", wayhome.bureau.consents.rules.Answer["YES"]),
                        ("starts_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="call_is_agreed_by_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", wayhome.bureau.contact.calls.rules.CallState["OPEN"]),
                        _negated=True,
                    ),
                    models.Q(("opened_at__isnull", False), ("supervisor__isnull", False)),
                    _connector="OR",
                ),
                name="call_opens_with_a_supervisor",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("over_at", None),
                        ("reason", ""),
                        (
                            "state__in",
                            frozenset(
                                [
                                    wayhome.bureau.contact.calls.rules.CallState["AGREED"],
                                    wayhome.bureau.contact.calls.rules.CallState["ASKED"],
                                    wayhome.bureau.contact.calls.rules.CallState["OFFERED"],
                                    wayhome.bureau.contact.calls.rules.CallState["OPEN"],
                                ]
                            ),
                        ),
                    ),
                    models.Q(
                        ("over_at__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(
                            (
                                "state__in",
                                frozenset(
                                    [
                                        wayhome.bureau.contact.calls.rules.CallState["AGREED"],
                                        wayhome.bureau.contact.calls.rules.CallState["ASKED"],
                                        wayhome.bureau.contact.calls.rules.CallState["OFFERED"],
                                        wayhome.bureau.contact.calls.rules.CallState["OPEN"],
                                    ]
                                ),
                            ),
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="call_over_has_a_moment_and_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("running_since", None),
                    ("state", wayhome.bureau.contact.calls.rules.CallState["OPEN"]),
                    _connector="OR",
                ),
                name="call_minutes_run_while_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        frozenset(
                            [
                                wayhome.bureau.contact.calls.rules.CallState["AGREED"],
                                wayhome.bureau.contact.calls.rules.CallState["ASKED"],
                                wayhome.bureau.contact.calls.rules.CallState["OFFERED"],
                                wayhome.bureau.contact.calls.rules.CallState["OPEN"],
                            ]
                        ),
                    )
                ),
                fields=("enquiry",),
                name="one_live_call_an_enquiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        frozenset(
                            [
                                wayhome.bureau.contact.calls.rules.CallState["AGREED"],
                                wayhome.bureau.contact.calls.rules.CallState["ASKED"],
                                wayhome.bureau.contact.calls.rules.CallState["OFFERED"],
                                wayhome.bureau.contact.calls.rules.CallState["OPEN"],
                            ]
                        ),
                    )
                ),
                fields=("named",),
                name="one_live_call_a_person_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supervisor", None),
                    models.Q(("supervisor", models.F("interpreter")), _negated=True),
                    _connector="OR",
                ),
                name="call_supervisor_is_not_its_interpreter",
            ),
        ),
        migrations.AddConstraint(
            model_name="aftercall",
            constraint=models.UniqueConstraint(
                fields=("call", "side"), name="how_it_was_once_a_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="aftercall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("looked_into_at", None), ("looked_into_by", None)),
                    models.Q(
                        ("looked_into_at__isnull", False),
                        ("looked_into_by__isnull", False),
                        ("worry__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_worry_is_looked_into_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="callparty",
            constraint=models.UniqueConstraint(
                fields=("call", "kind"), name="one_of_a_kind_in_a_call"
            ),
        ),
        migrations.AddConstraint(
            model_name="callparty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            frozenset(
                                [
                                    wayhome.bureau.contact.calls.rules.PartyKind["INTERPRETER"],
                                    wayhome.bureau.contact.calls.rules.PartyKind["SUPERVISOR"],
                                ]
                            ),
                        ),
                        ("staff__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                frozenset(
                                    [
                                        wayhome.bureau.contact.calls.rules.PartyKind["INTERPRETER"],
                                        wayhome.bureau.contact.calls.rules.PartyKind["SUPERVISOR"],
                                    ]
                                ),
                            ),
                            _negated=True,
                        ),
                        ("staff", None),
                    ),
                    _connector="OR",
                ),
                name="call_staff_is_named_and_nobody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="callparty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mute_reason", ""), ("muted_at", None)),
                    models.Q(
                        ("muted_at__isnull", False), models.Q(("mute_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="call_voice_is_muted_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="callwish",
            constraint=models.UniqueConstraint(
                fields=("call", "side"), name="one_wish_a_side_of_a_call"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                fields=("site", "starts_at", "room"), name="call_slot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calloffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("slot",),
                name="call_slot_is_offered_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="calloffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chosen", True), ("closed_at", None)),
                fields=("call",),
                name="call_has_one_chosen_time",
            ),
        ),
    ]
