"""Office containers: damaged parts, unsafe XML, relationships."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.load.limits import LoadLimits
from ingest.load.package import Package, PartError, Relationship, parse_xml
from kb.errors import LoadError, TooLarge

BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://x/relationships/slide" Target="../slides/a%20b.xml#top"/>
<Relationship Id="r2" Type="http://x/relationships/image" Target="https://example.org/x.png" TargetMode="External"/>
<Relationship Id="r3" Type="http://x/relationships/theme" Target="/ppt/theme.xml"/></Relationships>"""


def container(path: Path, **parts: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_a_document_type_is_refused_before_its_entities_are_expanded() -> None:
    with pytest.raises(PartError) as caught:
        parse_xml(BOMB)
    assert caught.value.code == "forbidden_doctype"


def test_a_document_type_in_utf16_is_refused_too() -> None:
    with pytest.raises(PartError, match="document type"):
        parse_xml(BOMB.decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"))


def test_forbidden_characters_are_dropped_and_the_rest_read() -> None:
    root, complete = parse_xml(b"<x>a\x0bb&#x1F;c&#11;d&#65;</x>")
    assert (root.text, complete) == ("abcdA", True)


def test_what_stands_before_a_break_is_read() -> None:
    root, complete = parse_xml(b"<x><y>one</y><z>two</")
    assert ([child.text for child in root], complete) == (["one", "two"], False)


def test_bytes_behind_the_end_do_not_matter_to_what_stands_before() -> None:
    root, complete = parse_xml(b"<x><y>one</y></x><z/>")
    assert ([child.text for child in root], complete) == (["one"], False)


def test_strict_namespaces_are_read_as_transitional_ones() -> None:
    root, _ = parse_xml(b'<x xmlns="http://purl.oclc.org/ooxml/drawingml/main"/>')
    assert root.tag == "{http://schemas.openxmlformats.org/drawingml/2006/main}x"


def test_bytes_without_an_element_are_no_xml() -> None:
    with pytest.raises(PartError, match="not XML"):
        parse_xml(b"\xff\xfe\x00")


def test_relationships_are_resolved_and_outside_ones_marked(tmp_path: Path) -> None:
    path = container(tmp_path / "x.pptx", **{"ppt/slides/_rels/slide1.xml.rels": RELATIONS})
    with Package(path, LoadLimits()) as package:
        links = package.relationships("ppt/slides/slide1.xml")
        assert package.relationships("ppt/slides/slide2.xml") == {}
    assert links["r1"] == Relationship("slide", "ppt/slides/a b.xml", external=False)
    assert links["r2"].external
    assert links["r3"].target == "ppt/theme.xml"


def test_part_names_are_compared_without_case_and_with_either_slash(tmp_path: Path) -> None:
    with Package(container(tmp_path / "x.pptx", **{"PPT\\Slide.XML": "<x>y</x>"}), LoadLimits()) as package:
        assert package.xml("ppt/slide.xml").text == "y"


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    path = container(tmp_path / "x.pptx", a="b")
    with Package(path, LoadLimits()) as package, pytest.raises(PartError, match=r"ppt/slide7\.xml") as caught:
        package.read("ppt/slide7.xml")
    assert caught.value.code == "missing_part"


def test_a_part_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.pptx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"one two three")
    path.write_bytes(path.read_bytes().replace(b"one two three", b"one 2wo three", 1))
    with Package(path, LoadLimits()) as package, pytest.raises(PartError) as caught:
        package.read("a")
    assert caught.value.code == "damaged_part"


def test_a_container_that_inflates_too_far_is_refused_unread(tmp_path: Path) -> None:
    path = container(tmp_path / "bomb.pptx", **{"ppt/media/a.bin": b"\0" * 3_000_000})
    assert path.stat().st_size < 10_000
    with pytest.raises(TooLarge, match=r"bomb\.pptx would inflate to 3000000 bytes, the limit is 2000000"):
        Package(path, LoadLimits(max_inflated=2_000_000))


def test_a_cut_container_is_unreadable(tmp_path: Path) -> None:
    path = container(tmp_path / "x.pptx", a="b" * 100)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(LoadError, match=r"x\.pptx"):
        Package(path, LoadLimits())
