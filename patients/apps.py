from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "patients"
    verbose_name = "Patients"

    def ready(self) -> None:
        from clinic.events import invitation_accepted
        from patients import auditing
        from patients.services.logins import link_login

        auditing.register_models()
        invitation_accepted.connect(link_login, dispatch_uid="patients.link_login")
