"""Whoever meets a fault below the desk is led back to the desk, not only to the public pages."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from promises.serving.bodies import REFUSED

BACK = '<p><a href="/admin/">Back to the desk</a></p>'
ADD = "/admin/pledges/pledge/add/"


def is_led_back(page: Any) -> tuple[int, bool]:
    return page.status_code, BACK in page.content.decode()


def test_a_page_that_is_not_there(desk: Client) -> None:
    assert is_led_back(desk.get("/admin/nothing/")) == (404, True)
    assert is_led_back(desk.get("/nothing/")) == (404, False)


def test_an_address_without_sense(desk: Client) -> None:
    assert is_led_back(desk.get("/admin/pledges/pledge/?q=%00")) == (400, True)
    assert is_led_back(desk.get("/", headers={"host": "elsewhere.example"})) == (400, False)


def test_a_form_without_its_mark(desk: Client) -> None:
    desk.handler.enforce_csrf_checks = True
    assert is_led_back(desk.post(ADD)) == (403, True)
    assert is_led_back(desk.post("/suggest/")) == (403, False)


def test_a_body_that_was_not_read(desk: Client) -> None:
    assert is_led_back(desk.post(ADD, **{REFUSED: 413})) == (413, True)
    assert is_led_back(desk.post("/suggest/", **{REFUSED: 413})) == (413, False)


@pytest.mark.parametrize(
    ("fault", "status"), [(ValueError("broken"), 500), (OperationalError("away"), 503)]
)
def test_a_page_that_broke(desk: Client, fault: Exception, status: int) -> None:
    def break_down(*_given: Any) -> None:
        raise fault

    desk.raise_request_exception = False
    with connection.execute_wrapper(break_down):
        pages = desk.get("/admin/"), desk.get("/pledges/")
    assert [is_led_back(page) for page in pages] == [(status, True), (status, False)]
