"""Case reports through papermill: real kernels, real files."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import b12lib
from b12lib.publishing import files, report
from b12lib.publishing.report import parameters
from b12lib.rooms import room
from b12lib.showing.document import sections

CASES = room("protocol") / "cases"
NASTY = """<script>alert(1)</script> "quoted" 'single' \\ {x} """ + '"""; import os #'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One report of the seed's patient with a start date and an unfriendly name and note."""
    folder = tmp_path_factory.mktemp("report")
    case = folder / "case.yaml"
    quoted = NASTY.replace("'", "''")
    seed = (CASES / "seed-as-asked.yaml").read_text(encoding="utf-8")
    inputs = seed[seed.index("inputs:") : seed.index("expect:")]
    case.write_text(
        f"case: '{quoted}'\nnote: '{quoted}'\n{inputs}  treatment_start: 2026-03-01\n",
        encoding="utf-8",
    )
    [written] = report.write_reports([case], folder / "out")
    assert written == folder / "out" / "case.html"
    return written.read_text(encoding="utf-8")


def words(html: str) -> str:
    """Return the text of a page."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_report_answers_first(page: str) -> None:
    """The answer stands before everything else."""
    text = words(page[page.index("<main") :])
    answer = text.index("Treat immediately: hydroxocobalamin 1 mg intramuscularly.")
    assert answer < text.index("Before and with the first dose", answer)
    assert text.rindex("What to do") < text.rindex("What is open") < text.rindex("What was found")


def test_report_goes_the_seeds_way_to_the_end(page: str) -> None:
    """Every section of the report stands in it once, in order."""
    given = {"mma": "90 umol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
    titles = [item.title for item in sections(b12lib.assess(given))]
    headings = [words(h) for h in re.findall(r"<h[23]\b.*?</h[23]>", page, flags=re.DOTALL)]
    assert [heading for heading in headings if heading in titles] == titles


def test_report_shows_both_schedules_and_dates(page: str) -> None:
    """Both schedules and the dated checks of the first year are in the report."""
    text = words(page)
    assert "on alternate days until neurological improvement plateaus" in text
    assert "three times weekly for 2 weeks" in text
    for day in ("2026-06-01", "2026-09-01", "2027-03-01"):
        assert day in text


def test_report_hides_code_and_stands_alone(page: str) -> None:
    """A report shows no code and loads nothing from anywhere."""
    assert "assessment.section" not in page
    assert "import b12lib" not in page
    assert not re.search(r"""<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:)?//""", page)


def test_text_of_the_case_is_inert(page: str) -> None:
    """Markup in a case shows as text; quotes and backslashes arrive as written."""
    assert "<script>alert" not in page
    assert page.count("<h1") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "import os #" in words(page)


def test_status_and_disclaimer_are_shown(page: str) -> None:
    """The report says which version decided, that no clinician reviewed it, and what it is not."""
    text = words(page)
    assert "version 0.1.0" in text
    assert "no clinician has reviewed it" in text
    assert "For education" in text


def test_citations_lead_to_the_reports_own_sources(page: str) -> None:
    """In a lone report a source reads the same everywhere and leads to where it is described."""
    assert "@seed" not in page
    leads_to = set(re.findall(r'<a href="#([^"]+)"', page))
    assert {"source-seed", "C02"} <= leads_to <= set(re.findall(r'\bid="([^"]+)"', page))
    assert re.search(r'<li id="source-seed">\s*(<p>)?<strong>seed</strong>', page)


