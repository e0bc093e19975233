"""How Markdown and notebooks become pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import b12lib
from b12lib.publishing import site
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.own_process import ENGINE, processes
from b12lib.publishing.pages import notices
from b12lib.publishing.report import execute, report_html
from b12lib.publishing.text import markdown_html
from b12lib.rooms import room
from b12lib.showing.levels import Level

HERE = Links(b12lib.load_protocol())
LONE = replace(HERE, prefix=None)
TABLE = """
| U | mma_level | deficiency_status | rationale | sources |
|:---:|:---:|:---:|---|---|
| | `i` | `o` | `a` | `a` |
| DS1 | "raised", unknown | "confirmed" | Why. | @seed C02; @nice2024 |
"""


def test_the_top_heading_becomes_the_title() -> None:
    """Later top headings come one level down, and no level is skipped."""
    body = markdown_html("# One\n\nFirst sentence. Second.\n\n# Two\n\n#### Three", HERE)
    assert (body.title, body.summary) == ("One", "First sentence.")
    assert [(h.level, h.id) for h in body.contents] == [(2, "two"), (3, "three")]
    assert "<h1" not in body.html


def test_a_term_is_linked_at_its_first_use_in_a_section() -> None:
    """Each section explains a term once; code, headings, links and other pages are left alone."""
    text = (
        "## MMA\n\nMMA, MMA, `MMA`, [MMA](claims.md) and @mayo-mma.\n\n"
        "## More\n\n*Pancytopenia* & MMA.\n\n| a |\n|---|\n| MMA, film |\n"
    )
    html = markdown_html(text, replace(HERE, explain=True)).html
    link = '<a class="term" href="glossary.html#term-{}" title="{}">{}</a>'
    meaning = {name: term.plain for name, term in HERE.protocol.glossary.items()}
    mma = link.format("MMA", meaning["MMA"], "MMA")
    assert html.count(mma) == 2
    assert f"<p>{mma}, MMA, <code>MMA</code>" in html
    assert link.format("pancytopenia", meaning["pancytopenia"], "Pancytopenia") in html
    assert f"</em> &amp; {mma}." in html
    assert f"MMA, {link.format('film', meaning['film'], 'film')}" in html
    assert 'class="term"' not in markdown_html(text, HERE).html
    assert 'class="term"' not in markdown_html(text, replace(LONE, explain=True)).html


def test_a_glossary_is_not_linked_to_itself() -> None:
    """A table that explains words has a place for each of them, and no link to it."""
    text = "## Glossary\n\n| Term | What |\n|---|---|\n| active B12 | Of vitamin B12. |\n"
    html = markdown_html(text, replace(HERE, explain=True)).html
    assert 'id="term-active-B12"' in html
    assert 'class="term"' not in html


def test_heading_ids_are_those_of_git_hosts() -> None:
    """Punctuation goes, spaces turn to hyphens, a second one is counted."""
    body = markdown_html("## Serum B12, so far!\n\n## Serum B12, so far!", HERE)
    assert [heading.id for heading in body.contents] == ["serum-b12-so-far", "serum-b12-so-far-1"]


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("[x](04-treatment.md#regimen)", "04-treatment.html#regimen"),
        ("[claim C02](claims.md)", "claims.html#C02"),
        ("[x](references.bib)", "references.html"),
        ("[x](../README.md)", "../index.html"),
        ("[x](profiles)", "profiles/index.html"),
        ("[x](profiles/uk-bnf/README.md)", "profiles/uk-bnf/README.html"),
        ("[x](../uk-licence/README.md)", "../uk-licence/README.html"),
        ("[x](../../04-treatment.md#treat-now)", "../../04-treatment.html#treat-now"),
        ("[x](cases)", "../reports/index.html"),
        ("[x](../protocol/cases/seed.yaml)", "../reports/seed.html"),
        ("[x](../notebooks/a.ipynb)", "../notebooks/a.html"),
        ("[x](https://ucum.org/a.md)", "https://ucum.org/a.md"),
        ("[x](#here)", "#here"),
    ],
)
def test_links_between_files_become_links_between_pages(written: str, leads_to: str) -> None:
    """A link that works on a git host works on the site."""
    assert f'<a href="{leads_to}">' in markdown_html(written, HERE).html


def test_a_lone_file_links_to_no_other_page() -> None:
    """Without pages nearby the words of a link stay, and the web is still linked."""
    html = markdown_html("[a](claims.md) [b](https://ucum.org)", LONE).html
    assert html == '<p><span>a</span> <a href="https://ucum.org">b</a></p>\n'


def test_a_citation_reads_the_same_everywhere() -> None:
    """In a table and in a sentence a source is its key, where in it, and its standing."""
    html = markdown_html("| Sources |\n|---|\n| @seed C12 |\n\nSo @seed C12 says.", LONE).html
    assert html.count("seed C12") == 2
    assert "@seed" not in html


def test_how_far_a_source_was_verified_is_said_once() -> None:
    """A citation that says it in words has it as a mark on a page, not twice."""
    html = markdown_html("So *@nice2024 chapter 1 (secondary); @bnf (secondary).*", HERE).html
    assert html.count(">secondary<") == 2
    assert "(secondary)" not in html


def test_a_lone_page_links_to_what_it_holds_itself() -> None:
    """Citations lead to the page's own sources and claims; what it lacks stays text."""
    text = "- **seed**: A page.\n\n| Claim | x |\n|---|---|\n| C12 | y |\n\n@seed C12 C13; @bnf"
    html = markdown_html(text, replace(LONE, here=markdown_html(text, LONE).ids)).html
    assert '<li id="source-seed">' in html
    assert '<tr role="row" id="C12">' in html
    assert re.search(r'<a href="#source-seed"[^>]*>seed</a> <a href="#C12">C12</a> C13', html)
    assert "; bnf" in html


