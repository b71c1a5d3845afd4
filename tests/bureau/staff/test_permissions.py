"""Who may do what is asked everywhere: in actions, of fields, at addresses, and in the guide."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from wayhome.bureau.staff.permissions import (
    AT_ONE_SITE,
    CONSOLE_ROLES,
    GRANTS,
    ROLE_NAMES,
    Permission,
    Role,
)
from wayhome.config.access import addresses

ROOT = Path(__file__).parents[3]
BUREAU, WEB = ROOT / "wayhome" / "bureau", ROOT / "wayhome" / "web"
WRITES = re.compile(
    r"\.(?:save|create|bulk_create|update|bulk_update|delete|get_or_create)\(|journal\.record|copy_in\("
)
# Actions with a `by` that ask nothing, and why.
ASK_NOTHING = {
    "staff.open_site": "from the command line, where the machine's owner sits",
    "staff.keep_profession": "the demo, or note_profession, which has asked",
    "staff.create_staff": "the command line, or open_account, which has asked",
    "identifications.reopen": "doubt, which has asked, or the machine where a name is contradicted",
    "journal.record": "writes down what an action did that has asked",
    "journal.record_many": "writes down what an action did that has asked",
    "journal.looked": "writes down a look that the page has asked for",
}
# Actions without a `by` that a page calls, and why.
BY_NOBODY = {
    "enquiries.open_draft": "somebody who is still asking has no account yet",
    "enquiries.keep_in_draft": "the draft of this session",
    "enquiries.drop_draft": "the draft of this session",
    "enquiries.find_enquirer": "finds out who she is, by her words and her PIN",
    "staff.note_failed_sign_in": "nobody signed in",
    "contact.connect": "the device that came in by a link of its own",
    "contact.beat": "a sign of life of a connection that is in",
    "contact.disconnect": "what the switchboard sees of a line",
    "contact.note_together": "what the two browsers say of their line",
    "contact.stop_by_machine": "what the switchboard must stop by itself",
    "lines.pass_on": "what two browsers that were let in say to each other",
    "lines.bind_key": "the key of a connection that was let in",
    "lines.cut": "what a call's end, decided elsewhere, asks of the relay",
    "lines.carry_out_cuts": "the order stands already",
    "lines.forget": "nothing is kept of a call that is over",
    "lines.forget_old": "nothing is kept of a call that is over",
}


@dataclass
class Action:
    name: str
    node: ast.FunctionDef
    module: dict[str, ast.FunctionDef] = field(repr=False)

    @property
    def takes_by(self) -> bool:
        arguments = self.node.args
        return any(each.arg == "by" for each in (*arguments.args, *arguments.kwonlyargs))

    def writes(self) -> bool:
        return _reaches(self.node, self.module, lambda one: WRITES.search(ast.unparse(one)))

    def asks_first(self) -> bool:
        """Whether its first statement asks, itself or in what it calls first."""
        return _asks(self.node, self.module, set())


def _body(node: ast.FunctionDef) -> list[ast.stmt]:
    first = node.body[0]
    described = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return node.body[1:] if described else node.body


def _called(node: ast.AST, module: dict[str, ast.FunctionDef]) -> list[ast.FunctionDef]:
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    return [module[name] for name in names if name in module]


def _asks(node: ast.FunctionDef, module: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    if node.name in seen:
        return False
    first = _body(node)[0]
    if isinstance(first, ast.With):  # a lock around everything
        first = first.body[0]
    if ".must(" in ast.unparse(first):
        return True
    return any(_asks(each, module, seen | {node.name}) for each in _called(first, module))


def _reaches(node: ast.FunctionDef, module: dict[str, ast.FunctionDef], holds: Any) -> bool:
    seen, waiting = set[str](), [node]
    while waiting:
        one = waiting.pop()
        if one.name not in seen:
            if holds(one):
                return True
            seen.add(one.name)
            waiting += _called(one, module)
    return False


@cache
def actions() -> dict[str, Action]:
    """Every function of a subject's actions.py or actions/, by "subject.name"."""
    found = {}
    for path in sorted(BUREAU.rglob("*.py")):
        inside = path.relative_to(BUREAU)
        if inside.name == "actions.py" or "actions" in inside.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            module = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
            for node in module.values():
                name = f"{inside.parts[0]}.{node.name}"
                found[name] = Action(name, node, module)
    return found


def public() -> Iterator[Action]:
    return (one for one in actions().values() if not one.node.name.startswith("_"))