def test_no_report_is_written_when_one_case_is_refused(tmp_path: Path) -> None:
    """All cases are checked before the first report; the faults of all are told."""
    (tmp_path / "one.yaml").write_text("inputs: {mma: 90}", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("inputs: {mna: 90 nmol/L}", encoding="utf-8")
    files = [CASES / "seed-as-asked.yaml", tmp_path / "one.yaml", tmp_path / "two.yaml"]
    with pytest.raises(b12lib.CaseError) as refused:
        list(report.write_reports(files, tmp_path / "out"))
    assert "one.yaml: mma = 90" in str(refused.value)
    assert "two.yaml: mna" in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    """Two files of the same name would overwrite each other's report, so they are refused."""
    twin = tmp_path / "seed-as-asked.yaml"
    twin.write_text("inputs: {}\n", encoding="utf-8")
    with pytest.raises(b12lib.CaseError, match="another case has the same name"):
        list(report.write_reports([CASES / twin.name, twin], tmp_path / "out"))


def test_failure_leaves_the_former_report_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing fails midway the old file stays as it was and no stray file is left."""
    file = tmp_path / "case.html"
    file.write_text("former", encoding="utf-8")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        files.write_whole(file, "new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["case.html"]
    assert file.read_text(encoding="utf-8") == "former"


def test_reports_honour_the_umask(tmp_path: Path) -> None:
    """Who keeps their files to themselves keeps their patients' reports to themselves."""
    former = os.umask(0o077)
    try:
        mine = files.write_whole(tmp_path / "mine.html", "")
        os.umask(0o022)
        ours = files.write_whole(tmp_path / "ours.html", "")
    finally:
        os.umask(former)
    assert [stat.S_IMODE(file.stat().st_mode) for file in (mine, ours)] == [0o600, 0o644]


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    """A report is written as long as its own name fits; what is written first is no longer."""
    assert files.write_whole(tmp_path / f"{'x' * 250}.html", "").is_file()
    with pytest.raises(OSError, match="File name too long"):
        files.write_whole(tmp_path / f"{'x' * 251}.html", "")
    assert len(list(tmp_path.iterdir())) == 1


def test_plain_papermill_runs_the_same_notebook(tmp_path: Path) -> None:
    """Without b12lib's command, papermill takes a case file as parameters and gives the answer."""
    done = tmp_path / "done.ipynb"
    case = CASES / "seed-with-neurological-symptoms.yaml"
    notebook = room("notebooks") / report.NOTEBOOK
    command = [sys.executable, "-m", "papermill", notebook, done, "-f", case, "--no-progress-bar"]
    subprocess.run(command, check=True, capture_output=True)
    outputs = str(nbformat.read(done, as_version=4))  # type: ignore[no-untyped-call]
    assert "on alternate days until neurological improvement plateaus" in outputs


def test_report_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without papermill the message says what to install."""
    monkeypatch.setitem(sys.modules, "papermill", None)
    with pytest.raises(b12lib.B12Error, match=r"pip install 'b12lib\[report\]'"):
        report.execute({})


def test_parameters_hold_the_visits() -> None:
    """What the notebook is given makes the same case again, visits included."""
    found = {"day": 10, "mcv_now": "95 fL", "neutropenia_now": "no"}
    case = b12lib.read_case({"case": "One.", "inputs": {"mcv": "105 fL"}, "visits": [found]})
    given = parameters(case)
    del given["protocol_folder"], given["profile"], given["level"]

    assert b12lib.read_case(given).visits == case.visits


def test_a_report_under_a_profile_says_so(tmp_path: Path) -> None:
    """The profile decides, and stands in the notices, the status and the receipt."""
    case = CASES.parent / "profiles" / "nice-ng239" / "cases" / "seed-patient.yaml"
    [written] = report.write_reports([case], tmp_path, profile="nice-ng239")
    text = words(written.read_text(encoding="utf-8"))
    assert "Draw blood for the tests, then treat without waiting" in text
    assert "Profile nice-ng239: Submitted, not yet reviewed by a clinician." in text
    assert (
        "profile NICE guideline NG239 (2024) (nice-ng239), version 0.1.0, protocol content" in text
    )


def test_a_report_for_a_patient_is_in_plain_words(tmp_path: Path) -> None:
    """The whole page is for the patient: answer, summary, sections; its words lead to meanings."""
    [written] = report.write_reports([CASES / "seed-as-asked.yaml"], tmp_path, level="patient")
    html = written.read_text(encoding="utf-8")
    text = words(html[html.index("<main") :])
    assert "You should be treated with vitamin B12 at once." in text
    assert '<meta name="description" content="You should be treated' in html
    headings = [words(h) for h in re.findall(r"<h3\b.*?</h3>", html, flags=re.DOTALL)]
    assert headings[:3] == ["When to seek help", "What happens next", "Checks, and what to expect"]
    assert headings[-2:] == ["Words on this page", "Status of this protocol"]
    assert "Sources" not in headings
    assert "`" not in text
    assert "RG2" not in text
    linked = set(re.findall(r'class="term" href="#([^"]+)"', html))
    assert len(linked) > 10
    assert linked <= set(re.findall(r'id="([^"]+)"', html))


def test_a_report_for_a_trainee_explains_its_words(tmp_path: Path) -> None:
    """Terms lead to the glossary of the same page, which a clinician's report does not have."""
    case = CASES / "b12-only.yaml"
    [trainee] = report.write_reports([case], tmp_path / "trainee", level="trainee")
    [clinician] = report.write_reports([case], tmp_path / "clinician")
    html = trainee.read_text(encoding="utf-8")
    linked = set(re.findall(r'class="term" href="#([^"]+)"', html))
    assert linked
    assert linked <= set(re.findall(r'id="([^"]+)"', html))
    assert "Why:" in words(html)
    assert "term-" not in clinician.read_text(encoding="utf-8")