def test_a_summary_is_text() -> None:
    """What search results show of a page holds no markup, even where its text cites a source."""
    assert markdown_html("# One\n\nAs @seed C12 says. More.", HERE).summary == "As @seed C12 says."
    question = "*Treatment is due. How often is it injected?*"
    assert markdown_html(f"# One\n\n{question}", HERE).summary == question.strip("*")


def test_a_file_without_a_page_is_named_not_linked() -> None:
    """The repository holds more than the site shows."""
    assert "<a" not in markdown_html("[how to help](../CONTRIBUTING.md)", HERE).html


def test_a_decision_table_explains_itself() -> None:
    """The second row turns into words; labels, rule ids, sources and their standing are linked."""
    html = markdown_html("## Status\n" + TABLE, HERE).html
    assert 'role="region" aria-label="Table: Status" tabindex="0"' in html
    assert '<tbody role="rowgroup" id="DS1">' in html
    assert "decides" in html
    assert "<code>i</code>" not in html
    assert '<a href="decisions.html#mma_level" title="mma_level">MMA level</a>' in html
    assert '<q>raised</q>, <span class="unknown">unknown</span>' in html
    assert '<a href="claims.html#C02">C02</a>' in html
    assert 'references.html#nice2024"' in html
    assert '<span class="status secondary">secondary</span>' in html


def test_a_rule_has_its_annotations_below_it() -> None:
    """A rule is a group of two rows: conditions and answers, then all that is said of it."""
    head = "| U | mma_level | **deficiency_status** | why | says | sources | In this case |"
    rule = '| {} | "raised" | **"confirmed"** | W. | S. | @seed C02 | {} |\n'
    fates = {"DS1": "**fires**", "DS2": "may fire", "DS3": "no: mma_level is normal"}
    rows = "".join(rule.format(*pair) for pair in fates.items())
    html = markdown_html(f"{head}\n|---|---|---|---|---|---|---|\n{rows}", HERE).html
    groups = re.findall(
        r'<tbody role="rowgroup" id="(\w+)" class="([\w-]+)">(.*?)</tbody>', html, re.S
    )
    assert [group[:2] for group in groups] == [
        ("DS1", "fires"),
        ("DS2", "may-fire"),
        ("DS3", "calm"),
    ]
    for _, _, group in groups:
        conditions, notes = group.split("<tr")[1:]
        assert 'role="rowheader" scope="rowgroup" rowspan="2"' in conditions
        assert re.findall('data-label="(.*?)"', conditions) == [
            HERE.protocol.dictionary[name].label for name in ("mma_level", "deficiency_status")
        ]
        assert 'colspan="2"' in notes
        assert re.findall("<dt.*?>(.*?)</dt>", notes) == ["In this case", "Why", "Says", "Sources"]
    assert "In this case</th>" not in html


