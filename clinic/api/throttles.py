"""How often one person may ask."""

from rest_framework.throttling import UserRateThrottle


class PersonThrottle(UserRateThrottle):
    """Per signed-in person, in all clinics together."""

    scope = "person"
