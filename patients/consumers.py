"""Sockets of pages that wait for something: the caseload, and the pages of one patient. Ids only."""

from typing import Any

from asgiref.sync import sync_to_async

from clinic.errors import Forbidden, HouseError
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.consumers import NOT_FOUND, ClinicConsumer
from patients import events, selectors
from patients.models import Patient


class CaseloadConsumer(ClinicConsumer):
    """Tells a member's open caseload that something happened to one of their patients."""

    groups: list[str] = []

    def authorise(self) -> None:
        if not self.membership.has_role(*STAFF_ROLES):
            raise Forbidden

    async def joined(self) -> None:
        self.groups = [events.caseload_group(self.clinic.pk, self.membership.pk)]
        await self.channel_layer.group_add(self.groups[0], self.channel_name)

    async def patient_event(self, message: dict[str, Any]) -> None:
        await self.send_json(message["event"])


class PatientConsumer(ClinicConsumer):
    """Tells the open pages of one patient that something of theirs has changed."""

    patient: Patient
    groups: list[str] = []

    def authorise(self) -> None:
        ref = self.scope["url_route"]["kwargs"]["patient_ref"]
        self.patient = selectors.check_patient_access(self.membership, ref, purpose="page updates")

    async def joined(self) -> None:
        self.groups = [events.patient_group(self.clinic.pk, self.patient.ref)]
        await self.channel_layer.group_add(self.groups[0], self.channel_name)

    async def patient_event(self, message: dict[str, Any]) -> None:
        """Pass it on to whoever may still open the patient: care teams change while pages stay open."""
        try:
            await sync_to_async(self.authorise)()
        except HouseError:
            await self.close(NOT_FOUND)
            return
        await self.send_json(message["event"])

    async def session_event(self, message: dict[str, Any]) -> None:
        """Sessions speak to the same group."""
        await self.patient_event(message)
