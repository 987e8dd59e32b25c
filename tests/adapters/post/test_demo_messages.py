"""The demo's page of text messages, in place of the telephones that its people do not have."""

import os
from pathlib import Path

import pytest
from flask import Flask

from portal.adapters.post.sms import Folder
from portal.demo import identity, run
from portal.services.ports.numbers import TextMessage


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("PORTAL_DEMO_DIR", str(tmp_path))
    made = Flask(__name__)
    identity._add_messages(made)
    return made


def test_a_message_is_shown_with_its_number_and_as_text_only(app: Flask) -> None:
    Folder(run.messages()).send(TextMessage("m1", "+358401234567", "Koodisi on 123456. <b>"))
    page = app.test_client().get("/messages").text
    assert "+358401234567" in page
    assert "Koodisi on 123456. &lt;b&gt;" in page


def test_a_message_older_than_its_code_is_gone_from_the_page_and_the_folder(app: Flask) -> None:
    Folder(run.messages()).send(TextMessage("m1", "+358401234567", "Koodisi on 123456."))
    [file] = run.messages().glob("*.json")
    os.utime(file, (1, 1))
    assert "123456" not in app.test_client().get("/messages").text
    assert not file.exists()


def test_the_page_is_there_before_the_first_message(app: Flask) -> None:
    assert app.test_client().get("/messages").status_code == 200


def test_the_demo_sends_its_messages_to_that_folder(app: Flask) -> None:
    assert str(run.messages()) in run.environment()["PORTAL_SMS"]
