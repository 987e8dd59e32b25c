"""Accounts by an organisation are found by identity alone, one for each; a logout message counts once."""

from datetime import timedelta
from threading import Barrier, Thread

from portal.services.office import Office

ONE, OTHER, SUBJECT = "1" * 64, "2" * 64, "3" * 64


def added(office: Office, identity: str = ONE, login: str = "work-1", provider: str = "work") -> str:
    with office.writing() as work:
        assert work.organisation_accounts.find(identity) is None
        account = work.staff.add(login, "Aino Asianhoitaja", "", office.now())
        work.organisation_accounts.add(identity, provider, SUBJECT, account)
    return account


def test_an_account_is_found_by_its_identity_and_its_subject(office: Office) -> None:
    account = added(office)
    other = added(office, OTHER, "elsewhere-1", "elsewhere")
    with office.writing() as work:
        book = work.organisation_accounts
        assert (book.find(ONE), book.find(OTHER)) == (account, other)
        assert book.of_subject("work", SUBJECT) == (account,)
        assert (book.provider_of(account), book.provider_of("nobody")) == ("work", None)


def test_the_name_and_the_subject_follow_the_organisation(office: Office) -> None:
    account = added(office)
    with office.writing() as work:
        work.organisation_accounts.refresh(account, "Aino Uusinimi", OTHER)
    with office.reading() as work:
        found = work.staff.by_id(account)
        assert found is not None
        assert found.name == "Aino Uusinimi"
        assert work.organisation_accounts.of_subject("work", SUBJECT) == ()
        assert work.organisation_accounts.of_subject("work", OTHER) == (account,)


def test_a_logout_message_is_heard_once_until_it_could_be_repeated_no_more(office: Office) -> None:
    now = office.now()
    until = now + timedelta(minutes=6)

    def hear(at: timedelta = timedelta()) -> bool:
        with office.writing() as work:
            return work.organisation_accounts.hear(ONE, until, now + at)

    assert [hear(), hear(), hear(timedelta(minutes=5, seconds=59))] == [True, False, False]
    assert hear(timedelta(minutes=6))


def test_two_first_entries_at_once_make_one_account(office: Office) -> None:
    ready, made = Barrier(2), []

    def enter(number: int) -> None:
        ready.wait()
        with office.writing() as work:
            if work.organisation_accounts.find(ONE) is None:
                account = work.staff.add(f"work-{number}", "Aino Asianhoitaja", "", office.now())
                work.organisation_accounts.add(ONE, "work", SUBJECT, account)
                made.append(account)

    threads = [Thread(target=enter, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(made) == 1
