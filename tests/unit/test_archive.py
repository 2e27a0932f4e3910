"""ZIP files of decks: names as their authors wrote them, nothing outside its folder, no bombs, nothing left."""

from __future__ import annotations

import os
import signal
import stat
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from ingest import archive, pipeline
from ingest.metadata import IngestItem, walk
from ingest.storing import IngestOptions
from kb.errors import Encrypted, LoadError, StorageFull, TooLarge, UnsupportedFormat, UsageError
from kb.knowledge_base import KnowledgeBase
from kb.types import OPERATOR, DocumentMetadata, Outcome, State
from tests.conftest import ROOT, MakeDeck

LIMITS = archive.ArchiveLimits(max_member_bytes=10_000_000)


def zipped(path: Path, members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return path


def opened(path: Path, folder: Path, **stated: object) -> list[IngestItem]:
    item = IngestItem(path, DocumentMetadata(**stated))  # type: ignore[arg-type]
    return archive._opened(item, folder, LIMITS)


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    folder.mkdir()
    return folder


def faults(items: list[IngestItem]) -> list[type[Exception]]:
    return [type(item.fault) for item in items if item.fault is not None]


def test_every_deck_becomes_an_item_with_its_sidecar_and_what_is_hidden_is_left_out(tmp_path: Path, inside: Path) -> None:
    members = {
        "kota/dek.md": "# Satu\n\nisi",
        "kota/dek.toml": 'title = "Dari berkas pendamping"\ncity = "Kupang"',
        "dek.md": "# Dua\n\nisi",
        "kota/": b"",
        "__MACOSX/._dek.md": "x",
        ".git/config": "x",
        "~$dek.md": "x",
    }
    items = opened(zipped(tmp_path / "a.zip", members), inside, title="Arsip", city="Medan", event="Seminar")
    assert [(i.shown, i.metadata.title, i.metadata.city, i.metadata.event) for i in items] == [
        ("a.zip: kota/dek.md", "Dari berkas pendamping", "Kupang", "Seminar"),
        ("a.zip: dek.md", "", "Medan", "Seminar"),
    ]
    assert [item.path.name for item in items] == ["dek.md", "dek.md"]


def test_a_single_deck_takes_the_title_stated_for_the_archive(tmp_path: Path, inside: Path) -> None:
    (item,) = opened(zipped(tmp_path / "a.zip", {"dek.md": "isi"}), inside, title="Arsip")
    assert item.metadata.title == "Arsip"


@pytest.mark.parametrize(
    "name",
    ["../../keluar.md", "/etc/keluar.md", "C:\\windows\\keluar.md", "a/../../keluar.md", "..\\keluar.md", "./keluar.md"],
)
def test_a_name_that_points_elsewhere_stays_inside(tmp_path: Path, inside: Path, name: str) -> None:
    (item,) = opened(zipped(tmp_path / "a.zip", {name: "isi"}), inside)
    assert item.path.name == "keluar.md"
    assert item.path.resolve().is_relative_to(inside.resolve())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "inside"]


def test_two_members_of_one_name_are_both_kept(tmp_path: Path, inside: Path) -> None:
    items = opened(zipped(tmp_path / "a.zip", {"a/x.md": "satu", "a\\x.md": "dua"}), inside)
    assert sorted(item.path.name for item in items) == ["x-2.md", "x.md"]


def raw_names(path: Path, **names: bytes) -> Path:
    """An archive whose members' names are these bytes, without the mark of UTF-8."""
    zipped(path, {f"{key * 20}.md"[: len(raw)]: "isi" for key, raw in names.items()})
    data = path.read_bytes()
    for key, raw in names.items():
        data = data.replace(f"{key * 20}.md"[: len(raw)].encode(), raw)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("스마트 가로등.md", "cp949"),
        ("스마트 가로등.md", "utf-8"),
        ("뷁 시범 사업.md", "cp949"),
        ("Résumé énergie.md", "cp437"),
        ("Laporan.md", "ascii"),
    ],
)
def test_names_without_the_mark_of_utf8_are_told_by_their_bytes(
    tmp_path: Path, inside: Path, name: str, encoding: str
) -> None:
    (item,) = opened(raw_names(tmp_path / "a.zip", q=name.encode(encoding)), inside)
    assert (item.path.name, item.shown) == (name, f"a.zip: {name}")


def test_marked_names_and_the_extra_field_are_followed(tmp_path: Path, inside: Path) -> None:
    info = zipfile.ZipInfo("plain.md")
    name = "발표.md".encode()
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(b"plain.md")) + name
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(info, "isi")
        made.writestr("도시.md", "isi")
    assert sorted(item.path.name for item in opened(tmp_path / "a.zip", inside)) == ["도시.md", "발표.md"]


