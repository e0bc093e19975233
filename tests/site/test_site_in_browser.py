"""What a reader meets: the built site in a real browser."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

import pytest

import b12lib
from b12lib.publishing.links import Links
from b12lib.publishing.parts import text_page
from b12lib.publishing.text import markdown_html
from b12lib.rooms import room

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Tab = Callable[..., Any]

FACTS = """() => ({
  lang: document.documentElement.lang,
  description: document.querySelector('meta[name=description]')?.content ?? '',
  headings: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]),
  landmarks: ['body > header', 'main', 'body > footer']
    .map(name => document.querySelectorAll(name).length),
  images: [...document.images].map(i => i.alt),
  ids: [...document.querySelectorAll('[id]')].map(e => e.id),
  links: [...document.querySelectorAll('a[href]')].map(a => a.href),
  dead: document.querySelectorAll('script[type^="application/vnd"], .jupyter-widgets').length,
})"""

STUCK = """() => [...document.querySelectorAll('main *')].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && e.clientWidth && e.tabIndex < 0
  && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
).map(e => e.outerHTML.slice(0, 80))"""

WIDER = """() => [...document.querySelectorAll('.table:has(.stack), .stack tbody *')]
  .filter(e => e.clientWidth > 1 && e.scrollWidth > e.clientWidth)
  .map(e => e.outerHTML.slice(0, 120))"""

BROKEN = """() => [...document.querySelectorAll('time, :is(.became, .cites) a, .c-Became code')]
  .filter(e => e.getClientRects().length > 1).map(e => e.outerHTML)"""

COLOURS = """async shot => {
  const image = await createImageBitmap(
    await (await fetch('data:image/png;base64,' + shot)).blob());
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  return new Set(pixels).size;
}"""

LUMINANCE = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parts = (...layers) => {
    for (const colour of layers) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b]
    .map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    const layers = ['white'];
    for (; e; e = e.parentElement) layers.splice(1, 0, getComputedStyle(e).backgroundColor);
    return parts(...layers);
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !e.checkVisibility() || e.closest('script, style, svg')) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const where = `${ratio.toFixed(2)} ${e.tagName}.${e.className}: ${text.slice(0, 30)}`;
    if (ratio < 4.5) poor.push(where);
  }
  return [...new Set(poor)];
}"""


def test_every_page_is_whole(tab: Tab, address: str, names: list[str]) -> None:
    """Language, description, landmarks, one h1, ordered headings, alt texts, unique ids."""
    page = tab()
    for name in names:
        page.goto(address + name)
        facts = page.evaluate(FACTS)
        levels = facts["headings"]
        assert facts["lang"] == "en", name
        assert facts["description"], name
        assert facts["landmarks"] == [1, 1, 1], name
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), (name, levels)
        assert all(facts["images"]), name
        assert not any("No description" in alt for alt in facts["images"]), name
        assert len(set(facts["ids"])) == len(facts["ids"]), name
        assert not facts["dead"], name


def test_nothing_is_loaded_from_elsewhere(tab: Tab, address: str, names: list[str]) -> None:
    """No request leaves loopback, none fails, and the console stays silent."""
    page = tab()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda r: wrong.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for name in names:
        page.goto(address + name)
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert wrong == []


def test_a_case_report_asks_for_nothing(tab: Tab, address: str, names: list[str]) -> None:
    """A report is one file: opening it makes one request."""
    page = tab()
    for name in names:
        if name.startswith("reports/") and name != "reports/index.html":
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(address + name)
            assert [url for url in asked if not url.startswith("data:")] == [address + name]


def test_every_internal_link_leads_somewhere(tab: Tab, address: str, names: list[str]) -> None:
    """Each link inside the site names a page that is there, and an id that is on it."""
    page = tab()
    ids: dict[str, set[str]] = {}
    links: dict[str, list[str]] = {}
    for name in names:
        page.goto(address + name)
        facts = page.evaluate(FACTS)
        ids[address + name] = {"", *facts["ids"]}
        links[name] = [urljoin(page.url, link) for link in facts["links"]]
    dead = [
        (name, link)
        for name, found in links.items()
        for link in found
        if link.startswith(address) and urldefrag(link)[1] not in ids.get(urldefrag(link)[0], ())
    ]
    assert dead == []


def test_pages_work_from_a_folder(tab: Tab, built: Path) -> None:
    """The site needs no server: style and links hold when the files are opened as they are."""
    page = tab()
    page.goto((built / "index.html").as_uri())
    page.get_by_role("link", name="Check the claims").click()
    assert page.locator("h1").inner_text() == "Claim ledger"
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"


