from django.urls import path

from wayhome.web.escort import views

app_name = "escort"
urlpatterns = [
    path("", views.page, name="page"),
    path("day/", views.load, name="load"),
    path("tell/", views.tell, name="tell"),
    path("knock/", views.knock, name="knock"),
    path("worker.js", views.worker, name="worker"),
    path("manifest.json", views.manifest, name="manifest"),
]
