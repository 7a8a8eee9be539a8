from sessions.selectors.assistant.conversation import holding_alert, open_conversation, thread_of
from sessions.selectors.assistant.plan import plan_of
from sessions.selectors.assistant.walk import walk_of

__all__ = ["holding_alert", "open_conversation", "plan_of", "thread_of", "walk_of"]
