"""The house's shapes in JSON."""

from rest_framework import serializers

from clinic.models import Clinic, Membership


class ClinicSerializer(serializers.ModelSerializer[Clinic]):
    """What a member may know about the clinic."""

    class Meta:
        model = Clinic
        fields = ["ref", "slug", "name", "time_zone", "country", "emergency_number", "simulated"]


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """A person's place in the clinic."""

    clinic = ClinicSerializer(read_only=True)

    class Meta:
        model = Membership
        fields = ["ref", "role", "display_name", "clinic"]
