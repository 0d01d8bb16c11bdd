"""The bibliography: every entry says where the work is found, and every source that a loss names is in it."""

import re
from pathlib import Path

import pytest
from pybtex.database import parse_file

import lossutils as lu

ENTRIES = parse_file(str(Path(__file__).parents[2] / "references.bib")).entries
PLACES = {
    "doi": r"10\.\d{4,9}/\S+",
    "url": r"https://[\w.-]+/\S*",
    "isbn": r"[\d-]{12}[\dX]|[\d-]{17}",  # where there is nothing to link to
}
SOURCE = re.compile(r"([^;:]*?) \((\d{4})\)")


def plain(name):
    """A name without TeX's accents: `J{\\o}rgensen` as a docstring may write it."""
    return re.sub(r"[{}\\\"']", "", name)


IN_BOOK = {(plain(e.persons["author"][0].last_names[-1]), e.fields["year"]) for e in ENTRIES.values()}


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_says_where_to_find_the_work(key):
    fields = ENTRIES[key].fields
    assert any(re.fullmatch(form, fields[name]) for name, form in PLACES.items() if name in fields)


def cited(source):
    """First author's surname and year of each work that a loss's source names."""
    for names, year in SOURCE.findall(source):
        yield re.split(r",? et al\.|,| and ", names.strip())[0].split()[-1], year


@pytest.mark.parametrize("loss", lu.losses(), ids=lambda loss: type(loss).__name__)
def test_the_source_of_a_loss_is_in_the_bibliography(loss):
    source = loss.description.source
    assert list(cited(source)), f"no author and year in {source!r}"
    missing = [work for work in cited(source) if work not in IN_BOOK]
    assert not missing, f"{source!r}: {missing}"
