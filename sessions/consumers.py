"""Sockets of the therapist who watches, and of pages that wait for something.

Frames never pass through here.
"""

import asyncio
from typing import Any

from asgiref.sync import sync_to_async

from clinic.audit import record
from clinic.errors import HouseError
from clinic.models import Role
from clinic.tenancy.consumers import NOT_FOUND, ClinicConsumer
from sessions import events, selectors
from sessions.models import TherapySession
from sessions.selectors.watching import SetCard, set_cards
from sessions.watchers import SAY_HERE_EVERY_S


class SessionConsumer(ClinicConsumer):
    """Base: a socket about one session, joined only after a selector said yes."""

    session: TherapySession

    @property
    def session_ref(self) -> Any:
        return self.scope["url_route"]["kwargs"]["session_ref"]

    async def join(self, group: str) -> None:
        await self.channel_layer.group_add(group, self.channel_name)
        self.groups = [*self.groups, group]


class UpdatesConsumer(SessionConsumer):
    """Tells an open page that something of its session has changed.

    Ids only, the page fetches what it may see. The patient's own page also hears what a worn sensor counts.
    """

    _cards: dict[str, SetCard]

    def authorise(self) -> None:
        self.session = selectors.check_session_access(
            self.membership, self.session_ref, purpose="page updates"
        )
        self._cards = set_cards(self.session) if self.membership.role == Role.PATIENT else {}

    def still_allowed(self) -> None:
        self.authorise()

    async def joined(self) -> None:
        await self.join(events.session_group(self.clinic.pk, self.session.ref))
        if self.membership.role == Role.PATIENT:
            await self.join(events.own_page_group(self.clinic.pk, self.session.ref))

    async def session_event(self, message: dict[str, Any]) -> None:
        await self.send_json(message["event"])

    async def live_summary(self, message: dict[str, Any]) -> None:
        """Numbers from the patient's own worn sensor, joined with words on the way to the patient's page."""
        summary = message["summary"]
        card = self._cards.get(summary["set"])
        words = card.describe(summary) if card else {}
        await self.send_json({"type": "sensor_state", **summary, **words})


class WatchConsumer(SessionConsumer):
    """A therapist watches live, while the patient agrees to it and is told who watches."""

    _here: "asyncio.Task[None] | None" = None
    _cards: dict[str, SetCard]

    def authorise(self) -> None:
        self.session = selectors.access_watch(self.membership, self.session_ref)
        self._cards = set_cards(self.session)
        record(
            "join",
            patient=self.session.patient_id,
            object_type="sessions.TherapySession",
            object_ref=self.session.ref,
            purpose="watch live",
        )

    async def joined(self) -> None:
        await self.join(events.watch_group(self.clinic.pk, self.session.ref))
        await self.join(events.session_group(self.clinic.pk, self.session.ref))
        self._here = asyncio.ensure_future(self._stay())
        state = "waiting" if self.session.is_open else "ended"
        await self.send_json({"type": "summary", "state": state, "count": 0, "phase": 0.0})

    async def left(self) -> None:
        if self._here is not None:
            self._here.cancel()
        await self._tell_streams("stream_unwatched")
        await sync_to_async(self._note_leaving)()

    async def live_summary(self, message: dict[str, Any]) -> None:
        """Numbers from the patient's stream, joined with the words that this person may read."""
        summary = message["summary"]
        card = self._cards.get(summary["set"])
        words = card.describe(summary) if card else {}
        await self.send_json({"type": "summary", "state": "live", **summary, **words})

    async def session_event(self, message: dict[str, Any]) -> None:
        kind = message["event"]["type"]
        if kind == events.SET_ENDED:
            await self.send_json({"type": "summary", "state": "resting", "set": message["event"]["ref"]})
        elif kind == events.SESSION_ENDED:
            await self.send_json({"type": "summary", "state": "ended"})

    async def _stay(self) -> None:
        """Say "still here" to the patient's stream, as long as the patient still agrees."""
        while True:
            await self._tell_streams("stream_watched")
            await asyncio.sleep(SAY_HERE_EVERY_S)
            try:
                await sync_to_async(selectors.access_watch)(self.membership, self.session_ref)
            except HouseError:
                await self.close(code=NOT_FOUND)
                return

    async def _tell_streams(self, kind: str) -> None:
        group = events.control_group(self.clinic.pk, self.session.ref)
        await self.channel_layer.group_send(group, {"type": kind, "watcher": str(self.membership.ref)})

    def _note_leaving(self) -> None:
        record(
            "leave",
            patient=self.session.patient_id,
            object_type="sessions.TherapySession",
            object_ref=self.session.ref,
            purpose="watch live",
        )
