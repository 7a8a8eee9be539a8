"""Who may call an endpoint: closed until the view names its roles."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class ByRole(BasePermission):
    """Lets in active members whose role is in the view's `roles`; a view without `roles` lets nobody in."""

    message = "You do not have access to this."

    def has_permission(self, request: Request, view: Any) -> bool:
        membership = getattr(request, "membership", None)
        roles = getattr(view, "roles", None)
        return membership is not None and membership.has_role(*(roles or ()))