def test_a_card_names_the_unit_of_its_limit() -> None:
    """Where a cell is shown behind the name of its column, the unit stands with the name."""
    head = "| U | haemoglobin | anaemia | rationale | sources |"
    marks = "| | `i` | `o` | `a` | `a` |"
    rule = "| AN1 | < 120 | true | Why. | @seed |"
    html = markdown_html(f"{head}\n|---|---|---|---|---|\n{marks}\n{rule}\n", HERE).html
    assert 'data-label="Haemoglobin, g/L">&lt; 120</td>' in html


def test_a_date_is_marked_so_that_no_line_breaks_it() -> None:
    """Dates in heads and cells are times; the names of cells hold the bare date."""
    html = markdown_html("| Day | 2026-03-02 |\n|---|---|\n| a | to 2026-03-09 |\n", HERE).html
    assert re.findall("<time>(.*?)</time>", html) == ["2026-03-02", "2026-03-09"]
    assert 'data-label="2026-03-02"' in html


def test_a_claim_leads_to_what_it_became() -> None:
    """The ledger's page links the rules, regimens and schedule rows, or else what cites a claim."""
    head = "| id | claim | verdict | what primary sources say | what follows | sources |"
    rows = "".join(
        f"| {id_} | c | partly | s | f | @seed |\n" for id_ in ("C35", "C13", "D2", "D5")
    )
    html = markdown_html(f"## Claims\n\n{head}\n|---|---|---|---|---|---|\n{rows}", HERE).html
    assert '<a href="07-follow-up.html#MO4" title="' in html
    assert '<a href="schedule.html#yearly">yearly</a>' in html
    assert '<a href="regimens.html#alternate-days">alternate-days</a>' in html
    assert '<a href="inputs.html#mma_fold">mma_fold</a>' in html
    assert '<p class="became"></p>' in html


def test_a_source_lists_its_claims(tmp_path: Path) -> None:
    """The page of references says when each was looked at, and which claims rest on it."""
    (tmp_path / "protocol").mkdir()
    site._references(tmp_path, HERE.protocol, [], date(2026, 11, 22))
    html = (tmp_path / "protocol" / "references.html").read_text(encoding="utf-8")
    assert "Last looked at: 2026-11-22." in html
    assert 'Claims: <a href="claims.html#C03">C03</a>, ' in html


def test_raw_html_stays_text() -> None:
    """What looks like a tag in a text or a cell is shown, not obeyed."""
    evil = "<script>alert(1)</script> @seed <b>x</b>"
    table = f"| sources | verdict |\n|---|---|\n| {evil} | {evil} |"
    html = markdown_html(f"# {evil}\n\n## {evil}\n\n{evil}\n\n{table}", HERE).html
    assert "<script" not in html
    assert "<b>" not in html


def test_a_notebook_shows_what_stands_in_for_a_widget(sample_notebook: Any) -> None:
    """A widget's Python name is not shown where something better is."""
    html = notebook_html(sample_notebook, HERE).html
    assert "VBox" not in html
    assert "widget" not in html
    assert "<p>static</p>" in html
    assert 'alt="A line that rises"' in html


def test_headings_put_out_stand_below_the_text(sample_notebook: Any) -> None:
    """A heading in an output is one level below the heading that its cell stands under."""
    levels = [(h.text, h.level) for h in notebook_html(sample_notebook, HERE).contents]
    assert levels[1:] == [("One that skips a level", 3), ("In it", 4)]


def test_a_report_hides_its_code(sample_notebook: Any) -> None:
    """With the code hidden no source is left."""
    assert "given" in notebook_html(sample_notebook, HERE).html
    assert "given" not in notebook_html(sample_notebook, HERE, hide_code=True).html


