"""From LaTeX to an expression, one way only: what could be read in two ways is refused, with the place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..expr import INFINITY, ONE, TWO, Expr, add, div, mul, neg, num, power, product, sub, sym
from . import delimiters, operators, symbols
from .calculus import derivative_ahead
from .latex import ACCENTS, ENVIRONMENTS, STYLES, Token
from .reader import Names, Reader, function_named


@dataclass(frozen=True)
class Statement:
    """A chain of expressions and the relations between neighbours; without a relation, one expression.

    `quantifiers` come before it, outermost first: "forall" or "exists", and a letter.
    """

    sides: tuple[Expr, ...]
    relations: tuple[str, ...]
    quantifiers: tuple[tuple[str, str], ...] = ()
    conditions: tuple[Expr, ...] = ()  # what the quantifiers say of their letters


class Parser(Reader):
    """The grammar: sums of products of factors; what an atom may be is in the modules beside this one."""

    def statement(self) -> Statement:
        """The whole formula: a chain such as A = B <= C."""
        try:
            self.opening()
            quantifiers, conditions = self.quantifiers()
            sides, relations = [self.expression()], []
            while relation := self.take("relation"):
                if relation.value in ("to", "ni", "subset"):
                    raise self.error(f"the relation {relation.value!r} is not one that can be checked", relation)
                relations.append(relation.value)
                start = self.at
                right = self.set_or_expression(relation)
                sides.append(Expr("rounded", right, self.last_digit(start)) if relation.value == "~" else right)
            self.closing()
        except RecursionError:
            raise self.error("the formula nests too deeply") from None
        return Statement(tuple(sides), tuple(relations), quantifiers, conditions)

    def quantifiers(self) -> tuple[tuple[tuple[str, str], ...], tuple[Expr, ...]]:
        """\\forall L > 0\\ \\exists a, b:, each letter with what it says of it."""
        found: list[tuple[str, str]] = []
        conditions: list[Expr] = []
        while kind := self.take("quantifier"):
            while True:
                letter = self.need("letter", " after a quantifier")
                found.append((kind.value, letter.value))
                if self.token.kind == "relation":
                    conditions.append(delimiters.condition(self, sym(letter.value)))
                if not self.take(","):
                    break
            self.take(":")
            self.command("colon")
        return tuple(found), tuple(conditions)

    def opening(self) -> None:
        """An environment may come first."""
        while self.token.kind == "begin" and self.token.value in ENVIRONMENTS and "cases" not in self.token.value:
            self.take("begin")

    def closing(self) -> None:
        """Punctuation and the end of an environment may follow; nothing else."""
        while self.at < len(self.tokens) - 1 and self.take(".", ",", ";", "end"):
            pass
        if self.at < len(self.tokens) - 1:
            raise self.error(f"did not expect {self.token.value or self.token.kind!r} here")

    def last_digit(self, start: int) -> int:
        """Which power of ten the last digit counts of a decimal number: -4 for 0.0310, -5 for 3.10 \\cdot 10^{-3}."""
        kinds = [t.kind for t in self.tokens[start : self.at]]
        values = [t.value for t in self.tokens[start : self.at]]
        if kinds[:1] == ["-"]:
            kinds, values = kinds[1:], values[1:]
        scale = 0
        if kinds[1:4] == ["*", "number", "^"] and values[2] == "10":
            power = "".join(v if k == "number" else k for k, v in zip(kinds[4:], values[4:], strict=True)).strip("{}")
            if power.removeprefix("-").isdigit() and len(power) < 6:
                scale, kinds = int(power), kinds[:1]
        if kinds != ["number"]:
            raise self.error("the right side of an approximation has to be a decimal number", self.tokens[start])
        return scale - len(values[0].partition(".")[2])

    def set_or_expression(self, relation: Token) -> Expr:
        """The right side of a relation: an expression, an interval or a finite set."""
        if self.token.kind in ("[", "(", "\\{"):
            start = self.at
            found = delimiters.interval_or_set(self)
            if found is not None and self.token.kind in ("end", ".", ",", "relation", "end"):
                return found
            self.at = start
        if relation.value in ("in", "notin"):
            raise self.error("expected an interval or a set")
        return self.expression()

    # Sums and products

    def expression(self) -> Expr:
        """Terms with + and - between them."""
        outer, self.ended = self.ended, {}
        sign = self.take("+", "-")
        term = self.term()
        terms = [neg(term) if sign and sign.kind == "-" else term]
        while sign := self.take("+", "-"):
            over = dict(self.ended)
            term = self.term()
            if again := sorted(term.free & set(over)):
                raise self.error(f"does the operator that binds {again[0]} reach past this sign? use parentheses", sign)
            terms.append(neg(term) if sign.kind == "-" else term)
        self.ended = outer
        return add(*terms)

    def term(self) -> Expr:
        """Factors: juxtaposed, or with an explicit multiplication or division sign."""
        factors = [self.factor()]
        while True:
            if sign := self.take("*"):
                factor = self.signed_factor()
                if sign.value == "cdot" and self.is_vector(factor) and self.is_vector(factors[-1]):
                    factor = Expr("dot", factors.pop(), factor)
                factors.append(factor)
            elif slash := self.take("/"):
                divisor = self.factor()
                if self.starts_factor():
                    raise self.error("a product after '/' can be read in two ways; use \\frac or parentheses", slash)
                factors = [div(product(*factors), divisor)]
            elif self.starts_factor():
                if self.tokens[self.at - 1].kind == "number" and self.numeric():
                    raise self.error("two numbers side by side")
                factors.append(self.factor())
            else:
                return product(*factors)

    def is_vector(self, e: Expr) -> bool:
        return e.head == "sym" and e.args[0] in self.names.vectors

    def numeric(self) -> bool:
        """Whether a number, or a fraction that starts with one, comes next."""
        if self.token.kind == "command" and self.token.value in ("frac", "tfrac", "dfrac"):
            return "number" in (self.tokens[self.at + 1].kind, self.tokens[self.at + 2].kind)
        return self.token.kind == "number"

    def signed_factor(self) -> Expr:
        if self.token.kind in "+-":
            raise self.error("a sign after a multiplication sign needs parentheses")
        return self.factor()

    def factor(self) -> Expr:
        """One factor with its superscripts."""
        prefixed = operators.prefix_operator(self)
        if prefixed is not None:
            return prefixed
        start = self.token
        base, raised = self.atom(), False
        while True:
            if self.token.kind == "!":
                self.take("!")
                if self.token.kind == "!":
                    raise self.error("a double factorial, or a factorial's factorial? use parentheses")
                base = Expr("Gamma", add(base, ONE))
            elif self.token.kind == "^":
                if raised:
                    raise self.error("a double superscript: use braces")
                base, raised = power(base, self.superscript(base, start)), True
            else:
                return base

    def superscript(self, base: Expr, start: Token) -> Expr:
        self.need("^")
        if self.token.kind in ("+", "*", "'") or (self.token.kind == "command" and self.token.value in ("top", "star")):
            raise self.error("this superscript has no meaning here")
        if base.head in ("sym", "idx") and self.labelled():
            raise self.error("is this a power or a label? a power is written without parentheses")
        exponent = self.argument()
        plain_power = exponent.head == "num" and exponent.args[0].denominator == 1 and exponent.args[0] > 0
        if base == sym("e") and not plain_power:
            raise self.error("e is declared as a variable: write \\exp(...) for the exponential", start)
        return exponent

    def labelled(self) -> bool:
        """Whether a superscript is all in parentheses, as in x^{(i)}."""
        kinds = [t.kind for t in self.tokens[self.at :]]
        if kinds[:2] != ["{", "("]:
            return False
        depth = 0
        for k, kind in enumerate(kinds[1:], 1):
            depth += (kind == "(") - (kind == ")")
            if depth == 0:
                return kinds[k + 1] == "}"
        return False

    # Atoms

    def atom(self) -> Expr:
        """A number, a symbol, something in delimiters, or a function applied."""
        token = self.token
        if token.kind == "number":
            self.take("number")
            return num(Fraction(token.value))
        if token.kind == "operatorname":
            self.take("operatorname")
            return symbols.named(self, token)
        if token.kind == "command":
            self.take("command")
            return self.command_atom(token)
        if token.kind == "{":
            return self.group()
        if token.kind in _OPENED_BY:
            return _OPENED_BY[token.kind](self)
        shown = "the end" if token.kind == "end" else repr(token.value or token.kind)
        raise self.error(f"expected a number, a symbol or an opening delimiter, found {shown}")

    def command_atom(self, token: Token) -> Expr:
        """What a command stands for, once it is taken."""
        value = token.value
        if value == "infty":
            return INFINITY
        if value in ("frac", "tfrac", "dfrac"):
            return derivative_ahead(self) or div(self.fraction_part(), self.fraction_part())
        if value == "binom":
            n, k = self.group(), self.group()
            gamma = [Expr("Gamma", add(x, ONE)) for x in (n, k, sub(n, k))]
            return div(gamma[0], mul(gamma[1], gamma[2]))
        if value == "sqrt":
            degree = self.closed("]") if self.take("[") else TWO
            return power(self.fraction_part(), div(ONE, degree))
        if value in ACCENTS:
            return symbols.accented(self, token)
        if value in ("mathbb", "mathbf") and delimiters.indicator_ahead(self):
            return delimiters.indicator(self)
        if value in STYLES:
            return symbols.styled(self, token)
        if name := function_named(value):
            return symbols.apply(self, name, token)
        if value == "langle":
            return delimiters.inner_product(self)
        raise self.error(f"\\{value} is not known", token)

    def fraction_part(self) -> Expr:
        """One argument of a fraction or a root; of \\frac12 the first digit."""
        token = self.token
        if token.kind == "number" and len(token.value) > 1 and token.value.isdigit():
            rest = Token("number", token.value[1:], token.position + 1)
            self.tokens[self.at : self.at + 1] = [Token("number", token.value[0], token.position), rest]
        return self.argument()


_OPENED_BY = {
    "letter": symbols.letter, "(": delimiters.parenthesised, "[": delimiters.parenthesised,
    "|": delimiters.absolute, "|<": delimiters.absolute, "\\|": delimiters.norm, "begin": delimiters.cases,
}  # fmt: skip


def parse(source: str, names: Names | None = None) -> Statement:
    """Read a formula."""
    return Parser(source, names).statement()
