"""Formats on the command line: archives, wrong names, refusals with a way out."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.flows.conftest import Run
from tests.written import paragraph, write_docx, write_picture


def test_a_zip_file_is_stored_deck_by_deck(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "masuk"
    folder.mkdir()
    write_picture(tmp_path / "pindai.tif", "Kota")
    write_docx(tmp_path / "laporan.docx", paragraph("Lampu jalan", "Judul1") + paragraph("Biaya listrik turun."))
    with zipfile.ZipFile(folder / "kota.zip", "w") as archive:
        for name in ("pindai.tif", "laporan.docx"):
            archive.write(tmp_path / name, f"rapat/{name}")
        archive.writestr("rapat/laporan.toml", 'city = "Kupang"')
        archive.writestr("rapat/data.rtf", "{\\rtf1 x}")
    ran = run("ingest", folder, "--publish", "--json")
    reports = {report["path"]: report for report in ran.json["reports"]}
    assert (ran.code, sorted(reports)) == (
        1,
        ["kota.zip: rapat/data.rtf", "kota.zip: rapat/laporan.docx", "kota.zip: rapat/pindai.tif"],
    )
    assert [reports[f"kota.zip: rapat/{name}"]["outcome"] for name in ("data.rtf", "laporan.docx")] == ["failed", "stored"]
    assert "save it as DOCX or PDF" in reports["kota.zip: rapat/data.rtf"]["issues"][0]["message"]
    assert {d["metadata"]["city"] for d in run("list", "--json").json["documents"]} == {"Kupang", ""}
    assert run("search", "biaya listrik", "--json").json["hits"][0]["page"] == 1
    assert run("verify", "--json").json["sound"] is True


def test_replacing_takes_one_deck_of_an_archive_and_not_several(run: Run, tmp_path: Path) -> None:
    for name, members in (("satu.zip", ["a.md"]), ("dua.zip", ["b.md", "c.md"])):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, f"# {name} {member}\n\nisi")
    first = run("ingest", tmp_path / "satu.zip", "--json").json["reports"][0]
    ran = run("ingest", tmp_path / "dua.zip", "--replace", first["document"], "--json")
    assert (ran.code, "2 decks cannot be the next version of one" in ran.out + ran.err) == (2, True)