def test_no_page_moves_sideways_on_a_telephone(tab: Tab, address: str, names: list[str]) -> None:
    """At 360 pixels only tables and code scroll, each by itself and by keyboard."""
    page = tab(viewport={"width": 360, "height": 740})
    for name in names:
        page.goto(address + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert page.evaluate(STUCK) == [], name
    page.goto(address + "verification.html")
    table = page.get_by_role("region", name="Table: limits")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "role", "label"),
    [
        ("verification.html", "region", "Table: limits"),
        ("notebooks/01-start-here.html", "group", "MMA of this patient, its limits, and people"),
    ],
    ids=["table", "figure"],
)
def test_what_is_cut_shows_that_it_goes_on(
    tab: Tab, address: str, scheme: str, name: str, role: Literal["region", "group"], label: str
) -> None:
    """The right edge of what goes on there is shaded; at the end it is not."""
    still = {"color_scheme": scheme, "reduced_motion": "reduce"}
    page = tab(viewport={"width": 360, "height": 740}, **still)
    page.goto(address + name)
    table = page.get_by_role(role, name=label, exact=True)
    table.evaluate("e => e.scrollIntoView()")
    box = table.bounding_box()
    edge = {"x": box["x"] + box["width"] - 12, "y": box["y"] + 4, "width": 12, "height": 8}

    def colours() -> int:
        shot = base64.b64encode(page.screenshot(clip=edge)).decode()
        return int(page.evaluate(COLOURS, shot))

    assert colours() > 5
    table.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    assert colours() == 1


def test_the_claims_fit_a_small_laptop(tab: Tab, address: str) -> None:
    """At 1200 pixels every column of the claims is seen without scrolling sideways."""
    page = tab(viewport={"width": 1200, "height": 800})
    page.goto(address + "protocol/claims.html")
    wide = "e => e.filter(t => t.scrollWidth > t.clientWidth).length"
    assert page.eval_on_selector_all(".table", wide) == 0


@pytest.mark.parametrize("width", [1200, 800, 360])
def test_a_table_fits_its_page(tab: Tab, address: str, names: list[str], width: int) -> None:
    """Decision tables and catalogues are seen without scrolling sideways, as table or as cards."""
    page = tab(viewport={"width": width, "height": 800})
    for name in names:
        page.goto(address + name)
        assert page.evaluate(WIDER) == [], name
        assert page.evaluate(BROKEN) == [], name


@pytest.mark.parametrize("width", [1200, 360])
def test_a_rule_is_heard_as_part_of_a_table(tab: Tab, address: str, width: int) -> None:
    """As table and as card a rule is two rows: id, conditions and answer; what is said of it."""
    page = tab(viewport={"width": width, "height": 800})
    page.goto(address + "notebooks/01-start-here.html")
    browser = page.context.new_cdp_session(page)
    found = browser.send("Runtime.evaluate", {"expression": "document.querySelector('#TR5')"})
    rule = {"objectId": found["result"]["objectId"]}
    heard = [
        (node["role"]["value"], node["name"]["value"])
        for node in browser.send("Accessibility.queryAXTree", rule)["nodes"]
        if not node["ignored"] and node["role"]["value"] in ("rowgroup", "row", "rowheader", "cell")
    ]
    *conditions, (role, said) = heard
    assert conditions == [
        ("rowgroup", ""),
        ("row", ""),
        ("rowheader", "TR5"),
        ("cell", "immediately"),
        ("cell", "any"),
        *[("cell", "false, unknown")] * 2,
        ("cell", "immediately"),
        ("row", ""),
    ]
    assert role == "cell"
    assert said.startswith("In this case: fires Why: Nothing that is known forbids a dose.")
    assert "Sources: seed C01" in said
    heads = page.get_by_role("table").filter(has=page.locator("#TR5")).get_by_role("columnheader")
    assert heads.count() == 6


@pytest.mark.parametrize(
    "seen",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"media": "print"},
        {"forced_colors": "active"},
    ],
    ids=str,
)
def test_what_became_of_a_rule_is_seen(tab: Tab, tmp_path: Path, seen: dict[str, Any]) -> None:
    """A rule that fires has a solid bar, one that may fire a dotted bar, the others have none."""
    protocol = b12lib.load_protocol()
    why = b12lib.assess({"mma": "90 umol/L", "b12": "500 pmol/L"}).why
    told = "\n\n".join(why(name)._repr_markdown_() for name in ("indication", "neurological"))
    body = markdown_html(told, Links(protocol))
    (tmp_path / "why.html").write_text(text_page(body, protocol, "notebooks", [], root=""), "utf-8")
    shutil.copy(room("site") / "style.css", tmp_path)
    page = tab()
    page.emulate_media(**seen)
    page.goto((tmp_path / "why.html").as_uri())
    bar = "e => getComputedStyle(e).borderInlineStartStyle"
    for fate, style in (("fires", "solid"), ("may-fire", "dotted"), ("calm", "none")):
        heads = page.locator(f"tbody.{fate} th")
        assert heads.count()
        assert {head.evaluate(bar) for head in heads.all()} == {style}
    assert page.evaluate(LUMINANCE) == []


