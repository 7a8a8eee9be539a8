from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "patients"
    verbose_name = "Patients"

    def ready(self) -> None:
        from clinic.audit.patients import register_directory
        from clinic.events import invitation_accepted
        from patients import auditing, questionnaire_panel
        from patients.directory import Directory
        from patients.services.logins import link_login

        auditing.register_models()
        register_directory(Directory())
        questionnaire_panel.register_panel()
        invitation_accepted.connect(link_login, dispatch_uid="patients.link_login")
