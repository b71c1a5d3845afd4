"""Signing in and out: allauth's views, which here answer as every page of ours does.

A refused form is 422, a success 303; nobody is asked for a code who has not written a password.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal
from wayhome.web.access import STAFF_DOOR
from wayhome.web.once import see_other

View = Callable[..., HttpResponse]
SET_UP_ALREADY = Refusal("account.second_factor", _("The second factor is set up already."))


def answering_as_ours(view: View) -> View:
    """The same view; what follows a sent form has our statuses."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        elif request.method == "POST" and response.status_code == 302:
            response.status_code = 303
        return response

    return answering


login = answering_as_ours(account.login)
logout = answering_as_ours(account.logout)
password = answering_as_ours(account.password_change)
again = answering_as_ours(account.reauthenticate)
code_again = answering_as_ours(mfa.reauthenticate)
second_factor = mfa.index
ask_code = answering_as_ours(mfa.authenticate)
set_up = answering_as_ours(totp.activate_totp)


def code(request: HttpRequest) -> HttpResponse:
    """The six digits. Where nobody is asked for them they are an empty log-in."""
    if request.method == "POST" and request.user.is_authenticated:
        return login(request)
    response = ask_code(request)
    to = response.headers.get("Location", "")
    if request.method == "POST" and to.startswith(reverse(STAFF_DOOR)):
        return login(request)
    return response


def second_factor_on(request: HttpRequest) -> HttpResponse:
    """Setting the second factor up, once."""
    if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        return set_up(request)
    if request.method != "POST":  # allauth would send them to a page that we have not
        return see_other("mfa_index")
    context = {"authenticators": {"totp": True}, "refusal": SET_UP_ALREADY}
    return render(request, "mfa/index.html", context, status=422)


urlpatterns = [
    path("login/", login, name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("password/", password, name="account_change_password"),
    path("again/", again, name="account_reauthenticate"),
    path("code/", code, name="mfa_authenticate"),
    path("code/again/", code_again, name="mfa_reauthenticate"),
    path("second-factor/", second_factor, name="mfa_index"),
    path("second-factor/on/", second_factor_on, name="mfa_activate_totp"),
]
