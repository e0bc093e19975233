"""The assessment as a document: one order, every reason, nothing from a case alive in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import b12lib
from b12lib.reading.protocol import read_protocol
from b12lib.showing.document import PARTS, markdown, sections
from b12lib.showing.render import html
from b12lib.showing.section import escape

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
DISPUTED = "Where primary sources say otherwise"


def test_sections_answer_first_then_say_what_to_do() -> None:
    """The answer is first, then what to do, open, found; the status is last."""
    assessment = b12lib.assess(SEED)
    titles = [section.title for section in sections(assessment)]
    told = [titles.index(title) for title in ("Answer", "Treatment", "Folate")]
    told += [titles.index(t) for t in ("What would change the answer", "Confirming deficiency")]
    assert told == sorted(told)
    assert titles[-1].startswith("Status")


def test_the_parts_hold_every_section_once() -> None:
    """No group of decisions is lost between the parts, and the whole document is made of them."""
    assessment = b12lib.assess(SEED)
    parts = [assessment.all_of(title).body for title in PARTS]
    headings = re.findall(r"^### (.+)$", "\n".join(parts), flags=re.MULTILINE)
    assert ["Answer", *headings] == [section.title for section in sections(assessment)]
    assert all(part in markdown(assessment) for part in parts)
    assert {"Before and with the first dose", "Whom to ask, and how fast"} <= set(headings)


def test_an_unknown_part_is_refused() -> None:
    """A misspelt part names the parts that there are."""
    with pytest.raises(KeyError, match="What to do, What is open"):
        b12lib.assess(SEED).all_of("What todo")


def test_emergencies_stand_above_the_headline() -> None:
    """What must happen today comes before the word on B12; other dangers come right after it."""
    case = {
        "mma": "150 nmol/L",
        "b12": "500 ng/L",
        "neurological": False,
        "anc": "0.3 G/L",
        "fever": True,
        "visual_loss": False,
    }
    lines = b12lib.assess(case).section("Answer").body.splitlines()
    assert lines[0].startswith("- **Emergency: fever")
    assert lines[2].startswith("**Do not treat")
    assert lines[4].startswith("- **Urgently ask a haematologist")


def test_an_assumed_quantity_is_told_where_it_was_used() -> None:
    """The answer tells the limit that stood in for the laboratory's, if MMA was judged by it."""
    told = "- Upper limit of MMA: assumed 271 nmol/L, because the case does not give it."
    assert told in b12lib.assess(SEED).section("Answer").body.splitlines()
    given = b12lib.assess({**SEED, "mma_limit": "400 nmol/L"}).section("Answer").body
    assert "assumed" not in given
    assert "assumed" not in b12lib.assess({"b12": "100 pmol/L"}).section("Answer").body


def test_why_names_both_steps_where_they_differ() -> None:
    """The reason to treat is always given, and what holds the dose back where something does."""
    plain = b12lib.assess({"mma": "900 nmol/L"}).section("Answer").body
    held = b12lib.assess({"mma": "900 nmol/L", "b12_allergy": True}).section("Answer").body
    assert "`TN1`" in plain
    assert "`TR5`" not in plain
    assert "`TN1`" in held
    assert "`TR1`" in held
    assert held.startswith("**Ask first")


def test_every_told_sentence_names_its_rules() -> None:
    """Each finding and each treatment line carries the rule ids that it came from."""
    assessment = b12lib.assess({**SEED, "neurological": False})
    for title in ("Confirming deficiency", "Treatment", "Route and form", "Folate"):
        body = assessment.section(title).body
        for line in body.splitlines():
            if line.startswith("- ") and "Not assessable" not in line:
                assert re.search(
                    r"(\*\(stated by the case\)\*|`(one of )?[A-Z]+\d+(, [A-Z]+\d+)*`)$", line
                ), line


def test_text_of_a_case_is_inert() -> None:
    """Markup in a case's own text shows as text, in Markdown and in HTML."""
    nasty = "<script>alert(1)</script> [x](javascript:alert(2)) **b** | $x$ <img src=x onerror=y>"
    assessment = b12lib.assess({"case": nasty, "note": nasty, "inputs": SEED})
    page = html(markdown(assessment))
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:alert(2)</a>" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_escaped_text_reads_as_written() -> None:
    """Escaping changes how text is read by Markdown, never what a reader sees."""
    text = r"a*b_c`d`[e](f)<g>|h\i #j !k"
    shown = re.sub(r"<[^>]*>", "", html(escape(text))).strip()
    assert shown == text.replace("<", "&lt;").replace(">", "&gt;")


