from wayhome.web.tablet import views

app_name = "tablet"
urlpatterns = [*views.urlpatterns]
