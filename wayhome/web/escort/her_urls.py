from django.urls import path

from wayhome.web.escort import hers

app_name = "hers"
urlpatterns = [
    path("", hers.page, name="page"),
    path("take/", hers.take, name="take"),
    path("knock/", hers.knock, name="knock"),
    path("worker.js", hers.worker, name="worker"),
]
