"""Links lead to a file and a heading, and the front page leads to what people look for."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FRONT, CHANGES = "README.md", "transforms/CHANGES.md"
GLOSSARY = "data/reference/README.md#glossary"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)

SOUGHT = {
    "run on own exports": "transforms/receive/README.md#exports-in-local-folders",
    "SFTP and S3": "transforms/receive/README.md#exports-over-sftp-and-s3",
    "where P75 is computed": "sql/README.md#where-is-p75-computed",
    "what a reason code means": "data/reference/reasons.md",
    "add a column": "transforms/README.md#how-to-add-a-column",
    "add a vendor departure": "transforms/README.md#how-to-add-a-vendor-departure",
    "add a language": "transforms/report/README.md#how-to-add-a-language",
    "write a query": "transforms/query/README.md#with-drlake",
    "what may be published": "sql/models/public/_disclosure.md",
}
"""What people look for, and where they must get in at most two links from the front page."""


def pages() -> list[str]:
    """Every tracked Markdown file, by its path below the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]


PAGES = pages()


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def links(page: str) -> list[str]:
    """The relative links of a page as paths below the repository, anchors included."""
    text = CODE.sub("", FENCE.sub("", text_of(page)))
    found = []
    for link in LINK.findall(text):
        if not re.match(r"[a-z]+:", link):
            path, hash_, anchor = link.partition("#")
            target = (ROOT / page).parent / path if path else ROOT / page
            found.append(f"{target.resolve().relative_to(ROOT).as_posix()}{hash_}{anchor}")
    return found


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@cache
def anchors(page: str) -> frozenset[str]:
    """The anchors of a page; a heading that occurs again gets a number."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text_of(page))):
        name = slug(heading)
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return frozenset(found)


def leads_nowhere(link: str) -> bool:
    """Whether the file of a link is missing, or the heading in it."""
    path, _, anchor = link.partition("#")
    if anchor and path.endswith(".md") and (ROOT / path).is_file():
        return anchor not in anchors(path)
    return not (ROOT / path).is_file()


def within_two_links() -> set[str]:
    """What the front page links to, and what those pages link to or have as a heading."""
    first = set(links(FRONT))
    opened = {link.partition("#")[0] for link in first}
    found = first | opened
    for page in opened & set(PAGES):
        found |= {f"{page}#{anchor}" for anchor in anchors(page)}
        found |= {link for one in links(page) for link in (one, one.partition("#")[0])}
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    assert [link for link in links(page) if leads_nowhere(link)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if Path(page).name == "README.md"])
def test_every_readme_links_the_glossary(page: str) -> None:
    assert GLOSSARY in links(page) or f"{page}#glossary" == GLOSSARY


@pytest.mark.parametrize("what", SOUGHT)
def test_it_is_two_links_from_the_front_page(what: str) -> None:
    assert not leads_nowhere(SOUGHT[what])
    assert SOUGHT[what] in within_two_links()


def test_the_front_page_is_short() -> None:
    lines = text_of(FRONT).splitlines()
    assert len(lines) <= 130
    assert [line for line in lines if len(line) > 160] == []


def test_the_front_page_repeats_the_newest_changes() -> None:
    newest = [line for line in text_of(CHANGES).splitlines() if line.startswith("- ")][:5]
    shown = [line for line in text_of(FRONT).splitlines() if line.startswith("- 20")]
    assert shown == newest


def test_a_slug_is_the_one_of_github() -> None:
    assert slug("Where is P75 computed") == "where-is-p75-computed"
    assert slug("What leaves the building, and why") == "what-leaves-the-building-and-why"
    assert slug("`drlake run`: one [line](x.md)") == "drlake-run-one-line"


def test_a_broken_link_is_found() -> None:
    assert leads_nowhere("sql/missing.md")
    assert leads_nowhere("sql/README.md#no-such-heading")
    assert not leads_nowhere("sql/README.md#where-is-p75-computed")
