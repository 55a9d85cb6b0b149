"""The file of grants: read as it says, refused where it says what cannot be."""

from __future__ import annotations

import os

import pytest

from rag.app.oidc.grants import Grants
from rag.domain.access import Role
from rag.errors import ConfigurationError

SOUND = """\
[[grant]]
groups = ["卫健科"]
role = "staff"
places = ["广汉市"]
collections = ["replies", "plans"]

[[grant]]
subjects = ["u-9"]
role = "admin"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "grants.toml"
    path.write_text(SOUND, "utf-8")
    return path


def test_entries_are_read(file):
    granted = Grants(file).now()
    first, second = granted.entries
    assert (first.groups, first.role, first.places) == (("卫健科",), Role.STAFF, ("广汉市",))
    assert first.collections == ("replies", "plans")
    assert (second.subjects, second.role, second.places) == (("u-9",), Role.ADMIN, None)


@pytest.mark.parametrize(
    ("subject", "groups", "number"),
    [
        ("u-1", ["卫健科"], 0),
        ("u-9", ["卫健科"], 0),  # the first that fits
        ("u-9", [], 1),
        ("u-1", ["u-9"], None),
        ("卫健科", [], None),
        ("u-1", [], None),
    ],
)
def test_the_first_entry_that_fits_counts(file, subject, groups, number):
    assert Grants(file).now().fitting(subject, groups) == number


def test_without_a_file_nobody_fits():
    assert Grants(None).now().fitting("u-9", ["卫健科"]) is None


def test_another_file_is_read_and_has_another_digest(file):
    grants = Grants(file)
    before = grants.now()
    assert grants.now() is before
    file.write_text(SOUND.replace("staff", "reader"), "utf-8")
    after = grants.now()
    assert after.entries[0].role is Role.READER
    assert after.digest != before.digest
    file.write_text("", "utf-8")
    assert grants.now().entries == ()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('[[grant]]\ngroups = ["a"]\nrole = "root"', "grant.1.role"),
        ('[[grant]]\ngroups = ["a"]', "grant.1.role"),
        ('[[grant]]\nrole = "admin"', "grant.1 names neither"),  # would be for everybody
        ('[[grant]]\ngroups = []\nrole = "admin"', "grant.1.groups"),
        ('[[grant]]\ngroups = [" "]\nrole = "admin"', "grant.1.groups.1"),
        ('[[grant]]\ngroups = "a"\nrole = "admin"', "grant.1.groups"),
        ('[[grant]]\ngroups = ["a"]\nrole = "admin"\nplaces = []', "grant.1.places"),  # none, or all?
        ('[[grant]]\ngroups = ["a"]\nrole = "admin"\nplace = ["b"]', "grant.1.place"),
        ('[grant]\ngroups = ["a"]\nrole = "admin"', "grant"),
        ('[[grants]]\ngroups = ["a"]\nrole = "admin"', "grants"),
        ("[[grant]", "no TOML"),
        (b"\xff\xfe", "no TOML"),
    ],
)
def test_what_cannot_be_is_named(file, content, named):
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError) as caught:
        Grants(file).now()
    assert named in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_that_is_gone_or_anybodys_opens_nothing(file):
    grants = Grants(file)
    grants.now()
    if os.name == "posix":
        file.chmod(0o666)
        with pytest.raises(ConfigurationError, match="anybody may write"):
            grants.now()
    file.unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        grants.now()
