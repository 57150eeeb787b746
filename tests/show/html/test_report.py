"""Short answers: each as HTML and, with the same words, as text."""

from __future__ import annotations

import pytest

from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.show.html.report import Report
from tests.html_reader import Reader

HOSTILE = '<script>alert("x")</script> `code` \u202e'


@pytest.mark.parametrize(
    "report",
    [Report.line(HOSTILE), Report.text(HOSTILE), Report.table(["a"], [[HOSTILE]], HOSTILE)],
    ids=["line", "text", "table"],
)
def test_words_of_others_stay_text(report: Report) -> None:
    """Markup in an answer is escaped, and both of its forms say the same."""
    bundle = report._repr_mimebundle_()
    assert "<script>" not in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
    assert "alert" in bundle["text/plain"]
    assert bundle["text/plain"] == repr(report)


def test_bill_has_both_forms() -> None:
    """Count, price and notes stand in the HTML and in the text; what simulates says so."""
    asked = GenerationRequest("crun", "m", HOSTILE)
    plan = Plan((Cell(asked),), HOSTILE, notes=(f"Step 1: {HOSTILE}",))
    bundle = Report.bill(plan, Bill(1, 0, 4.0, 10.0), simulated=True)._repr_mimebundle_()
    for text in (Reader(bundle["text/html"]).text, bundle["text/plain"]):
        assert "1 image" in text
        assert "4 credits" in text
        assert "balance after: 6" in text
        assert "Step 1: " in text
        assert "simulator" in text
    assert "<script>" not in bundle["text/html"]
    lines = bundle["text/plain"].splitlines()
    assert all(line.count("\u202e") == line.count("\u202c") for line in lines), "turned back"
