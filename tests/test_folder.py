"""Where protocols and cases come from: the packaged folder, another folder, a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import b12lib
from b12lib import rooms


@pytest.fixture
def copied(texts: Mapping[str, str], tmp_path: Path) -> Path:
    """Return a folder that holds a copy of the packaged protocol."""
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_packaged(protocol: b12lib.Protocol) -> None:
    """The packaged protocol is read once."""
    assert b12lib.load_protocol() is protocol


def test_another_folder(copied: Path, protocol: b12lib.Protocol) -> None:
    """The same files in another folder are the same protocol, to the last character."""
    for folder in (copied, str(copied)):
        assert b12lib.load_protocol(folder).digest == protocol.digest


def test_other_files(copied: Path, protocol: b12lib.Protocol) -> None:
    """Files of other kinds beside the chapters are left alone."""
    (copied / "notes.txt").write_bytes(b"\xff")

    assert b12lib.load_protocol(copied).digest == protocol.digest


def test_hidden_files_and_folders(copied: Path, protocol: b12lib.Protocol) -> None:
    """What editors and systems leave beside the chapters is left alone, and so are folders."""
    (copied / "._05-folate.md").write_bytes(b"\x00\xff")
    (copied / ".#05-folate.md").symlink_to("nobody@nowhere")
    (copied / "drafts.md").mkdir()

    assert b12lib.load_protocol(copied).digest == protocol.digest


def test_byte_order_mark(copied: Path, protocol: b12lib.Protocol) -> None:
    """A chapter saved by another editor is the same chapter."""
    file = copied / "05-folate.md"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert b12lib.load_protocol(copied).digest == protocol.digest


def test_digest(copied: Path, protocol: b12lib.Protocol) -> None:
    """One character more anywhere is another protocol."""
    with (copied / "05-folate.md").open("a", encoding="utf-8") as file:
        file.write("\n")

    assert b12lib.load_protocol(copied).digest != protocol.digest


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is refused by name."""
    folder = tmp_path / "nowhere"
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(folder)

    assert str(caught.value) == f"the protocol is refused\n  {folder}: there is no such folder"


def test_empty_folder(tmp_path: Path) -> None:
    """A folder without chapters is refused with every file that is missing."""
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(tmp_path)

    assert {fault.problem for fault in caught.value.faults} == {"the file is missing"}
    assert "README.md" in {fault.place.file for fault in caught.value.faults}


def test_not_utf8(copied: Path) -> None:
    """A chapter in another encoding is refused, not guessed at."""
    (copied / "05-folate.md").write_bytes("µg".encode("latin-1"))
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(copied)

    assert str(caught.value) == "the protocol is refused\n  05-folate.md: it is not UTF-8 text"


def test_link_to_nowhere(copied: Path) -> None:
    """A chapter that cannot be opened is refused by name, not passed over."""
    (copied / "05-folate.md").unlink()
    (copied / "05-folate.md").symlink_to("nowhere.md")
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(copied)

    assert str(caught.value) == (
        "the protocol is refused\n  05-folate.md: cannot be opened: No such file or directory"
    )


def test_closed_folder(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be listed is refused by name."""

    def iterdir(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", iterdir)
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(copied)

    assert str(caught.value) == (
        f"the protocol is refused\n  {copied}: cannot be opened: Permission denied"
    )


@pytest.fixture
def profiled(copied: Path) -> Path:
    """Return such a folder with one profile that only says what it is."""
    own = copied / "profiles" / "elsewhere"
    own.mkdir(parents=True)
    (own / "README.md").write_bytes((copied / "README.md").read_bytes())
    return copied


def test_packaged_profile(protocol: b12lib.Protocol) -> None:
    """A packaged profile is read once, and beside the base."""
    nice = b12lib.load_protocol(profile="nice-ng239")
    assert b12lib.load_protocol(profile="nice-ng239") is nice
    assert nice is not protocol


def test_profiles_are_folders(profiled: Path, copied: Path) -> None:
    """Every visible folder in profiles/ is a profile; a protocol may have none."""
    (profiled / "profiles" / "README.md").write_text("Not a profile.", encoding="utf-8")
    (profiled / "profiles" / ".hidden").mkdir()
    assert b12lib.profiles(profiled) == ("elsewhere",)
    assert b12lib.profiles(str(profiled / "profiles")) == ()


def test_a_profile_of_another_folder(profiled: Path, protocol: b12lib.Protocol) -> None:
    """A profile that changes nothing still counts in the digest, and is named."""
    read = b12lib.load_protocol(profiled, "elsewhere")
    assert read.profile
    assert read.profile.name == "elsewhere"
    assert read.rules.keys() == protocol.rules.keys()
    assert read.digest != protocol.digest


@pytest.mark.parametrize(
    ("name", "mend"),
    [("elswhere", "did you mean elsewhere?"), ("../x", "there are: elsewhere"), ("", "there are")],
)
def test_no_such_profile(profiled: Path, name: str, mend: str) -> None:
    """A name that is no profile is refused with those there are; it never becomes a path."""
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(profiled, name)
    assert f"profiles/{name}: there is no such profile\n    {mend}" in str(caught.value)


def test_a_protocol_without_profiles(copied: Path) -> None:
    """Where there is no profile the refusal says so."""
    with pytest.raises(b12lib.ProtocolError, match="there are: none"):
        b12lib.load_protocol(copied, "elsewhere")


def test_a_fault_in_a_profile_names_its_file(profiled: Path) -> None:
    """What is wrong in a profile is told with the profile's own path."""
    (profiled / "profiles" / "elsewhere" / "05-folate.md").write_bytes(b"\xff")
    with pytest.raises(b12lib.ProtocolError) as caught:
        b12lib.load_protocol(profiled, "elsewhere")
    assert str(caught.value).endswith("profiles/elsewhere/05-folate.md: it is not UTF-8 text")


def test_case_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder is no case, and neither is a file in another encoding."""
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\xff")
    for path, reason in ((tmp_path, "cannot be opened: Is a directory"), (file, "it is not UTF-8")):
        with pytest.raises(b12lib.CaseError, match=f": {reason}"):
            b12lib.assess(path)


@pytest.mark.parametrize("name", ["protocol", "notebooks", "site"])
def test_rooms_in_a_checkout(name: str) -> None:
    """In a checkout the rooms stand beside the library."""
    assert rooms.room(name) == Path(b12lib.__file__).parent.parent / name


def test_rooms_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an installed package the rooms stand inside it."""
    packed = tmp_path / "rooms" / "protocol"
    packed.mkdir(parents=True)
    monkeypatch.setattr(rooms, "__file__", str(tmp_path / "rooms.py"))

    assert rooms.room("protocol") == packed
