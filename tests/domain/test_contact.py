"""An e-mail address is taken as a mail server takes it, and what could be two addresses or a header is none."""

import pytest

from portal.domain.contact import email_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("soili@esimerkki.fi", "soili@esimerkki.fi"),
        ("  Soili.Soittaja+kuuluu@Esimerkki.FI ", "Soili.Soittaja+kuuluu@esimerkki.fi"),
        ("soili@äänite.example", "soili@xn--nite-koaa.example"),
        ("o'brien@mail.example.co", "o'brien@mail.example.co"),
    ],
)
def test_an_address_is_kept_as_a_mail_server_takes_it(typed: str, kept: str) -> None:
    assert email_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "soili", "soili@", "@esimerkki.fi", "soili@esimerkki", "soili esimerkki@example.fi", "a,b@example.fi",
        "soili@example.fi,eero@example.fi", "soili@example.fi\r\nBcc: eero@example.fi", "<soili@example.fi>",
        "soili@-example.fi", "soili@example..fi", ".soili@example.fi", "soili..s@example.fi", "a" * 65 + "@example.fi",
        "soili@" + "a" * 64 + ".fi", "soili@" + "a.b" * 90 + ".fi", "söili@example.fi", '"soili"@example.fi',
        "soili@[127.0.0.1]", "soili@127.0.0.1",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever of it is wrong, the page says the same
        email_address(typed)
