from wayhome.web.portal.views import (
    application,
    call_room,
    calls,
    coming_back,
    enquiry,
    first_pin,
    letters,
    pages,
    papers,
    programmes,
    question,
    samples,
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
    *samples.urlpatterns,
    *question.urlpatterns,
    *application.urlpatterns,
    *letters.urlpatterns,
    *calls.urlpatterns,
    *call_room.urlpatterns,
    *pages.urlpatterns,
    *programmes.urlpatterns,
]
