"""Pictures as pages: counted, turned upright, in plain colours, never beyond the memory."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from ingest import bitmap
from ingest.load import LoadLimits, load
from ingest.render import render_pages
from ingest.wire import ReadRequest
from kb.errors import LoadError, TooLarge
from kb.types import Issue, LoadedFile, Reading
from tests.written import write_picture

ORIENTATION = 0x0112
RED, BLUE = (220, 20, 20), (20, 20, 220)


def drawn(folder: Path, source: Path, loaded: LoadedFile) -> list[Issue | None]:
    (folder / "pictures").mkdir()
    return list(render_pages(ReadRequest(source, (), folder / "pictures", 10**9), loaded))


def picture(folder: Path, number: int = 1, size: str = "large") -> Image.Image:
    with Image.open(folder / "pictures" / f"{number}-{size}.webp") as image:
        return image.convert("RGB")


def near(one: object, other: tuple[int, int, int]) -> bool:
    return isinstance(one, tuple) and all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


def halves(size: tuple[int, int] = (400, 200)) -> Image.Image:
    """The left half red, the right half blue."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    return image


def huge_png(path: Path, side: int) -> Path:
    """A small PNG that claims ``side`` x ``side`` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b""))
    return path


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "webp", "bmp", "gif"])
def test_every_format_is_one_page_without_text_and_is_drawn_from_itself(tmp_path: Path, ending: str) -> None:
    source = write_picture(tmp_path / f"pindai.{ending}", "Kota Contoh")
    source = source.rename(tmp_path / "pindai.pdf")  # the name tells nothing
    loaded = load(source)
    (page,) = loaded.pages
    assert (page.segments, page.has_text, page.reading, page.title) == ((), False, Reading.NOTHING, "")
    assert [(issue.page, issue.code) for issue in loaded.issues] == [(1, "no_text")]
    assert loaded.media_type == f"image/{ {'jpg': 'jpeg', 'tif': 'tiff'}.get(ending, ending) }"
    assert drawn(tmp_path, source, loaded) == [None]
    assert (picture(tmp_path).size, picture(tmp_path, 1, "small").size) == ((800, 400), (480, 240))
    assert picture(tmp_path).convert("L").getextrema()[0] < 90


def test_a_tiff_of_three_pages_is_three_pages_each_with_its_picture(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (300, 200), colour) for colour in (RED, BLUE, "white")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    loaded = load(tmp_path / "a.tif")
    assert [page.number for page in loaded.pages] == [1, 2, 3]
    assert drawn(tmp_path, tmp_path / "a.tif", loaded) == [None] * 3
    assert [near(picture(tmp_path, n).getpixel((9, 9)), c) for n, c in ((1, RED), (2, BLUE))] == [True, True]
    with pytest.raises(TooLarge, match=r"a\.tif has 3 pages, the limit is 2"):
        load(tmp_path / "a.tif", LoadLimits(max_pages=2))


def test_an_animation_is_one_page(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in (RED, BLUE)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert len(load(tmp_path / "a.gif").pages) == 1


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_a_picture_is_turned_as_its_camera_meant(tmp_path: Path, ending: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # a quarter turn clockwise: the left half comes to the top
    halves().save(tmp_path / f"a.{ending}", exif=exif)
    image = bitmap.frame(tmp_path / f"a.{ending}", 0, (1280, 8000))
    assert image.size == (200, 400)
    assert near(image.getpixel((100, 50)), RED)
    assert near(image.getpixel((100, 350)), BLUE)


def test_colours_come_out_plain(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 20), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("I;16", (40, 20), 0xFFFF).save(tmp_path / "deep.png")
    Image.new("CMYK", (40, 20), (0, 0, 0, 0)).save(tmp_path / "print.jpg")
    Image.new("1", (40, 20), 1).save(tmp_path / "fax.tif", compression="group4")
    found = [bitmap.frame(tmp_path / name, 0, (40, 40)) for name in ("clear.png", "deep.png", "print.jpg", "fax.tif")]
    assert [(image.mode, image.getpixel((5, 5))) for image in found] == [("RGB", (255, 255, 255))] * 4


def test_large_and_narrow_pictures_are_made_smaller(tmp_path: Path) -> None:
    halves((5000, 2500)).save(tmp_path / "wide.jpg")
    Image.new("RGB", (100, 20_000)).save(tmp_path / "narrow.png")
    assert bitmap.frame(tmp_path / "wide.jpg", 0, (1280, 8000)).size == (1280, 640)
    assert bitmap.frame(tmp_path / "narrow.png", 0, (1280, 8000)).size == (40, 8000)


@pytest.mark.parametrize("side", [20_000, 12_300])
def test_a_picture_of_too_many_pixels_is_refused_undecoded(tmp_path: Path, side: int) -> None:
    with pytest.raises(TooLarge, match=r"a\.png is too large a picture .*; at most 150 million pixels") as caught:
        load(huge_png(tmp_path / "a.png", side))
    assert "5,000 pixels" in caught.value.remedy


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "webp", "bmp", "gif"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_cut_picture_is_a_named_error_or_a_card_with_an_issue(tmp_path: Path, ending: str, share: float) -> None:
    source = write_picture(tmp_path / f"a.{ending}", "Kota")
    source.write_bytes(source.read_bytes()[: max(20, int(source.stat().st_size * share))])
    try:
        loaded: LoadedFile | LoadError = load(source)
    except LoadError as error:
        loaded = error
    if isinstance(loaded, LoadError):
        assert f"a.{ending}" in loaded.message
        return
    issues = drawn(tmp_path, source, loaded)
    assert [issue.code for issue in issues if issue] in ([], ["picture_failed"])
    assert picture(tmp_path).width <= 1280
