"""What an admin may enter about the assistant and its models. A key is never put back into a form."""

from typing import Any

from django import forms

from sessions.models import AssistantSettings, ModelProvider
from sessions.services.assistant.providers import LONGEST_KEY, ProviderFields


class AssistantSettingsForm(forms.ModelForm):
    """Whether patients may ask, and how long their words are kept."""

    class Meta:
        model = AssistantSettings
        fields = ["is_on", "voice_in_allowed", "keep_days"]
        labels = {
            "is_on": "Patients may ask the assistant",
            "voice_in_allowed": "Patients may speak to it where their browser turns speech into text on the "
            "device itself",
            "keep_days": "Days that the words of a conversation are kept",
        }
        help_texts = {
            "is_on": "",
            "voice_in_allowed": "",
            "keep_days": "From 30 to 3650. Alerts and messages to the care team stay in the record.",
        }


class ProviderForm(forms.ModelForm):
    """One model at one address."""

    key = forms.CharField(
        label="Key",
        required=False,
        max_length=LONGEST_KEY,
        strip=True,
        widget=forms.PasswordInput(
            render_value=False, attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )

    base_url = forms.URLField(
        label="Address",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="Begins with https://. Empty: the provider's usual address.",
        widget=forms.URLInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )

    class Meta:
        model = ModelProvider
        fields = ["kind", "model", "base_url", "api_version", "key", "timeout_s", "price_in", "price_out",
                  "monthly_budget", "currency"]  # fmt: skip
        labels = {
            "kind": "Kind",
            "model": "Model",
            "api_version": "API version",
            "timeout_s": "Seconds that an answer may take",
            "price_in": "Price of a million tokens sent",
            "price_out": "Price of a million tokens received",
            "monthly_budget": "Budget a month",
        }
        help_texts = {
            "model": "Its name as the provider writes it; with Azure the deployment's.",
            "api_version": "Azure only.",
            "price_in": "",
            "price_out": "",
            "monthly_budget": "0: none. When it is used up, answers come without the model until the next "
            "month.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_key = bool(self.instance.pk and self.instance.sealed_key)
        self.fields["key"].help_text = (
            "A key is stored. It is shown to nobody; enter one only to replace it."
            if has_key
            else "It is stored sealed and shown to nobody again. Empty for a model that asks for none."
        )

    def provider_fields(self) -> ProviderFields:
        """What was entered, the key apart."""
        return ProviderFields(**{name: self.cleaned_data[name] for name in ProviderFields.__slots__})

    def _post_clean(self) -> None:
        """The service fills and checks the row; a form that did would let a refused change look saved."""
