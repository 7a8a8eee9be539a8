"""Addresses of the house: outside of a clinic, and the clinic's own pages, in the one namespace "clinic"."""

from django.urls import URLPattern, URLResolver, include, path

from clinic.views import audit, invitations, members, models, settings, site

pages = [
    path("", site.home, name="home"),
    path("members/", members.member_list, name="members"),
    path("members/invite/", invitations.invite_member, name="invite"),
    path("members/invitations/<uuid:ref>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("members/<uuid:ref>/role/", members.member_role, name="member_role"),
    path("members/<uuid:ref>/access/", members.member_access, name="member_access"),
    path("audit/", audit.audit_review, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("settings/", settings.clinic_settings, name="settings"),
    path("settings/models/", models.model_list, name="models"),
    path("settings/models/<uuid:ref>/", models.model_page, name="model"),
    path("settings/models/<uuid:ref>/promote/", models.promote, name="promote_model"),
    path("settings/models/<uuid:ref>/off/", models.switch_off, name="switch_off_model"),
]

site_pages: list[URLPattern | URLResolver] = [
    path("", site.landing, name="landing"),
    path("clinics/", site.choose_clinic, name="switch"),
    path("clinics/keep-alive/", site.keep_alive, name="keep_alive"),
    path("intended-use/", site.intended_use, name="intended_use"),
    path("privacy/", site.privacy, name="privacy"),
    path("join/<slug:clinic_slug>/<str:token>/", invitations.join, name="join"),
    path("c/<slug:clinic_slug>/", include(pages)),
]

urlpatterns = [path("", include((site_pages, "clinic")))]
