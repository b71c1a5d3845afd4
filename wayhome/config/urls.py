from django.urls import include, path

from wayhome.config.health import healthz
from wayhome.web import errors, language
from wayhome.web.console.views import account

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language/<str:code>/", language.set_language_view, name="set_language"),
    # allauth's views that staff need; none that signs up, mails or recovers by mail.
    path("console/account/", include(account.urlpatterns)),
    path("console/", include("wayhome.web.console.urls")),
    path("tablet/", include("wayhome.web.tablet.urls")),
    path("pass/", include("wayhome.web.escort.her_urls")),
    path("escort/", include("wayhome.web.escort.urls")),
    path("", include("wayhome.web.portal.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
