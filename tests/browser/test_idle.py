"""Somebody who leaves the screen is warned, then signed out; whoever answers stays."""

from playwright.sync_api import expect

from tests.browser.chromium import PHONE

WHO_LEAVES = "ewa.kowalska@north.demo"


def test_an_empty_room_is_warned_and_then_signed_out(person, product):
    with person(WHO_LEAVES, viewport=PHONE) as (page, _):
        page.clock.install()
        page.goto("/c/north/today/")
        page.clock.fast_forward("13:50")
        warning = page.get_by_role("dialog", name="Are you still there?")
        expect(warning).to_be_hidden()
        page.clock.fast_forward("00:20")
        expect(warning).to_be_visible()
        page.get_by_role("button", name="Stay signed in").click()
        expect(warning).to_be_hidden()
        page.clock.fast_forward("15:05")
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        page.goto("/c/north/today/")
        assert page.url.startswith(f"{product.address}/accounts/login/")
