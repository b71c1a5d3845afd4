from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from django.urls import include, path

from wayhome.config.health import healthz
from wayhome.web import errors, language

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language/<str:code>/", language.set_language_view, name="set_language"),
    # allauth's views that staff need; none that signs up, mails or recovers by mail.
    path("console/account/login/", account.login, name="account_login"),
    path("console/account/logout/", account.logout, name="account_logout"),
    path("console/account/password/", account.password_change, name="account_change_password"),
    path("console/account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("console/account/code/", mfa.authenticate, name="mfa_authenticate"),
    path("console/account/code/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("console/account/second-factor/", mfa.index, name="mfa_index"),
    path("console/account/second-factor/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("console/", include("wayhome.web.console.urls")),
    path("tablet/", include("wayhome.web.tablet.urls")),
    path("", include("wayhome.web.portal.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
