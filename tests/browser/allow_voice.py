"""Run inside the product: let a demo clinic's patients speak to the assistant, or stop letting them.

``python -m tests.browser.allow_voice CLINIC yes|no``
"""

import os
import sys

import django


def main(slug: str, wanted: str) -> None:
    """Choose through the service."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    django.setup()
    from clinic.models import Clinic
    from clinic.tenancy.scope import clinic_scope
    from sessions.services.assistant.settings import change_assistant_settings

    with clinic_scope(Clinic.objects.get(slug=slug).pk):
        change_assistant_settings(voice_in_allowed=wanted == "yes")


if __name__ == "__main__":
    main(*sys.argv[1:])
