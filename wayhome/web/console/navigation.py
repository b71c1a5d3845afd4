"""The console's main menu: what this role is served, in the order of the work."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.staff.permissions import NOT_STAFF, ROLE_NAMES, Role
from wayhome.web.access import Access
from wayhome.web.console.listing import asked
from wayhome.web.console.second_factor import passed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CONSOLE = "/console/"
MENU: "tuple[tuple[StrOrPromise, str], ...]" = (
    (_("Today"), "console:home"),
    (_("Captives"), "console:captives"),
    (_("Import"), "console:imports"),
    (_("One man, two cards"), "console:same_man"),
    (_("Lines called wrong"), "console:objections"),
    (_("Enquiries"), "console:enquiries"),
    (_("Write down an enquiry"), "console:enquiry_new"),
    (_("Somebody calls again"), "console:caller"),
    (_("Candidates"), "console:tracing"),
    (_("One man, two enquiries"), "console:same_sought"),
    (_("Figures of tracing"), "console:tracing_figures"),
    (_("Matches"), "console:matches"),
    (_("Kinship"), "console:kinship"),
    (_("Sittings"), "console:sittings"),
    (_("In his place"), "console:in_his_place"),
    (_("Statements"), "console:statements"),
    (_("Complaints"), "console:complaints"),
    (_("Danger of return"), "console:danger"),
    (_("Enquiries outside the camp"), "console:inquests"),
    (_("Harm flags"), "console:harm_flags"),
    (_("First news"), "console:first_news"),
    (_("A person must speak"), "console:frozen"),
    (_("Day book"), "console:day_book"),
    (_("Effects and money"), "console:effects"),
    (_("Parcels"), "console:parcels"),
    (_("Seriously ill"), "console:ill"),
    (_("Certificates"), "console:certificates"),
    (_("Letters to be read"), "console:letters"),
    (_("Letters to be sent"), "console:letters_to_send"),
    (_("Sheets to write on"), "console:sheets"),
    (_("Scanned letters"), "console:scans"),
    (_("Without news"), "console:no_news"),
    (_("Calls"), "console:calls"),
    (_("People to call"), "console:call_families"),
    (_("Days of journeys to tell"), "console:journey_news"),
    (_("A letter a year"), "console:yearly"),
    (_("Worries after calls"), "console:worries"),
    (_("Programmes"), "console:programmes"),
    (_("Roads home"), "console:roads"),
    (_("Without a plan"), "console:without_plan"),
    (_("Agreements and laws"), "console:grounds"),
    (_("The dead"), "console:remains_list"),
    (_("Names of the dead"), "console:identifications"),
    (_("Families to tell of a death"), "console:deaths"),
    (_("Lorries with the dead"), "console:lorries"),
    (_("From hand to hand"), "console:remains_waiting"),
    (_("Stores and graves"), "console:remains_places"),
    (_("Offers of remains"), "console:offers"),
    (_("Requests for remains"), "console:return_requests"),
    (_("Consignments of remains"), "console:consignments"),
    (_("Reference samples"), "console:references"),
    (_("What families tell"), "console:antemortem_list"),
    (_("Bench of the geneticist"), "console:bench"),
    (_("Other bureaus"), "console:bureaus"),
    (_("Applications"), "console:applications"),
    (_("Boards"), "console:boards"),
    (_("Who travels"), "console:parties"),
    (_("Plans of journeys"), "console:plans"),
    (_("Journeys"), "console:journeys"),
    (_("Resources of journeys"), "console:resources"),
    (_("On the way"), "console:on_the_way"),
    (_("Today's convoy"), "console:convoy"),
    (_("Acts of return"), "console:acts"),
    (_("Outbox"), "console:outbox"),
    (_("Press"), "console:press"),
    (_("Clocks"), "console:clocks"),
    (_("Passed deadlines"), "console:overdue"),
    (_("Journal"), "console:journal"),
    (_("Staff"), "console:staff"),
)


@cache
def address_of(name: str) -> str:
    """The address of a page; "" where there is none of this name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@cache
def menu_of(role: Role) -> "tuple[tuple[StrOrPromise, str], ...]":
    """The pages that the access table serves to a role: the menu never offers another."""
    return tuple((words, url) for words, url in _pages() if role in _served(url))


def _pages() -> "Iterator[tuple[StrOrPromise, str]]":
    for words, name in MENU:
        if url := address_of(name):
            yield words, url


def _served(url: str) -> frozenset[Role]:
    access: Access = resolve(url).func.access  # type: ignore[attr-defined]
    return access.roles


def navigation(request: HttpRequest) -> dict[str, Any]:
    """A context processor: the menu and the search of the console's pages, nothing elsewhere."""
    role: Role = getattr(request, "role", Role.NOBODY)
    if not request.path.startswith(CONSOLE) or role in NOT_STAFF:
        return {}
    shown: dict[str, Any] = {"role_label": ROLE_NAMES[role]}
    if not passed(request):
        return shown
    pages = menu_of(role)
    here = [url for _, url in pages if _is_here(request, url)]
    # Of two addresses that both begin the page's, the longer one is where somebody is.
    current = max(here, key=len, default="")
    shown["navigation"] = [(words, url, url == current) for words, url in pages]
    if role in _served(search := address_of("console:search")):
        searched = request.path == search
        shown["search_url"] = search
        shown["search_text"] = asked(request, "q") if searched else ""
    return shown


def _is_here(request: HttpRequest, url: str) -> bool:
    return request.path == url if url == CONSOLE else request.path.startswith(url)
