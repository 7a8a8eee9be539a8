"""What a clinic has chosen about its assistant."""

from sessions.models import AssistantSettings


def assistant_settings() -> AssistantSettings:
    """The choices of the clinic in scope; those of a new clinic when it has made none. Not stored by this."""
    return AssistantSettings.objects.first() or AssistantSettings()


def is_assistant_on() -> bool:
    """Whether patients of the clinic in scope may ask the assistant."""
    return not AssistantSettings.objects.filter(is_on=False).exists()


def keep_days() -> int:
    """How many days the words of a conversation are kept."""
    stored = AssistantSettings.objects.values_list("keep_days", flat=True).first()
    return int(stored or AssistantSettings._meta.get_field("keep_days").default)
