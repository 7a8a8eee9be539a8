from django.apps import AppConfig


class PrescriptionsConfig(AppConfig):
    name = "prescriptions"
    verbose_name = "Prescriptions"

    def ready(self) -> None:
        from prescriptions import auditing, patient_panels

        auditing.register_models()
        patient_panels.register_panels()
