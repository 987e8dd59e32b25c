"""Profiles of every kind of source: the examples in the repository load, and what is wrong is refused by its key."""

from pathlib import Path

import pytest

from portal.adapters.recordings.profile import ProfileError, load_profile, profile_from

EXAMPLES = Path(__file__).parents[3] / "portal" / "sources"
BASE = {"id": "s", "controller": "espoo"}


@pytest.mark.parametrize("name", ["teleq", "zylinc", "asterisk", "sftp", "s3", "names", "vcon", "push"])
def test_the_example_of_each_kind_loads(name: str) -> None:
    found = load_profile(EXAMPLES / f"{name}.toml")
    assert found.id.startswith(name)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"listing": "radio"}, "listing"),
        ({"listing": "names", "name_pattern": "(?P<colour>x)"}, "name_pattern: unknown colour"),
        ({"listing": "names", "name_pattern": "(?P<start>x)"}, "caller"),
        ({"listing": "cdr"}, "cdr: wants database_file"),
        ({"listing": "push"}, "push: wants key_file"),
        ({"listing": "vcon", "store": {"kind": "ftp"}}, r"store\.kind"),
        ({"listing": "vcon", "store": {"kind": "sftp", "host": "h"}}, "store: wants host, host_key_file"),
        (
            {"listing": "vcon", "store": {"kind": "s3", "bucket": "b", "credentials_file": "c", "password": "x"}},
            "store",
        ),
        ({"listing": "vcon", "id": "../x"}, "id"),
    ],
)
def test_a_wrong_part_is_refused_by_its_key(told: dict[str, object], said: str) -> None:
    with pytest.raises(ProfileError, match=said):
        profile_from(BASE | told)
