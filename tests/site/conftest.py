"""The built site's pages in Chromium, served, and opened from a folder."""

import pytest

from tools.browser import WIDE, Page, browser, served
from tools.build import SITE


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def address():
    with served(SITE) as own:
        yield own


@pytest.fixture(scope="module", params=["served", "from a folder"])
def tab(request, chromium, address):
    own = address if request.param == "served" else SITE.as_uri()
    context = chromium.new_context(viewport=WIDE)
    yield Page(context.new_page(), own)
    context.close()


@pytest.fixture
def page(tab):
    tab.troubles.clear()
    tab.page.set_viewport_size(WIDE)
    return tab