def test_a_link_a_locked_member_and_an_inner_archive_are_faults_and_the_rest_is_read(tmp_path: Path, inside: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"x.md": "isi"}).read_bytes()
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
        made.writestr("locked.md", "isi")
        made.writestr("inner.pptx", inner)
        made.writestr("good.md", "isi")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[data.rindex(b"locked.md") - 46 + 8] |= 1  # a flag of its entry in the directory
    (tmp_path / "a.zip").write_bytes(bytes(data))
    items = opened(tmp_path / "a.zip", inside)
    assert [item.path.name for item in items if item.fault is None] == ["good.md"]
    assert faults(items) == [UnsupportedFormat, Encrypted, UnsupportedFormat]
    assert [item.shown for item in items][1:] == ["a.zip: link.md", "a.zip: locked.md", "a.zip: inner.pptx"]


def test_bombs_are_refused_before_they_unpack(tmp_path: Path, inside: Path) -> None:
    bomb = zipped(tmp_path / "a.zip", {"bomb.md": bytes(9_000_000), "good.md": "isi"})
    items = opened(bomb, inside)
    assert (faults(items), [i.path.name for i in items if i.fault is None]) == ([TooLarge], ["good.md"])
    assert "more than 250 times its size" in str(items[1].fault)
    limits = archive.ArchiveLimits(10_000_000, max_inflated=5_000_000)
    assert "would unpack to 8 MB" in str(archive._opened(IngestItem(bomb), inside, limits)[0].fault)


def test_too_large_a_member_and_too_many_members_are_refused(tmp_path: Path, inside: Path) -> None:
    large = zipped(tmp_path / "b.zip", {"large.md": os.urandom(11_000_000)})
    assert "has 10 MB; at most 9 MB" in str(opened(large, inside)[0].fault)
    many = zipped(tmp_path / "c.zip", {f"{n}.md": "" for n in range(1001)})
    assert "holds 1001 files, the limit is 1000" in str(opened(many, inside)[0].fault)


def test_a_member_that_claims_less_than_it_holds_is_damaged(tmp_path: Path, inside: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"bohong.md": os.urandom(5000)})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))
    assert faults(opened(path, inside)) == [LoadError]


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_cut_archive_is_one_fault(tmp_path: Path, inside: Path, share: float) -> None:
    path = zipped(tmp_path / "a.zip", {"a.md": os.urandom(5000)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    (item,) = opened(path, inside)
    assert "a.zip is a damaged ZIP file" in str(item.fault)


def test_an_archive_without_decks_is_a_fault(tmp_path: Path, inside: Path) -> None:
    (item,) = opened(zipped(tmp_path / "a.zip", {"__MACOSX/x.md": "x"}), inside)
    assert "a.zip holds no file to read" in str(item.fault)


def test_a_full_disk_is_no_fault_of_the_archive(tmp_path: Path, inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.shutil, "copyfileobj", full)
    with pytest.raises(StorageFull, match="disk is full"):
        opened(zipped(tmp_path / "a.zip", {"a.md": "isi"}), inside)


def test_the_decks_of_an_archive_are_stored_and_nothing_else_is_left(
    kb: KnowledgeBase, tmp_path: Path, make_deck: MakeDeck
) -> None:
    deck = make_deck("sampah.pptx", ("Bank sampah", "Warga menabung sampah."))
    members = {"sampah.pptx": deck.read_bytes(), "가로등.md": "# 가로등\n\n전기 요금이 줄었다.", "x.xlsx": b"\0\1" * 99}
    path = zipped(tmp_path / "kota.zip", members)
    reports = pipeline.ingest_files(kb, OPERATOR, walk([path]), IngestOptions(publish=True), pipeline.Watch())
    assert [(r.path, r.outcome) for r in reports] == [
        ("kota.zip: sampah.pptx", Outcome.STORED),
        ("kota.zip: x.xlsx", Outcome.FAILED),
        ("kota.zip: 가로등.md", Outcome.STORED),
    ]
    assert sorted(d.file_name for d in kb.catalog.documents.all({State.PUBLISHED})) == ["sampah.pptx", "가로등.md"]
    assert list((kb.files.home / "tmp").iterdir()) == []


def test_several_decks_cannot_be_the_next_version_of_one(kb: KnowledgeBase, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.md": "# A\n\nisi", "b.md": "# B\n\nisi"})
    first = pipeline.ingest_file(kb, OPERATOR, IngestItem(zipped(tmp_path / "b.zip", {"c.md": "# C\n\nisi"})))
    with pytest.raises(UsageError, match="2 decks cannot be the next version of one"):
        pipeline.ingest_file(kb, OPERATOR, IngestItem(path), IngestOptions(replace=first.document))


HOLD = """
import sys, time
from pathlib import Path
from kb.files import Files
with Files(Path(sys.argv[1])).temporary_folder() as folder:
    (folder / "dek.pdf").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_process_unpacked_is_removed_later_and_a_living_ones_is_not(kb: KnowledgeBase) -> None:
    command = [sys.executable, "-c", HOLD, str(kb.files.home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        folder = Path(holder.stdout.readline().strip())
        long_ago = time.time() - 100_000
        os.utime(folder, (long_ago, long_ago))
        with kb.files.temporary_folder():
            assert (folder.is_dir(), kb.files.abandoned(10)) == (True, [])
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert kb.files.abandoned(10) == [folder]
    with kb.files.temporary_folder():
        assert not folder.exists()
