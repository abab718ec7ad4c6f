"""Feeds as they come: Atom, RSS, RDF, broken, hostile."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.common.text import FORBIDDEN
from promises.discovery.parsing import Entry, NoFeed, plain_text, read_feed
from promises.discovery.rules import LARGEST_BROKEN, LONGEST_SUMMARY, LONGEST_TITLE, MOST_ENTRIES

TODAY = date(2026, 3, 2)
URL = "https://court.example.org/news/feed.xml"


def read(content: str | bytes, media_type: str = "application/xml") -> list[Entry]:
    raw = content.encode() if isinstance(content, str) else content
    return read_feed(raw, url=URL, media_type=media_type, today=TODAY)


def rss(items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Example</title>'
        f"<link>https://court.example.org/</link>{items}</channel></rss>"
    )


def item(**fields: str) -> str:
    values = {"title": "Example story", "link": "https://court.example.org/1", **fields}
    return f"<item>{''.join(f'<{name}>{text}</{name}>' for name, text in values.items())}</item>"


def test_rss() -> None:
    assert read(
        rss(
            item(
                guid="tag:example.org,2026:1",
                pubDate="Sun, 01 Mar 2026 23:30:00 -0500",
                description="&lt;p&gt;Bail was &lt;b&gt;set&lt;/b&gt;.&lt;/p&gt;",
            )
        )
    ) == [
        Entry(
            guid="tag:example.org,2026:1",
            url="https://court.example.org/1",
            title="Example story",
            summary="Bail was set.",
            # In UTC it was the next day.
            published_on=date(2026, 3, 2),
        )
    ]


def test_atom() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title>
        <entry><id>tag:example.org,2026:1</id><title type="html">A &amp;amp; B</title>
        <link rel="alternate" href="/memo/1"/><updated>2026-02-28T10:00:00Z</updated>
        <summary>Short.</summary></entry></feed>"""
    assert read(atom, "application/atom+xml") == [
        Entry(
            guid="tag:example.org,2026:1",
            url="https://court.example.org/memo/1",
            title="A & B",
            summary="Short.",
            published_on=date(2026, 2, 28),
        )
    ]


def test_rdf() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <item rdf:about="https://court.example.org/2"><title>Two</title>
        <link>https://court.example.org/2</link><dc:date>2026-01-15</dc:date></item></rdf:RDF>"""
    (entry,) = read(rdf)
    assert (entry.url, entry.title) == ("https://court.example.org/2", "Two")
    assert entry.published_on == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("given_day", "day"),
    [
        ("Mon, 02 Mar 2026 10:00:00 GMT", date(2026, 3, 2)),
        ("Tue, 03 Mar 2026 10:00:00 GMT", date(2026, 3, 3)),
        ("Wed, 04 Mar 2026 10:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Sun, 31 Feb 2026 10:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_that_cannot_be_are_left_out(given_day: str, day: date | None) -> None:
    (entry,) = read(rss(item(pubDate=given_day)))
    assert entry.published_on == day


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/opinions/1.pdf", "https://court.example.org/opinions/1.pdf"),
        ("2.html", "https://court.example.org/news/2.html"),
        ("//other.example.org/3", "https://other.example.org/3"),
    ],
)
def test_relative_links_are_made_whole(link: str, url: str) -> None:
    (entry,) = read(rss(item(link=link)).replace("<link>https://court.example.org/</link>", ""))
    assert entry.url == url


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/x",
        "https://user:secret@example.org/", "https://localhost/x", "mailto:a@example.org",
        f"https://example.org/{'a' * 1000}",
    ],
)  # fmt: skip
def test_an_entry_that_leads_to_no_web_page_is_left_out(link: str) -> None:
    assert read(rss(item(link=link) + item(link="https://court.example.org/2"))) == [
        Entry(
            guid="https://court.example.org/2",
            url="https://court.example.org/2",
            title="Example story",
            summary="",
            published_on=None,
        )
    ]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;Bail", "Bail"),
        ("&lt;img src=x onerror=alert(1)&gt;Bail", "Bail"),
        ("<![CDATA[<b>Bail</b> &amp; more]]>", "Bail & more"),
        ("Bail\n  reform\t now", "Bail reform now"),
        ("Bail&#x202E; reform&#xFFFF;", "Bail reform"),
        ("Ba\u200bil\ufeff re\u2060form", "Bail reform"),
        ("\u0645\u06cc\u200c\u0631\u0648\u062f", "\u0645\u06cc\u200c\u0631\u0648\u062f"),
        ("Bail \x07\x0b reform", "Bail reform"),
    ],
)
def test_titles_are_plain_text(title: str, shown: str) -> None:
    (entry,) = read(rss(item(title=title)))
    assert entry.title == shown


