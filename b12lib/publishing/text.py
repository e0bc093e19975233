"""Text: Markdown as HTML, with headings for a table of contents, ids and links."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from markupsafe import Markup

from b12lib.publishing.links import Links, source_id
from b12lib.publishing.pages import Heading
from b12lib.publishing.tables import TERM, TableWriter
from b12lib.reading.markdown import parser

if TYPE_CHECKING:
    from markdown_it.token import Token

_LISTED_SOURCE = re.compile(r"\*\*([\w-]+)\*\*: ")


@dataclass(frozen=True, slots=True)
class Body:
    """A text ready for the shell: the top heading it begins with taken out as its title."""

    title: str
    summary: str
    html: Markup
    contents: tuple[Heading, ...]
    ids: frozenset[str]

    def __html__(self) -> str:
        return self.html


def markdown_html(text: str, links: Links) -> Body:
    """Turn Markdown into HTML; the protocol lends labels, units and sources to its tables."""
    writer = Writer(links)
    return writer.body(writer.html(text))


class Writer:
    """Writes one page's Markdown, in one piece or cell by cell; ids stay unique on the page."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.tables = TableWriter(links, self._cell, self._id)
        self.title = ""
        self.summary = ""
        self.contents: list[Heading] = []
        self.used: Counter[str] = Counter()
        self.under = 1
        self.in_output = False
        self.explained: set[str] = set()

    def body(self, html: str) -> Body:
        """Gather what was written."""
        contents = tuple(self.contents)
        return Body(self.title, self.summary, Markup(html), contents, frozenset(self.used))

    def html(self, text: str) -> str:
        """Write a piece of Markdown."""
        from markdown_it.token import Token

        written: list[Token] = []
        stream = iter(parser().parse(text))
        for token in stream:
            if token.type == "heading_open":
                written += self._heading(token, next(stream), next(stream))
            elif token.type == "table_open":
                inside = list(takewhile(lambda t: t.type != "table_close", stream))
                label = self.contents[-1].text if self.contents else self.title
                if _head(inside) == TERM:  # a glossary needs no links to itself
                    self.explained.update(self.links.protocol.glossary)
                table = self.tables.html(inside, label)
                written.append(Token("html_block", "", 0, content=table + "\n"))
            else:
                if token.type == "inline":
                    self.summary = self.summary or _first_sentence(token)
                    self._name_source(written, token)
                    self._inline(token)
                elif token.type in ("fence", "code_block"):
                    code = Markup('<pre tabindex="0"><code>{}</code></pre>\n')
                    token.type, token.content = "html_block", code.format(token.content)
                written.append(token)
        return self._render(written)

    def output(self, text: str) -> str:
        """Write what a cell put out: its headings stand below the heading above the cell."""
        self.in_output = True
        html = self.html(text)
        self.in_output = False
        return html

    def _render(self, tokens: list[Token]) -> str:
        return str(parser().renderer.render(tokens, parser().options, {}))

    def _cell(self, inline: Token) -> str:
        self._inline(inline)
        return self._render([inline])

    def _id(self, wanted: str) -> str:
        self.used[wanted] += 1
        count = self.used[wanted] - 1
        return self._id(f"{wanted}-{count}") if count else wanted

    def _name_source(self, before: list[Token], inline: Token) -> None:
        """Give an item of a report's list of sources its id."""
        found = _LISTED_SOURCE.match(inline.content)
        if found and found[1] in self.links.protocol.references:
            for token in before[-2:]:  # the item and the paragraph in it
                if token.type == "list_item_open":
                    token.attrSet("id", self._id(source_id(found[1])))

    def _heading(self, opening: Token, inline: Token, closing: Token) -> list[Token]:
        """Take a top heading as the title; keep the others in order, each with an id."""
        text = _plain(inline)
        if opening.tag == "h1" and not self.title and not self.contents:
            self.title = text
            return []
        deepest = self.contents[-1].level + 1 if self.contents else 2
        below = self.under - 1 if self.in_output else 0
        level = min(max(int(opening.tag[1]) + below, 2), deepest, 6)
        self.under = self.under if self.in_output else level
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        heading = Heading(level, self._id(slug), text)
        self.contents.append(heading)
        opening.tag = closing.tag = f"h{level}"
        opening.attrSet("id", heading.id)
        self._inline(inline, in_heading=True)
        self.explained = set()  # a term is explained anew in every section
        return [opening, inline, closing]

    def _inline(self, inline: Token, in_heading: bool = False) -> None:
        """Lead links to pages; link rules, sources and terms that the text only names."""
        from markdown_it.token import Token

        self._lead(children := inline.children or [])
        in_link = False
        for position, token in enumerate(children):
            in_link = token.type == "link_open" or (in_link and token.type != "link_close")
            if not in_link and token.type in ("text", "code_inline"):
                write = self.links.sources if token.type == "text" else self.links.rules
                html = write(token.content)
                if not html and token.type == "text" and self.links.explain and not in_heading:
                    html = self.links.terms(token.content, self.explained)
                children[position] = Token("html_inline", "", 0, content=html) if html else token

    def _lead(self, children: list[Token]) -> None:
        for position, token in enumerate(children):
            if token.type != "link_open":
                continue
            inside = takewhile(lambda t: t.type != "link_close", children[position + 1 :])
            text = "".join(child.content for child in inside)
            href = self.links.href(str(token.attrGet("href")), text)
            if href:
                token.attrSet("href", href)
            else:  # nothing to lead to: the words stay, the link goes
                closing = next(t for t in children[position:] if t.type == "link_close")
                token.tag = closing.tag = "span"
                token.attrs = {}


def _head(table: list[Token]) -> str:
    return next(token.content for token in table if token.type == "inline").strip().lower()


def _plain(inline: Token) -> str:
    return "".join(
        child.content or " " * (child.type == "softbreak") for child in inline.children or []
    )


def _first_sentence(inline: Token) -> str:
    """Return the first sentence of a text; of one that is a question in italics, all of it."""
    children = inline.children or []
    if children and children[0].type == "em_open" and children[-1].type == "em_close":
        return _plain(inline).strip()
    return re.split(r"(?<=[.?!])\s", _plain(inline).strip(), maxsplit=1)[0]
