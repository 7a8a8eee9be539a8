"""Logs hold no personal data."""

from clinic.config.log import drop_personal_data


def test_query_strings_and_typed_text_are_dropped() -> None:
    line = {
        "event": "request_finished",
        "request": "GET /c/north/patients/?q=Alder",
        "body": "pain",
        "email": "a@b",
        "code": 200,
    }
    assert drop_personal_data(None, "info", line) == {
        "event": "request_finished",
        "request": "GET /c/north/patients/",
        "code": 200,
    }