def test_long_texts_are_cut() -> None:
    (entry,) = read(rss(item(title="a" * 5000, description="b " * 5000, guid="g" * 5000)))
    assert len(entry.title) == LONGEST_TITLE
    assert entry.title.endswith("…")
    assert LONGEST_SUMMARY - 1 <= len(entry.summary) <= LONGEST_SUMMARY
    assert len(entry.guid) == 64


def test_the_same_entry_twice_is_one_and_a_huge_feed_is_cut() -> None:
    assert len(read(rss(item(guid="a") + item(guid="a")))) == 1
    many = "".join(item(guid=str(number)) for number in range(MOST_ENTRIES + 50))
    assert len(read(rss(many))) == MOST_ENTRIES


LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
ENTITIES = {
    "XXE": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "XXE of the web": '<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>',
    "parameters": '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]>',
    "billion laughs": LAUGHS,
    "quadratic": f'<!DOCTYPE r [<!ENTITY x "{"a" * 10000}">]>',
}


@pytest.mark.parametrize("prolog", ENTITIES.values(), ids=ENTITIES)
def test_entities_are_refused(prolog: str) -> None:
    body = rss(item(title="&x;")).removeprefix('<?xml version="1.0"?>')
    with pytest.raises(NoFeed):
        read(prolog + body)
    with pytest.raises(NoFeed):
        read("broken < " + prolog + body)


def test_a_doctype_alone_is_no_reason() -> None:
    netscape = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "x.dtd">'
    body = rss(item()).removeprefix('<?xml version="1.0"?>')
    assert [entry.title for entry in read(netscape + body)] == ["Example story"]


def test_deep_nesting_is_refused_before_anything_is_built() -> None:
    deep = b"<rss><channel>" + b"<a>" * 400_000
    before = process_time()
    with pytest.raises(NoFeed, match="deeper"):
        read(deep)
    assert process_time() - before < 5


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 100, b"not a feed", b"<html><body>Log in</body></html>", b"{}",
        b"\xff\xfe<\x00r\x00", b"%PDF-1.7",
        b"<" * LARGEST_BROKEN, b"&" * (LARGEST_BROKEN + 1), b"<rss><channel>" + b"<" * 400_000,
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(NoFeed):
        read(content)


def test_small_faults_are_mended() -> None:
    broken = rss(item(title="Fish & chips &nbsp; more")).replace("</channel>", "")
    assert [entry.title for entry in read(broken)] == ["Fish & chips more"]


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss("")) == []


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: rss(item(title=text)).encode())
)
def test_no_bytes_break_it(content: bytes) -> None:
    try:
        entries = read(content)
    except NoFeed:
        return
    for entry in entries:
        assert entry.title
        assert not any(FORBIDDEN.search(text) for text in (entry.title, entry.summary, entry.guid))


@given(st.text(max_size=400), st.integers(1, 50))
def test_plain_text_is_short_and_in_one_line(value: str, longest: int) -> None:
    text = plain_text(value, longest)
    assert len(text) <= longest
    assert text == " ".join(text.split())
