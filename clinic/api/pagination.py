"""One way of paging through every list of the API."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """?limit= and ?offset=; fifty at a time, at most two hundred."""

    default_limit = 50
    max_limit = 200
