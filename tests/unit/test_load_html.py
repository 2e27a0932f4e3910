"""Web pages: sections as pages, the words that people read, whatever the encoding; nothing fetched."""

from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load import LoadLimits, load
from ingest.load.markup import BlockParser
from kb.errors import LoadError, TooLarge
from kb.types import LoadedFile

TAGS = [
    "p",
    "div",
    "h1",
    "h3",
    "table",
    "tr",
    "td",
    "/td",
    "/tr",
    "/table",
    "/div",
    "li",
    "br",
    "/p",
    "caption",
    "pre",
    "/pre",
]
PAGE = """<!DOCTYPE html><html><head><title>Lampu jalan</title><meta name="author" content="Budi Santoso">
<style>p {color: red}</style><script>var rahasia = "<p>bukan teks</p>";</script></head>
<body><nav><ul><li>Beranda</li></ul></nav>
<h1>Lampu jalan pintar</h1><p>Biaya listrik
turun <b>40 %</b>.</p><ul><li>Satu<li>Dua</ul>
<h2>Angka</h2><table><caption>Lampu LED</caption><tr><th>Tahun<th>LED<tr><td>2019<td><p>4.200</p></table>
<img src="peta.png" alt="Peta kota"><img src="x.png" alt="x.png">
<div style="display: none">tersembunyi</div><h3>Catatan</h3><pre>a  b
c</pre>Sumber: APBD<br>2019</body></html>"""


def read(folder: Path, content: str | bytes, name: str = "halaman.html") -> LoadedFile:
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return load(folder / name)


def texts(loaded: LoadedFile) -> list[list[tuple[str, str]]]:
    return [[(segment.kind.value, segment.text) for segment in page.segments] for page in loaded.pages]


def test_sections_are_pages_and_noise_is_left_out(tmp_path: Path) -> None:
    loaded = read(tmp_path, PAGE)
    assert texts(loaded) == [
        [
            ("title", "Lampu jalan pintar"),
            ("body", "Biaya listrik turun 40 %."),
            ("body", "Satu"),
            ("body", "Dua"),
        ],
        [
            ("title", "Angka"),
            ("body", "Lampu LED"),
            ("table", "Tahun | LED\n2019 | 4.200"),
            ("alt", "Peta kota"),
            ("body", "Catatan"),
            ("body", "a b\nc"),
            ("body", "Sumber: APBD\n2019"),
        ],
    ]
    assert (loaded.metadata.title, loaded.metadata.speaker) == ("Lampu jalan", "Budi Santoso")
    assert (loaded.media_type, [page.title for page in loaded.pages]) == ("text/html", ["Lampu jalan pintar", "Angka"])


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", ""),
        ("utf-8-sig", '<meta charset="latin-1">'),
        ("utf-16", ""),
        ("cp949", '<meta charset="euc-kr">'),
        ("cp949", '<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">'),
        ("cp949", ""),
        ("utf-8", '<meta charset="no-such-thing">'),
        ("shift_jis", '<meta charset="Shift_JIS">'),
    ],
)
def test_encodings_are_told_by_mark_statement_or_bytes(tmp_path: Path, encoding: str, stated: str) -> None:
    words = "道路の照明" if encoding == "shift_jis" else "스마트 가로등"
    loaded = read(tmp_path, f"<html><head>{stated}</head><body><p>{words}</p></body></html>".encode(encoding))
    assert texts(loaded) == [[("body", words)]]


def test_tags_that_nobody_closed_lose_nothing(tmp_path: Path) -> None:
    loaded = read(tmp_path, "<html><head><title>T</title><body><h1>Satu<p hidden>a<p>b<table><tr><td>c<td>d<h2>Dua<p>e")
    words = " ".join(text for page in texts(loaded) for _, text in page)
    assert words.split() == ["Satu", "a", "b", "c", "|", "d", "Dua", "e"]


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.text("abc", min_size=1, max_size=3)), max_size=30))
def test_however_tags_are_nested_every_word_is_kept_once(pieces: list[tuple[str, str]]) -> None:
    parser = BlockParser()
    parser.feed("".join(f"<{tag}> {word} " for tag, word in pieces))
    parser.close()
    found = " ".join(block.text for block in parser.blocks).replace("|", " ").split()
    assert Counter(found) == Counter(word for _, word in pieces)


def test_a_page_laid_out_with_tables_keeps_its_words(tmp_path: Path) -> None:
    inner = "<table><tr><td>Tahun</td><td>2019</td></tr></table>"
    loaded = read(tmp_path, f"<html><table><tr><td>Kiri</td><td>Kanan {inner} bawah</td></tr></table></html>")
    words = " ".join(text for page in texts(loaded) for _, text in page)
    assert sorted(word for word in words.split() if word != "|") == ["2019", "Kanan", "Kiri", "Tahun", "bawah"]


def test_a_saved_page_with_its_pictures_is_read(tmp_path: Path) -> None:
    mail = (
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html; charset=euc-kr\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "PGh0bWw+PHA+sKG3zrXuPC9wPjwvaHRtbD4=\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )
    loaded = read(tmp_path, mail, "halaman.mhtml")
    assert (loaded.media_type, texts(loaded)) == ("multipart/related", [[("body", "가로등")]])


def test_nothing_is_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        link = f'<link rel="stylesheet" href="{address}/a.css"><img src="{address}/a.png"><iframe src="{address}"></iframe>'
        assert texts(read(tmp_path, f"<html>{link}<p>isi</p></html>")) == [[("body", "isi")]]
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("content", ["<html></html>", "<html><script>x</script></html>", "<html><nav>menu</nav></html>"])
def test_a_page_without_text_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(LoadError, match=r"halaman\.html is a web page without text"):
        read(tmp_path, content)


def test_the_page_limit_holds(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html>" + "<h1>x</h1><p>y</p>" * 3)
    with pytest.raises(TooLarge, match="has 3 pages, the limit is 2"):
        load(tmp_path / "a.html", LoadLimits(max_pages=2))


def test_markup_in_text_stays_text(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "<html><p>&lt;script&gt;alert(1)&lt;/script&gt;</p></html>")) == [
        [("body", "<script>alert(1)</script>")]
    ]
