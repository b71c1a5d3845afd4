"""The page of figures keeps what was not measured anew."""

from tools.bench.figures import PAGE, Figure, page_of


def test_a_part_that_was_not_measured_stays_as_it_was():
    old = page_of([Figure("import", "cards", 7, "cards"), Figure("waiting", "p50", 9, "ms", 3)])

    new = page_of([Figure("search", "p50", 4, "ms", 2), Figure("waiting", "p50", 8, "ms", 4)], old)

    assert [line for line in new.splitlines() if line.startswith("## ")] == [
        "## Importing cards",
        "## The search box as somebody types",
        "## The waiting page under load",
    ]
    assert "| cards | 7 | cards | – | – |" in new
    assert "| p50 | 8 | ms | 4 | 2 |" in new
    assert "| p50 | 9 |" not in new
    assert page_of([], new) == new


def test_the_page_is_as_it_is_written():
    page = PAGE.read_text(encoding="utf-8")

    assert page_of([], page) == page
