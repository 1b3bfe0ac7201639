"""The figures in README exist, are self-contained, and run no script."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from transforms.report.readme_figures import FIGURES, FOLDER
from transforms.settings import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_readme_shows_every_figure_with_words_for_those_who_do_not_see_it() -> None:
    shown = dict(re.findall(r"!\[(.+?)\]\((.+?)\)", README))
    assert set(shown.values()) == {f"data/figures/{name}" for name in FIGURES}
    assert all(len(words.split()) > 5 for words in shown)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_a_drawing_and_nothing_else(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    drawing = ElementTree.fromstring(text)  # noqa: S314 - our own file
    tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    assert {"svg", "title", "desc", "text"} <= tags
    assert not tags & {"script", "foreignObject", "image", "use", "a", "style"}
    assert "href" not in text
