from wayhome.web.tablet import call_room, views

app_name = "tablet"
urlpatterns = [*call_room.urlpatterns, *views.urlpatterns]
