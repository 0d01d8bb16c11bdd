"""Reading delimiters: parentheses, bars, brackets, conditions and cases."""

from __future__ import annotations

from ..expr import Expr
from .reader import SWAPPED, Reader


class Delimiters(Reader):
    """Part of the parser."""

    def parenthesised(self) -> Expr:
        """(...), [...], Iverson's bracket [condition], and the positive part (...)_+."""
        opener = self.take("(", "[")
        bars, self.bars = self.bars, 0
        inside = self.expression()
        if opener.kind == "[" and self.token.kind == "relation":
            inside = Expr("bool", self.condition(inside))
        if self.token.kind == ",":
            raise self.error("a pair has no meaning here")
        self.need(")" if opener.kind == "(" else "]")
        self.bars = bars
        if self.token.kind == "_":
            self.need("_")
            self.need("+", " after a parenthesis' subscript sign")
            return Expr("relu", inside)
        return inside

    def absolute(self) -> Expr:
        """|x|, and |P| for a set; \\left| closes at its own \\right|."""
        opener = self.take("|", "|<")
        bars, self.bars = self.bars, self.bars + 1 if opener.kind == "|" else 0
        inside = self.expression()
        self.need("|" if opener.kind == "|" else "|>", " to close the absolute value")
        self.bars = bars
        return Expr("card" if inside.head == "sym" and inside.args[0] in self.names.sets else "abs", inside)

    def norm(self) -> Expr:
        """\\|x\\| and \\|x\\|_2, Euclidean, of an expression in vectors; \\|x\\|_1."""
        self.need("\\|")
        inside = self.expression()
        self.need("\\|", " to close the norm")
        order = "2"
        if self.take("_"):
            order = self.need("number").value
            if order not in "12":
                raise self.error("only the norms 1 and 2 are known")
        return Expr("norm", inside, order)

    def inner_product(self) -> Expr:
        """\\langle v, w \\rangle."""
        first = self.expression()
        self.need(",")
        second = self.expression()
        if not self.command("rangle"):
            raise self.error("expected \\rangle")
        return Expr("dot", first, second)

    def indicator_ahead(self) -> bool:
        a, b, c = self.tokens[self.at : self.at + 3]
        return a.kind == "{" and b.value == "1" and c.kind == "}"

    def indicator(self) -> Expr:
        """\\mathbb{1}[...], \\mathbb{1}\\{...\\} and \\mathbb{1}_{...}."""
        self.at += 3
        closers = {"[": "]", "(": ")", "\\{": "\\}", "{": "}"}
        self.take("_")
        opener = self.take(*closers)
        if opener is None:
            raise self.error("expected the condition of the indicator")
        found = Expr("bool", self.condition())
        self.need(closers[opener.kind])
        return found

    def condition(self, left: Expr | None = None) -> Expr:
        """a < b, a = b, i \\in P, and chains of them."""
        left = left or self.expression()
        found = []
        while relation := self.take("relation"):
            kind = relation.value
            if kind in ("in", "notin"):
                right = self.interval_or_set() if self.token.kind in ("[", "(", "\\{") else self.set_symbol()
            else:
                right = self.expression()
            if right is None or kind not in ("=", "<", "<=", ">", ">=", "!=", "in", "notin"):
                raise self.error("this condition is not understood", relation)
            pair = (right, left) if kind in SWAPPED else (left, right)
            found.append(Expr(SWAPPED.get(kind, kind), *pair))
            left = right
        if not found:
            raise self.error("expected a condition")
        return found[0] if len(found) == 1 else Expr("and", *found)

    def cases(self) -> Expr:
        """\\begin{cases} value & condition \\\\ ... \\end{cases}."""
        name = self.need("begin").value
        parts: list[Expr] = []
        while True:
            parts.append(self.expression())
            self.take(",")
            self.take("&")
            words = self.take("text")
            if self.token.kind in ("end", "newline") and words and words.value.rstrip(".,") in ("otherwise", "else"):
                self.take("newline")
                break
            parts.append(self.condition())
            self.take(".", ",", "text")
            if not self.take("newline") or self.token.kind == "end":
                break
        closing = self.take("end")
        if closing is None or closing.value != name:
            raise self.error("expected \\end{cases}")
        return Expr("cases", *parts)
