"""Style sheets keep what some page can use, and lose the rest."""

from _ext.styles import pruned, words

CSS = """@charset "utf-8";
/* a { b } */ .used, .unused > a { color: red; }
.unused { content: "}"; }
a:not(.unused):hover { color: blue }
@media print { .unused { color: red } }
@media screen { .used { background: url(data:x;y) } .unused { color: red } }
@font-face { font-family: "A"; src: url(a.woff) }
#there .us\\:ed { margin: 0 }
"""


def test_rules_that_match_nothing_are_left_out():
    kept = pruned(CSS, words(['<p class="used" id="there">']))
    assert kept.splitlines() == [
        '@charset "utf-8";',
        ".used{color: red;}",
        "a:not(.unused):hover{color: blue}",
        "@media screen{.used{background: url(data:x;y)}}",
        '@font-face{ font-family: "A"; src: url(a.woff) }',
    ]


def test_nothing_is_left_out_where_everything_is_used():
    kept = pruned(CSS, words([".used .unused #there us:ed"]) | {"us:ed"})
    assert kept.count("{") == CSS.count("{") - 1  # the comment's