def called_by_pages() -> set[str]:
    """The actions that the pages import or reach through their module, by "subject.name"."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in WEB.rglob("*.py"))
    return {name for tree in trees for name in _imported(tree)}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        house, bureau, subject, *rest = [
            *(getattr(node, "module", "") or "").split("."),
            "",
            "",
            "",
        ]
        if not isinstance(node, ast.ImportFrom) or (house, bureau) != ("wayhome", "bureau"):
            continue
        for alias in node.names:
            if rest[0] == "actions":
                yield f"{subject}.{alias.name}"
            elif alias.name == "actions":
                yield from (f"{subject}.{used}" for used in _used(tree, alias.asname or "actions"))


def _used(tree: ast.Module, module: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == module:
            yield node.attr


def test_the_walk_sees_the_actions():
    assert len(list(public())) > 80
    assert actions()["captives.register_captive"].writes()
    assert not actions()["captives.why_not_now"].writes()
    assert {"captives.register_captive", "relations.give_verdict", "journal.looked"} <= {
        *called_by_pages()
    }


def test_every_action_asks_permission_first():
    silent = {
        one.name
        for one in public()
        if one.takes_by and one.writes() and not one.asks_first() and one.name not in ASK_NOTHING
    }

    assert not silent


def test_no_page_calls_an_action_that_asks_nobody():
    silent = {
        name
        for name in called_by_pages() & set(actions())
        if actions()[name].writes() and not actions()[name].asks_first()
    }

    assert silent - set(ASK_NOTHING) <= set(BY_NOBODY)


def test_whoever_is_named_as_asking_nothing_asks_nothing():
    named = {*ASK_NOTHING, *BY_NOBODY}

    assert named <= set(actions())
    assert {name for name in named if actions()[name].asks_first()} == set()


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("wayhome.")]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_field_stands_in_a_list_of_who_may_be_shown_it(model):
    lists = {name: set(names) for name, names in vars(model.Disclosure).items() if name[0] != "_"}
    fields = {one.name for one in model._meta.get_fields() if one.concrete}
    shown = set().union(*(names for name, names in lists.items() if name != "never"))
    never = lists.get("never", set())

    assert shown | never == fields
    assert not shown & never


@pytest.mark.parametrize("address", addresses(), ids=lambda one: one.name)
def test_every_address_says_whom_it_serves(address):
    assert address.access is not None
    assert address.access.roles


def test_every_role_has_a_name_and_grants_and_every_permission_somebody():
    assert set(GRANTS) == set(Role) == set(ROLE_NAMES)
    assert set().union(*GRANTS.values()) == set(Permission)
    assert AT_ONE_SITE < CONSOLE_ROLES
    for role in CONSOLE_ROLES:
        assert Permission.USE_CONSOLE in GRANTS[role]


# *The people* of the design, in a few lines that must never come to hold.
NEVER_TOGETHER = [
    (Permission.SEE_ENQUIRY, Permission.SEE_CAPTIVE),  # families and captives: two compartments
    (Permission.SEE_PLACE, Permission.TELL_FAMILY),
    (Permission.READ_JOURNAL, Permission.SEE_CAPTIVE),
    (Permission.READ_JOURNAL, Permission.SEE_ENQUIRY),
    (Permission.MANAGE_STAFF, Permission.SEE_CAPTIVE),
    (Permission.MANAGE_STAFF, Permission.SEE_ENQUIRY),
    (Permission.READ_WAITING_TEXT, Permission.SEE_ENQUIRY),
    (Permission.READ_WAITING_TEXT, Permission.SEE_CAPTIVE),
    (Permission.DECIDE_APPLICATION, Permission.ASSESS_DANGER),
    (Permission.SEE_FEAR, Permission.REGISTER_CAPTIVE),
    (Permission.OPEN_SITTING, Permission.RECORD_CUSTODY),
    (Permission.WEIGH_BY_CODE, Permission.SEE_ENQUIRY),  # who works by code sees no name
    (Permission.WEIGH_IDENTITY, Permission.SIGN_IDENTIFICATION),  # who weighs does not decide
]


@pytest.mark.parametrize(("one", "other"), NEVER_TOGETHER)
def test_compartments_stay_apart(one, other):
    assert [role for role in Role if {one, other} <= GRANTS[role]] == []


def test_what_he_fears_and_a_harm_flag_are_read_by_neutral_and_legal_officer_alone():
    for permission in (Permission.SEE_FEAR, Permission.SEE_HARM_FLAG, Permission.LIFT_HARM_FLAG):
        assert {role for role in Role if permission in GRANTS[role]} == {Role.NEUTRAL, Role.LEGAL}


def table_of(page: str) -> dict[str, set[str]]:
    """Role → its permissions, as the guide's table says."""
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \| ([^|]*) \| ([^|]*) \|$", page, re.MULTILINE)
    return {
        role: {one.strip() for one in told.split(" · ") if one.strip()}
        for _name, role, _where, told in rows
    }


def test_the_guide_tells_what_the_table_grants():
    page = (ROOT / "docs" / "guides" / "permissions.md").read_text(encoding="utf-8")

    told = table_of(page)
    assert told == {role.value: {one.value for one in GRANTS[role]} for role in Role}
    for role in Role:
        where = "its own site" if role in AT_ONE_SITE else ""
        assert re.search(rf"\| `{role}` \| {where} ?\|", page), role