def test_a_notebook_is_the_same_every_time(sample_notebook: Any) -> None:
    """Nothing in the page changes from one run to the next."""
    assert notebook_html(sample_notebook, HERE) == notebook_html(sample_notebook, HERE)


def test_the_review_status_is_told(protocol: b12lib.Protocol) -> None:
    """An unreviewed chapter says so, and so does one whose date has passed; none says nothing."""
    header = replace(protocol.header, status="submitted", reviewer="", review_by=date(2027, 2, 25))
    assert notices(header, date(2027, 2, 25)) == ("Submitted, not yet reviewed by a clinician.",)
    assert "25 February 2027" in notices(header, date(2027, 2, 26))[1]
    approved = replace(header, status="approved", reviewer="A. Physician")
    assert notices(approved, date(2027, 1, 1)) == ()


def test_a_folder_that_is_no_site_is_left_alone(tmp_path: Path) -> None:
    """The site never replaces anything but an earlier site."""
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(site.SiteError, match="holds something else"):
        site.build(tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_a_build_that_fails_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood there stays as it was, and nothing half-made lies beside it."""
    out = tmp_path / "public"
    out.mkdir()
    (out / site.MARKER).touch()
    (out / "index.html").write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(site, "_write_site", fail)
    with pytest.raises(OSError):  # noqa: PT011
        site.build(out)
    assert (out / "index.html").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_site_that_cannot_be_put_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails, after the old site went out of the way, it comes back."""
    out = tmp_path / "public"
    out.mkdir()
    (out / site.MARKER).touch()
    (out / "index.html").write_text("old", encoding="utf-8")
    monkeypatch.setattr(site, "_write_site", lambda new, *_: new.rmdir())
    with pytest.raises(FileNotFoundError):
        site.build(out)
    assert (out / "index.html").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [out]


SEED_REPORTS = ("seed-as-asked", "seed-as-asked-trainee", "seed-as-asked-patient")


def test_reports_are_listed_by_kind(built: Path) -> None:
    """The list of reports gathers the seed's, the published and the synthetic patients."""
    html = (built / "reports" / "index.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h([23])[^>]*>(?:<a [^>]*>)?([^<]{7,18})", html)
    assert headings == [
        ("2", "The seed’s patient"),
        ("3", "An MMA of 90 µmol/"),
        ("2", "Synthetic patients"),
        ("3", "Hostile"),
    ]


def test_the_seeds_report_is_written_for_each_reader(built: Path) -> None:
    """Clinician, trainee and patient have a page each, which links those of the others."""
    pages = {name: built / "reports" / f"{name}.html" for name in SEED_REPORTS}
    shown = {name: file.read_text(encoding="utf-8") for name, file in pages.items()}
    for name, html in shown.items():
        (readers,) = re.findall(r'<nav class="readers".*?</nav>', html, re.S)
        assert re.findall(r'href="([^"]+)"', readers) == [f"{each}.html" for each in SEED_REPORTS]
        assert re.findall(r'href="([^"]+)" aria-current="page"', readers) == [f"{name}.html"]
    clinician, trainee, patient = shown.values()
    assert "You should be treated with vitamin B12 at once." in patient
    assert "<em>Why:</em>" in trainee
    assert "<em>Why:</em>" not in clinician
    listed = (built / "reports" / "index.html").read_text(encoding="utf-8")
    assert '<a href="seed-as-asked-patient.html">patients</a>' in listed
    assert "readers" not in (built / "reports" / "hostile.html").read_text().partition("<main")[2]


def test_the_source_of_a_case_is_inert(built: Path) -> None:
    """A case's source shows as text in the list of reports; only its citations are links."""
    html = (built / "reports" / "index.html").read_text(encoding="utf-8")
    assert "evil.example" in html
    assert not re.search(r"""<(a|img)[^>]+evil\.example""", html)
    assert '<a href="../protocol/claims.html#C12">C12</a>' in html


def test_the_front_page_has_no_needless_tab_stop(built: Path) -> None:
    """Only what can be followed or can scroll is reached with Tab."""
    html = (built / "index.html").read_text(encoding="utf-8")
    assert "<pre" not in html
    assert "b12 report case.yaml" in html


def test_every_file_of_the_protocol_has_a_page(built: Path) -> None:
    """Each chapter, catalogue and file of a profile is a page, and the front page leads to it."""
    front = (built / "index.html").read_text(encoding="utf-8")
    for name in (None, *b12lib.profiles()):
        for chapter in b12lib.load_protocol(profile=name).chapters:
            page = Path("protocol") / chapter.file.replace(".md", ".html")
            assert (built / page).is_file()
            assert name or f'href="{page}"' in front


def test_every_rule_and_every_field_is_described(built: Path, protocol: b12lib.Protocol) -> None:
    """Each rule, input, decision, regimen and claim has a place that a link can lead to."""
    pages = (page.read_text("utf-8") for page in (built / "protocol").glob("*.html"))
    places = {id_ for page in pages for id_ in re.findall(r'\bid="([^"]+)"', page)}
    stages = (protocol, protocol.visits)
    names = {name for stage in stages for name in (*stage.inputs, *stage.decisions)}
    assert names | protocol.rules.keys() <= places
    assert protocol.regimens.keys() | protocol.schedule.keys() | protocol.claims.keys() <= places


def test_every_profile_is_listed_and_links_its_own_rules(built: Path) -> None:
    """The list says what each profile is; its tables lead to its own rows, else to the base's."""
    folder = built / "protocol" / "profiles"
    listed = (folder / "index.html").read_text(encoding="utf-8")
    for name in b12lib.profiles():
        assert f'href="{name}/README.html"' in listed
    html = (folder / "uk-bnf" / "04-treatment.html").read_text(encoding="utf-8")
    assert '<tbody role="rowgroup" id="BRG1">' in html
    assert 'href="../../profiles/uk-bnf/regimens.html#oral-dietary"' in html
    assert 'href="../../regimens.html#alternate-days"' in html


def test_a_comparison_leads_to_the_rules_of_every_side(built: Path) -> None:
    """The seed's patient is shown under all guidelines, each answer with its own rules."""
    listed = (built / "protocol" / "profiles" / "index.html").read_text(encoding="utf-8")
    assert "They differ in: " in listed
    html = (built / "compared" / "base-seed-as-asked.html").read_text(encoding="utf-8")
    for name in b12lib.profiles():
        assert name in html
    assert re.search(r'href="\.\./protocol/profiles/[\w-]+/04-treatment\.html#\w+"', html)


def test_the_verification_page_tells_what_was_tried(built: Path) -> None:
    """Verdicts, cases by rule, changes and limits stand there, and so does what is open."""
    html = (built / "verification.html").read_text(encoding="utf-8")
    assert '<a href="protocol/properties.html#P1">P1</a>' in html
    assert '<span class="verdict violated">violated</span>' in html
    row = re.search(r'<tr id="TN1">.*?</tr>', html, flags=re.DOTALL)
    assert row
    assert '<a href="reports/seed-as-asked.html">seed-as-asked</a>' in row[0]
    assert "1 noticed by a worked case" in row[0]
    assert "1 noticed by nobody" in row[0]
    assert "Changes that nobody would notice" in html
    assert "Rules that fire in no case" in html


def test_a_forked_process_makes_the_report_that_a_kernel_makes() -> None:
    """Without a kernel the report is the same to the last character."""
    file = room("protocol") / "cases" / "seed-as-asked.yaml"
    day = date(2026, 11, 22)
    with processes() as pool:
        forked = pool.submit(site._report, file, Level.CLINICIAN, day).result()
    case = b12lib.read_case(file)
    readers = site._readers(file, case, Level.CLINICIAN)
    assert forked == report_html(case, today=day, up="index.html", readers=readers)


def test_a_cell_that_fails_stops_the_report() -> None:
    """An error in a cell is raised where the report is made, not written into it."""
    with pytest.raises(b12lib.ProtocolError):
        execute({"profile": "no-such-profile"}, ENGINE)