def test_only_what_scrolls_is_a_tab_stop(tab: Tab, address: str) -> None:
    """A table that fits is passed over by Tab, a figure that does not fit is reached."""
    stops = "all => all.filter(e => e.checkVisibility() && e.tabIndex === 0).length"
    page = tab(viewport={"width": 1200, "height": 800})
    page.goto(address + "reports/seed-as-asked.html")
    figure = page.locator(".b12-figure > [role=group]").first
    page.wait_for_function("!document.querySelector('.b12-figure > [tabindex]')")
    assert page.locator(".table").evaluate_all(stops) == 0
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function("document.querySelector('.b12-figure > [tabindex]')")
    assert figure.evaluate("e => e.tabIndex") == 0
    assert page.locator(".table").evaluate_all(stops) == 0
    page = tab(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto(address + "reports/seed-as-asked.html")
    assert page.locator(".table").first.get_attribute("tabindex") == "0"


def test_dark_mode_is_a_button_that_remembers(tab: Tab, address: str) -> None:
    """The keyboard turns the page dark; the next page is dark too; once more makes it light."""
    page = tab(color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    page.goto(address)
    light = page.evaluate(background)
    button = page.get_by_role("button", name="Dark mode")
    assert button.get_attribute("aria-pressed") == "false"
    button.focus()
    page.keyboard.press("Enter")
    dark = page.evaluate(background)
    assert dark != light
    page.goto(address + "protocol/claims.html")
    assert page.evaluate(background) == dark
    assert button.get_attribute("aria-pressed") == "true"
    button.focus()
    page.keyboard.press("Space")
    assert page.evaluate(background) == light


def test_dark_mode_follows_the_system(tab: Tab, address: str) -> None:
    """Who has chosen nothing gets what the system prefers."""
    page = tab(color_scheme="dark")
    page.goto(address)
    assert page.get_by_role("button", name="Dark mode").get_attribute("aria-pressed") == "true"


def test_pages_read_without_javascript(tab: Tab, address: str) -> None:
    """Without scripts all is there but the dark-mode button, and the system's choice holds."""
    page = tab(java_script_enabled=False, color_scheme="dark")
    page.goto(address + "protocol/01-confirmation.html")
    assert page.locator("#DS1").is_visible()
    assert page.get_by_role("navigation", name="Site").is_visible()
    assert page.locator("#theme").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(tab: Tab, address: str, names: list[str], scheme: str) -> None:
    """All visible text has a contrast of at least 4.5 to 1 against what lies behind it."""
    page = tab(color_scheme=scheme)
    for name in names:
        page.goto(address + name)
        assert page.evaluate(LUMINANCE) == [], name


def test_a_rule_that_is_linked_to_stands_out(tab: Tab, address: str) -> None:
    """The address of a rule leads to its row, which is set off."""
    page = tab()
    page.goto(address + "protocol/01-confirmation.html#DS1")
    colour = "getComputedStyle(document.querySelector('#{} td')).backgroundColor"
    assert page.evaluate(colour.format("DS1")) != page.evaluate(colour.format("DS2"))


def test_the_first_tab_stop_skips_to_the_content(tab: Tab, address: str) -> None:
    """The skip link comes first, is seen when focused, and leads to the main part."""
    page = tab()
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_shows_no_navigation(tab: Tab, address: str) -> None:
    """Printed, a page has no navigation, is black on white, and its tables are not cut."""
    page = tab(color_scheme="dark")
    page.goto(address + "protocol/04-treatment.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    overflow = "getComputedStyle(document.querySelector('.table')).overflowX"
    assert page.evaluate(overflow) == "visible"


@pytest.mark.parametrize(
    ("media", "ink"), [("screen", None), ("print", "rgb(0, 0, 0)")], ids=["dark", "paper"]
)
def test_a_figure_has_the_ink_of_the_page(
    tab: Tab, address: str, media: Literal["screen", "print"], ink: str | None
) -> None:
    """In the dark and on paper a figure's text has the colour of the text around it."""
    page = tab(color_scheme="dark")
    page.goto(address + "reports/seed-as-asked.html")
    page.emulate_media(media=media, color_scheme="dark")
    colour = "e => getComputedStyle(e)[e.matches('text') ? 'fill' : 'color']"
    around, *drawn = page.locator("figcaption, .b12-figure text").evaluate_all(
        f"all => [...new Set(all.map({colour}))]"
    )
    assert drawn == []
    assert around == (ink or page.evaluate("getComputedStyle(document.body).color"))


def test_a_figure_scrolls_by_itself_on_a_phone(tab: Tab, address: str) -> None:
    """On a phone a figure is not squeezed until it cannot be read; on paper it fits."""
    page = tab(viewport={"width": 360, "height": 740})
    page.goto(address + "reports/seed-as-asked.html")
    region = page.get_by_role("group", name="MMA of this patient", exact=False).first
    assert region.evaluate("e => e.scrollWidth > e.clientWidth && e.tabIndex === 0")
    size = "e => e.getBoundingClientRect().height"
    assert region.locator("text").first.evaluate(size) >= 10
    page.emulate_media(media="print")
    assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
