"""Who can sign in to the demo, and how. The passwords are public: they exist only in simulated clinics."""

from dataclasses import dataclass

DEMO_PASSWORD = "straight-as-a-plumbline"  # noqa: S105 - printed on purpose


@dataclass(frozen=True)
class DemoClinic:
    """A simulated clinic."""

    slug: str
    name: str
    time_zone: str
    country: str
    emergency_number: str
    phone: str


@dataclass(frozen=True)
class DemoAccount:
    """One place of one person in one simulated clinic; the same e-mail may stand in two clinics."""

    email: str
    clinic: str
    role: str
    name: str
    sees: str
    password: str = DEMO_PASSWORD


NORTH = DemoClinic("north", "Northside Physiotherapy", "Europe/London", "GB", "999", "020 7946 0018")
SOUTH = DemoClinic("south", "Southgate Rehab", "Europe/Berlin", "DE", "112", "030 23125 118")
CLINICS = (NORTH, SOUTH)

ACCOUNTS = (
    DemoAccount("therapist@north.demo", "north", "therapist", "Ana Ferreira", "a caseload of twelve"),
    DemoAccount("patient@north.demo", "north", "patient", "Maya Lindqvist", "today's session"),
    DemoAccount("admin@north.demo", "north", "clinic_admin", "Ruth Adeyemi", "members, audit, settings"),
    DemoAccount("colleague@north.demo", "north", "therapist", "Owen Price", "one patient, not Ana's twelve"),
    DemoAccount("patient2@north.demo", "north", "patient", "Beth Carver", "another patient's day"),
    DemoAccount("therapist@south.demo", "south", "therapist", "Marek Novak", "another clinic"),
    DemoAccount("patient@south.demo", "south", "patient", "Hana Svoboda", "another clinic's patient"),
    DemoAccount("admin@south.demo", "south", "clinic_admin", "Greta Vogel", "another clinic's settings"),
    DemoAccount("both@plumbline.demo", "north", "assistant", "Ines Costa", "both clinics"),
    DemoAccount("both@plumbline.demo", "south", "therapist", "Ines Costa", "both clinics"),
)


def account_of(email: str, *, clinic: str) -> DemoAccount:
    """The account with this e-mail in this clinic; raises KeyError."""
    for account in ACCOUNTS:
        if (account.email, account.clinic) == (email, clinic):
            return account
    raise KeyError((email, clinic))


def printed_accounts() -> list[str]:
    """What a newcomer is told at start: each e-mail once, with the common password."""
    seen = {account.email: account for account in reversed(ACCOUNTS)}
    names = {clinic.slug: clinic.name for clinic in CLINICS}
    rows = [
        f"  {account.email:<22} {account.role.replace('_', ' '):<13} {names[account.clinic]}: {account.sees}"
        for account in reversed(seen.values())
    ]
    return ["Demo accounts (nobody in them is real):", *rows, f"  Password for all: {DEMO_PASSWORD}"]
