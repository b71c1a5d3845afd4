from wayhome.web.portal.views import (
    application,
    coming_back,
    enquiry,
    first_pin,
    letters,
    pages,
    papers,
    question,
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
    *question.urlpatterns,
    *application.urlpatterns,
    *letters.urlpatterns,
    *pages.urlpatterns,
]