def test_other_readings_of_an_extreme_number_stand_beside_it() -> None:
    """An extreme MMA is shown in every unit it could have had, by the laboratory's own limit."""
    body = b12lib.assess({**SEED, "mma_limit": "0.4 umol/L"}).section("Confirming deficiency").body
    assert "| 90 nmol/L | 90 nmol/L | 0.225 | normal |" in body
    assert "| 90 ng/mL | 762 nmol/L | 1.9 | raised |" in body
    usual = b12lib.assess({"mma": "5 umol/L"}).section("Confirming deficiency").body
    assert "If the laboratory means" not in usual


def test_place_among_people_stands_where_the_value_is_told() -> None:
    """MMA and serum B12 are told with their place among people, whose survey is cited."""
    assessment = b12lib.assess({"mma": "700 nmol/L", "b12": "100 pmol/L"})
    body = assessment.section("Confirming deficiency").body
    assert "271 nmol/L; above 99 in 100 of 33,544 people." in body
    assert "low: 100 pmol/L, below 99 in 100 of 33,544 people." in body
    assert "- **nhanes**:" in assessment.section("Sources").body


def test_what_was_assumed_is_listed() -> None:
    """A limit that the case does not give is listed with the value taken and its source."""
    body = b12lib.assess(SEED).section("What was assumed").body
    assert "Upper limit of MMA: taken as 271 nmol/L" in body
    assert "@seed C03 C05" in body


def test_claims_are_shown_for_the_rules_that_fired_only() -> None:
    """A disputed claim stands in the report exactly when one of its rules fired."""
    with_glossitis = b12lib.assess({**SEED, "glossitis": True}).section(DISPUTED).body
    with_numbness = b12lib.assess({**SEED, "numbness": True}).section(DISPUTED).body
    assert "| C16 |" in with_glossitis
    assert "| C16 |" not in with_numbness


def test_claims_are_shown_for_regimens_and_schedule_rows_too() -> None:
    """A disputed claim names every row that it became in this answer, and the claim's sources."""
    said = b12lib.assess({**SEED, "neurological": True}).section(DISPUTED).body
    row = next(line for line in said.splitlines() if line.startswith("| C13 |"))
    assert "`RG2` `alternate-days`" in row
    assert "*@nasgp2024" in row
    row = next(line for line in said.splitlines() if line.startswith("| C31 |"))
    assert "`MO1` `month-3`" in row
    assert "Faithful to the seed" in row


def test_a_claim_without_a_source_cites_none() -> None:
    """Where no source was found, the report cites none for it."""
    both = {"autoimmune_thyroid_disease": True, "down_syndrome": True}
    said = b12lib.assess(both).section(DISPUTED).body
    (row,) = (line for line in said.splitlines() if line.startswith("| C44 |"))
    assert "| No source was found. |" in row


def test_what_was_stated_rests_on_no_rule() -> None:
    """A finding that the case states brings no claim of the rule that it replaces."""
    stated = b12lib.assess({"neurological": True}).section(DISPUTED).body
    assert "| C15 |" not in stated
    assert "| C15 |" in b12lib.assess({"numbness": True}).section(DISPUTED).body


def test_a_rule_says_how_well_it_is_supported() -> None:
    """Trace, answer and table name the rules whose sources nobody has read, and only those."""
    assessment = b12lib.assess({"folate": "5 nmol/L", "mcv": "110 fL", "b12": "100 pmol/L"})
    trace = assessment.section("How it was decided").body
    assert "FD1: support unverified" in trace
    assert "SB1: known only through another source" in trace
    assert "FA2:" not in trace
    assert "FD1: support unverified" in assessment.why("folate_deficiency").body
    asked = b12lib.assess({"mma": "100 nmol/L"}).section("Answer").body
    assert "TN7: the seed alone" in asked


def test_what_the_seed_does_not_say_is_marked() -> None:
    """A sentence without a claim behind it is an addition, said once where all of them are."""
    assessment = b12lib.assess({"haemoglobin": "70 g/L", "mma": "90 umol/L"})
    body = assessment.section("How ill is the marrow").body
    assert body.startswith("*Additions to the seed.*")
    assert "- Anaemia is severe. `SA2`" in body
    mixed = b12lib.assess({"haemoglobin": "70 g/L", "mcv": "105 fL"})
    assert "- Anaemia is severe. *addition* `SA2`" in mixed.section("How ill is the marrow").body
    assert "addition" not in assessment.section("Confirming deficiency").body
    assert "*addition* marks" in assessment.section("Status of this protocol").body


def test_added_regimens_and_schedule_rows_are_marked(
    edited: Callable[..., dict[str, str]],
) -> None:
    """A regimen or a schedule row that cites no claim is marked wherever it is given."""
    texts = edited("regimens.md", "| @seed C18 C19; @bnf |", "| @bnf |")
    cited = "MMA falling | @seed C31 C32; @bnssg |"
    texts = edited("schedule.md", cited, "MMA falling | @lothian |", texts)
    case = {**SEED, "neurological": False}
    protocol = read_protocol(texts)
    assessment = b12lib.assess(case, protocol)
    assert "*Basis: formulary and consensus; @bnf.* *addition*" in assessment.section("Answer").body
    assert " *addition* `RG3`" in assessment.section("Treatment").body
    assert "and MMA *addition* |" in assessment.section("Monitoring").body
    assert "*addition*" not in b12lib.assess(case).section("Treatment").body


