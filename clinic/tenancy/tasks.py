"""Door 3, Celery: a task says in its signature whose clinic it works for, and runs inside that clinic's
scope.
"""

import inspect
from typing import Any

from celery import Task

from clinic.audit.actor import Actor, acting, current_actor
from clinic.models import Clinic
from clinic.tenancy.scope import OtherClinicScope, clinic_scope, current_clinic_id_or_none

ACTOR_HEADER = "plumbline_actor_user_id"
MEMBERSHIP_HEADER = "plumbline_actor_membership_id"


class ClinicMissing(Exception):
    """A task was called without a clinic, or for one that does not exist."""


class ClinicTask(Task):
    """Base of every task that touches clinic-owned data: `@shared_task(base=ClinicTask)` on `def f(*,
    clinic_id, …)`.

    Whoever queued it is carried along in the message's headers and becomes the actor of the task's audit
    lines.
    """

    abstract = True
    ignore_result = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        run = cls.__dict__.get("run")
        if run is None:
            return
        function = run.__func__ if isinstance(run, staticmethod) else run
        if "clinic_id" not in inspect.signature(function).parameters:
            raise TypeError(f"{function.__qualname__}: a ClinicTask needs clinic_id in its signature")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        clinic_id = self._clinic_id(args, kwargs)
        if not Clinic.objects.filter(pk=clinic_id).exists():
            raise ClinicMissing(f"{self.name}: there is no clinic {clinic_id}")
        with clinic_scope(clinic_id), acting(self._actor(kwargs)):
            return super().__call__(*args, **kwargs)

    def apply_async(
        self, args: Any = None, kwargs: Any = None, *rest: Any, headers: Any = None, **options: Any
    ) -> Any:
        """Queue the task; refuses to work for another clinic than the one in scope."""
        clinic_id = self._clinic_id(tuple(args or ()), dict(kwargs or {}))
        current = current_clinic_id_or_none()
        if current is not None and clinic_id != current:
            raise OtherClinicScope(f"task {self.name}", owner=clinic_id, current=current)
        actor = current_actor()
        carried: dict[str, Any] = {ACTOR_HEADER: actor.user_id, MEMBERSHIP_HEADER: actor.membership_id}
        return super().apply_async(args, kwargs, *rest, headers={**carried, **(headers or {})}, **options)

    def _clinic_id(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
        bound = inspect.signature(self.run).bind_partial(*args, **kwargs)
        clinic_id = bound.arguments.get("clinic_id")
        if isinstance(clinic_id, bool) or not isinstance(clinic_id, int):
            raise ClinicMissing(f"{self.name}: clinic_id must be a whole number, not {clinic_id!r}")
        return clinic_id

    def _actor(self, kwargs: dict[str, Any]) -> Actor:
        """Who queued the task; called directly, who is acting now."""
        acting_now = current_actor()
        user_id = kwargs.get("actor_id") or self._carried(ACTOR_HEADER) or acting_now.user_id
        membership_id = self._carried(MEMBERSHIP_HEADER) or acting_now.membership_id
        return Actor(user_id=user_id, membership_id=membership_id, role=acting_now.role, via="task")

    def _carried(self, header: str) -> Any:
        return (self.request.headers or {}).get(header) or self.request.get(header)
