from wayhome.web.portal.views import (
    application,
    coming_back,
    enquiry,
    first_pin,
    letters,
    pages,
    papers,
    start,
    waiting,
)

app_name = "portal"
urlpatterns = [
    *start.urlpatterns,
    *enquiry.urlpatterns,
    *coming_back.urlpatterns,
    *first_pin.urlpatterns,
    *waiting.urlpatterns,
    *papers.urlpatterns,
    *application.urlpatterns,
    *letters.urlpatterns,
    *pages.urlpatterns,
]