def test_section_with_nothing_to_say_says_so() -> None:
    """A section that has nothing for this case is not left blank."""
    assert b12lib.assess(SEED).section("Pitfalls").body == "Nothing applies to this case."


def test_answer_tells_what_cannot_wait() -> None:
    """Emergencies, stops and dangers stand in the answer, before the reasons for it."""
    case = {**SEED, "fever": True, "planned_route": "intravenous", "haemoglobin": "50 g/L"}
    body = b12lib.assess(case).section("Answer").body
    told = [body.index(words) for words in ("Emergency", "Never give", "Avoid red cell")]
    assert told == sorted(told)
    assert max(told) < body.index("Why:")


def test_additions_to_the_seed_are_marked() -> None:
    """A section whose rules all come from elsewhere says so; one with the seed's rules does not."""
    assessment = b12lib.assess(SEED)
    mark = "*Additions to the seed.*"
    assert assessment.section("Early checks").body.startswith(mark)
    assert assessment.section("Whom to ask, and how fast").body.startswith(mark)
    assert mark not in assessment.section("Monitoring").body
    assert mark not in assessment.section("Pitfalls").body


def test_dates_stand_only_when_a_start_is_given() -> None:
    """The monitoring table has a date column when the case names the first dose's day."""
    dated = b12lib.assess({**SEED, "treatment_start": "2026-03-01"})
    assert "| 2026-06-01 |" in dated.section("Monitoring").body
    assert "Date" not in b12lib.assess(SEED).section("Monitoring").body


def test_trace_says_what_ruled_out_the_other_rules() -> None:
    """The trace names for every other rule the first condition that failed."""
    row = next(
        line
        for line in b12lib.assess(SEED).section("How it was decided").body.splitlines()
        if line.startswith("| Functional B12 deficiency ")
    )
    assert "DS2 DS3: MMA level" in row


def test_why_shows_each_rule_of_the_table() -> None:
    """The table behind an answer says of every rule whether it fires, and if not, why not."""
    shown = repr(b12lib.assess(SEED).why("deficiency_status"))
    assert shown.count("**fires**") == 1
    assert "no (MMA level: extreme)" in shown
    stated = repr(b12lib.assess({"neurological": False}).why("neurological"))
    assert "the case states it" in stated
    first = repr(b12lib.assess({"numbness": True, "gait_disturbance": True}).why("neurological"))
    assert "not needed: another rule decides" in first
    assert "may fire" in repr(b12lib.assess({}).why("leukopenia"))


def test_terminal_text_has_no_markup_left() -> None:
    """Printed in a terminal an assessment is plain text with neither asterisks nor pipes."""
    text = str(b12lib.assess({"case": "A case <b>", "inputs": SEED}))
    assert "A case <b>" in text
    assert "**" not in text
    assert "|" not in text
    assert "\x1b" not in text


def test_every_source_named_in_the_report_is_listed() -> None:
    """No key is cited anywhere in the document that its list of sources does not explain."""
    for case in ({**SEED, "neurological": True}, {**SEED, "neurological": False}, {}):
        text = markdown(b12lib.assess(case))
        cited = set(re.findall(r"@([A-Za-z][\w-]*)", text))
        assert cited <= set(re.findall(r"^- \*\*([\w-]+)\*\*:", text, flags=re.MULTILINE))


def test_the_status_names_the_profile_beside_the_protocol() -> None:
    """A reader sees whose guideline decided, and how far each of the two was reviewed."""
    case = {"mma": "3 umol/L"}
    nice = b12lib.assess(case, b12lib.load_protocol(profile="nice-ng239"))
    title = "Status of this protocol"
    told = nice.section(title).body
    assert "- Protocol: Vitamin B12 deficiency, version 0.1.0" in told
    assert "- Profile nice-ng239: NICE guideline NG239 (2024), version 0.1.0" in told
    assert told.count("- Reviewed by: nobody yet") == 2
    assert "Profile" not in b12lib.assess(case).section(title).body


def test_long_names_may_break_in_tables_alone() -> None:
    """A name of several words does not stretch a table; elsewhere, and in links, it is whole."""
    written = html("`a_b`\n\n| c_d |\n|---|\n| [e_f](g_h.md) |")
    assert "<code>a_b</code>" in written
    assert "c_<wbr>d" in written
    assert '<a href="g_h.md">e_<wbr>f</a>' in written
