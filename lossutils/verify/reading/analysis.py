"""Reading limits, integrals, derivatives, and values at a point."""

from __future__ import annotations

from ..expr import Expr, mul, neg, substitute, sym
from .latex import Token
from .reader import Reader


class Analysis(Reader):
    """Part of the parser."""

    def limit(self) -> Expr:
        self.take("command")
        self.need("_")
        self.need("{")
        letter = self.need("letter")
        relation = self.take("relation", "command")
        if relation is None or relation.value not in ("to", "downarrow", "uparrow"):
            raise self.error("expected \\to")
        sign = self.take("-", "+")
        point = self.limit_point()
        point = neg(point) if sign and sign.kind == "-" else point
        side = {"downarrow": "+", "uparrow": "-"}.get(relation.value, "")
        if self.take("^"):
            braces = self.take("{")
            side = (self.take("+", "-") or self.token).kind
            if braces:
                self.need("}")
        self.need("}")
        variable = self.bind(letter.value)
        return Expr("limit", self.term(), variable, point, side)

    def limit_point(self) -> Expr:
        factors = [self.atom()]
        while self.starts_factor():
            factors.append(self.atom())
        return mul(*factors)

    def integral(self) -> Expr:
        """\\int_a^b ... dx: the integrand reaches to its dx."""
        self.take("command")
        if self.token.kind != "_":
            raise self.error("only integrals with limits can be checked")
        self.need("_")
        low = self.signed_group()
        self.need("^")
        high = self.signed_group()
        end = self.differential()
        variable = self.bind(self.tokens[end + 1].value)
        self.tokens[end] = Token("end", "d", self.tokens[end].position)
        body = self.expression()
        if (self.token.kind, self.token.value) != ("end", "d"):
            raise self.error("expected the integrand to end at its differential")
        self.at += 2
        return Expr("integral", body, variable, low, high)

    def signed_group(self) -> Expr:
        return self.group() if self.token.kind == "{" else self.single()

    def differential(self) -> int:
        if "d" in self.names.declared:
            raise self.error("d is a letter here: the integral's differential cannot be told from it")
        depth = inner = 0
        for at in range(self.at, len(self.tokens) - 1):
            token = self.tokens[at]
            inner += depth == 0 and (token.kind, token.value) == ("command", "int")
            depth += (token.kind in "{([") - (token.kind in "})]") if len(token.kind) == 1 else 0
            if depth < 0:
                break
            if depth == 0 and token.kind == "letter" and token.value == "d" and self.tokens[at + 1].kind == "letter":
                if not inner:
                    return at
                inner -= 1  # the integral within ends first
        raise self.error("no differential such as dx closes this integral")

    def is_d(self, at: int) -> int:
        """How many tokens at a place spell the d of a derivative: d, \\partial, \\mathrm{d}; 0 if they do not."""
        token = self.tokens[at]
        if token.kind == "letter" and token.value == "d" and "d" not in self.names.declared:
            return 1
        if token.kind == "command" and token.value == "partial":
            return 1
        if token.kind == "command" and token.value == "mathrm" and self.tokens[at + 2].value == "d":
            return 4
        return 0

    def derivative_parts(self) -> tuple[Expr | None, list[Expr]] | None:
        """After \\frac: what stands above beside the d, if anything, and the variables; None if it is no derivative."""
        if self.token.kind != "{" or not self.is_d(self.at + 1):
            return None
        start, depth, at = self.at, 0, self.at
        while True:  # where the numerator ends
            depth += (self.tokens[at].kind == "{") - (self.tokens[at].kind == "}")
            at += 1
            if depth == 0 or self.tokens[at].kind == "end":
                break
        if self.tokens[at].kind != "{" or not self.is_d(at + 1):
            return None
        self.at = start + 1 + self.is_d(start + 1)
        order = self.order()
        above = None if self.token.kind == "}" else self.differentiated()
        self.need("}")
        self.need("{")
        variables: list[Expr] = []
        while skip := self.is_d(self.at):
            self.at += skip
            variable = self.variable()
            variables += [variable] * self.order()
        self.need("}")
        if len(variables) != order:
            raise self.error(f"a derivative of order {order} by {len(variables)} variables")
        return above, variables

    def order(self) -> int:
        if not self.take("^"):
            return 1
        braces = self.take("{")
        found = self.need("number")
        if braces:
            self.need("}")
        if not found.value.isdigit() or not 1 <= int(found.value) <= 4:
            raise self.error("expected an order of differentiation from 1 to 4", found)
        return int(found.value)

    def variable(self) -> Expr:
        """A symbol with its indices, its superscript left alone."""
        token = self.token
        if token.kind == "command":
            self.take("command")
            return self.accented(token)
        if token.value == "e" and "e" not in self.names.declared and "e" not in self.bound:
            raise self.error("e is Euler's number unless it is declared: say e='real'")
        found = self.symbol(self.need("letter").value, token)
        if found.head not in ("sym", "idx"):
            raise self.error("expected a variable to differentiate by", token)
        return found

    def differentiated(self) -> Expr:
        """What is differentiated; a function's bare name means its value at its own parameters."""
        token, following = self.token, self.tokens[self.at + 1]
        if token.kind == "letter" and token.value in self.names.functions and following.kind == "}":
            self.take("letter")
            return Expr("call", token.value, -1)
        return self.term()

    def derivative_ahead(self) -> Expr | None:
        """\\frac{df}{dx}, after \\frac."""
        start = self.at
        parts = self.derivative_parts()
        if parts is None or parts[0] is None:
            self.at = start
            return None
        return Expr("deriv", parts[0], *parts[1])

    def derivative_operator(self) -> Expr | None:
        """\\frac{d}{dx} applied to the rest of the term."""
        if self.token.kind != "command" or self.token.value not in ("frac", "tfrac", "dfrac"):
            return None
        start = self.at
        self.take("command")
        parts = self.derivative_parts()
        if parts is None or parts[0] is not None:
            self.at = start
            return None
        return Expr("deriv", self.term(), *parts[1])

    def evaluated(self) -> Expr:
        """\\left. ... \\right|_{x = 0}."""
        self.take("left.")
        bars, self.bars = self.bars, 1
        body = self.expression()
        if not self.take("|", "|>"):
            raise self.error("expected the bar after which the place stands")
        self.bars = bars
        self.need("_")
        self.need("{")
        while True:
            variable = self.variable()
            if (self.take("relation") or self.token).value != "=":
                raise self.error("expected = after the variable")
            where = self.expression()
            if variable.head == "sym":  # a name of its own, like every bound letter's
                inner = sym(self.names.fresh.name(variable.args[0]))
                body, variable = substitute(body, variable.args[0], inner), inner
            body = Expr("at", body, variable, where)
            if not self.take(","):
                break
        self.need("}")
        return body
