"""Addresses of the demo; the portal includes them only with DEMO=1."""

from django.urls import path

from portal.demo import views

urlpatterns = [
    path("", views.people_page, name="demo"),
    path("inloggen/", views.log_in_as, name="demo-login"),
    path("klok/", views.move_clock, name="demo-clock"),
    path("mail/", views.mail_page, name="demo-mail"),
    path("mail/<int:mail_id>/html/", views.mail_html, name="demo-mail-html"),
]
