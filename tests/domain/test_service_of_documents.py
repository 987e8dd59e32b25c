"""When a document counts as received: by channel, sent again, and come back (APA s. 59, Act 13/2003 s. 19)."""

from datetime import date

import pytest

from portal.domain.service_of_documents import Channel, Sending, appeal_until, deemed_receipt, received_on

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("channel", "received"),
    [(Channel.ELECTRONIC, date(2026, 6, 4)), (Channel.LETTER, date(2026, 6, 8)), (Channel.HANDED, DAY)],
)
def test_each_channel_has_its_deemed_day(channel: Channel, received: date) -> None:
    assert deemed_receipt(channel, DAY) == received


def test_the_deemed_day_may_be_a_sunday() -> None:
    assert deemed_receipt(Channel.LETTER, date(2026, 6, 7)) == date(2026, 6, 14)


def test_nobody_loses_time_by_being_sent_the_same_twice() -> None:
    sent = [Sending(Channel.LETTER, DAY), Sending(Channel.ELECTRONIC, date(2026, 6, 2))]
    assert received_on(sent) == date(2026, 6, 8)
    assert received_on([*sent, Sending(Channel.LETTER, date(2026, 6, 10))]) == date(2026, 6, 17)


def test_what_came_back_was_received_by_nobody() -> None:
    assert received_on([]) is None
    assert received_on([Sending(Channel.LETTER, DAY, returned=True)]) is None
    assert received_on([Sending(Channel.ELECTRONIC, DAY), Sending(Channel.LETTER, DAY, returned=True)]) is None


def test_after_a_return_the_new_sending_counts_alone() -> None:
    back = Sending(Channel.LETTER, DAY, returned=True)
    assert received_on([back, Sending(Channel.ELECTRONIC, date(2026, 6, 20))]) == date(2026, 6, 23)
    assert received_on([back, Sending(Channel.LETTER, date(2026, 6, 20))]) == date(2026, 6, 27)


def test_the_appeal_period_is_thirty_days_and_ends_on_no_eve_or_day_off() -> None:
    assert appeal_until(date(2026, 6, 8)) == date(2026, 7, 8)
    assert appeal_until(date(2026, 5, 20)) == date(2026, 6, 22)  # 19.6. is Midsummer Eve, a Friday
