from django.apps import AppConfig


class PrescriptionsConfig(AppConfig):
    name = "prescriptions"
    verbose_name = "Prescriptions"

    def ready(self) -> None:
        from patients.services import when_pain_reported, when_stopped
        from prescriptions import auditing, model_product, patient_panels
        from prescriptions.services import propose_after_pain, propose_after_stop

        auditing.register_models()
        model_product.register_models()
        patient_panels.register_panels()
        when_pain_reported("dosing", propose_after_pain)
        when_stopped("dosing", propose_after_stop)
