"""Reading atoms: numbers, symbols with their subscripts, and functions applied."""

from __future__ import annotations

from fractions import Fraction

from ..expr import INFINITY, ONE, TWO, Expr, add, div, mul, num, power, sub, sym
from .latex import ACCENTS, STYLES, Token
from .reader import FUNCTIONS, SAME, Reader


class Atoms(Reader):
    """Part of the parser."""

    def atom(self) -> Expr:
        """A number, a symbol, something in delimiters, or a function applied."""
        token = self.token
        if token.kind == "number":
            self.take("number")
            return num(Fraction(token.value))
        if token.kind == "letter":
            return self.letter()
        if token.kind == "{":
            return self.group()
        if token.kind in ("(", "["):
            return self.parenthesised()
        if token.kind in ("|", "|<"):
            return self.absolute()
        if token.kind == "\\|":
            return self.norm()
        if token.kind == "operatorname":
            self.take("operatorname")
            return self.named(token)
        if token.kind == "begin":
            return self.cases()
        if token.kind == "command":
            return self.command_atom(token)
        shown = "the end" if token.kind == "end" else repr(token.value or token.kind)
        raise self.error(f"expected a number, a symbol or an opening delimiter, found {shown}")

    def command_atom(self, token: Token) -> Expr:
        self.take("command")
        value = token.value
        if value == "infty":
            return INFINITY
        if value in ("frac", "tfrac", "dfrac"):
            return self.fraction()
        if value == "binom":
            n, k = self.group(), self.group()
            gamma = [Expr("Gamma", add(x, ONE)) for x in (n, k, sub(n, k))]
            return div(gamma[0], mul(gamma[1], gamma[2]))
        if value == "sqrt":
            degree = TWO
            if self.take("["):
                degree = self.expression()
                self.need("]")
            return power(self.fraction_part(), div(ONE, degree))
        if value in ACCENTS:
            return self.accented(token)
        if value in ("mathbb", "mathbf") and self.indicator_ahead():
            return self.indicator()
        if value in STYLES:
            return self.styled(token)
        if value in FUNCTIONS or value in SAME:
            return self.apply(SAME.get(value, value), token)
        if value == "langle":
            return self.inner_product()
        raise self.error(f"\\{value} is not known", token)

    def styled(self, token: Token) -> Expr:
        """A letter in another style is the same letter; a word in roman is a name."""
        self.need("{")
        inside = []
        while found := self.take("letter"):
            inside.append(found)
        self.need("}")
        if len(inside) == 1:
            return self.symbol(inside[0].value, inside[0])
        if token.value == "mathrm" and inside:
            return self.named(Token("operatorname", "".join(t.value for t in inside), token.position))
        raise self.error("expected one letter in this style", token)

    def accented(self, token: Token) -> Expr:
        inside = self.take("letter")
        if inside is None:
            self.need("{")
            inside = self.need("letter")
            self.need("}")
        return self.symbol(f"{inside.value}_{ACCENTS[token.value]}", inside)

    def named(self, token: Token) -> Expr:
        """\\operatorname{name}."""
        name = SAME.get(token.value, token.value)
        if name in self.names.functions or name in FUNCTIONS:
            return self.apply(name, token)
        if name in self.names.declared:
            return self.symbol(name, token)
        raise self.error(f"the name {token.value!r} is neither a known function nor declared", token)

    def letter(self) -> Expr:
        token = self.need("letter")
        name = token.value
        if name in ("sigma", "Gamma") and name not in self.names.declared | set(self.bound):
            return self.apply(name, token)
        if name == "pi" and "pi" not in self.names.declared:
            return Expr("const", "pi")
        if name == "e" and "e" not in self.names.declared and "e" not in self.bound:
            return Expr("const", "e")
        return self.symbol(name, token)

    def symbol(self, name: str, token: Token) -> Expr:
        """A symbol with its subscripts; applied to arguments if it is a function."""
        if self.token.kind == "^" and self.tokens[self.at + 1].value in ("star", "*"):
            self.at += 2
            name += "_star"
        if name in self.names.functions:
            return self.apply(name, token)
        if name in self.bound:
            name = self.bound[name]
        indices: tuple[Expr, ...] = ()
        if self.token.kind == "_":
            name, indices = self.subscripts(name)
        if self.token.kind == "'":
            raise self.error("a prime marks the derivative of a function; this is not one")
        if name in self.names.functions:
            return self.apply(name, token)
        known = name in self.names.declared or "·" in name or bool(indices) or self.stands_alone(token)
        if (self.token.kind == "(" or (self.token.kind == "[" and not self.iverson_ahead())) and not known:
            raise self.error(f"is {name}(...) a product or a function? declare {name} or define it", token)
        return Expr("idx", name, *indices) if indices else sym(name)

    def stands_alone(self, token: Token) -> bool:
        """Whether the letter also occurs where it cannot be a function: then a parenthesis after it is a factor."""
        return any(
            (t.kind, t.value) == ("letter", token.value)
            and (self.after(k).kind not in ("(", "'", "[") or self.tokens[k - 1].kind in ("^", "_"))
            for k, t in enumerate(self.tokens)
        )

    def after(self, k: int) -> Token:
        """What comes after a letter, the braces of its style or accent passed over."""
        styled = k > 1 and self.tokens[k - 1].kind == "{" and self.tokens[k - 2].kind == "command"
        return self.tokens[k + 2] if styled and self.tokens[k + 1].kind == "}" else self.tokens[k + 1]

    def iverson_ahead(self) -> bool:
        """Whether a bracket holds a condition."""
        depth = 0
        for t in self.tokens[self.at :]:
            depth += (t.kind in "([{") - (t.kind in ")]}") if len(t.kind) == 1 else 0
            if depth == 0:
                return False
            if depth == 1 and t.kind == "relation":
                return True
        return False

    def subscripts(self, name: str) -> tuple[str, tuple[Expr, ...]]:
        """The name and its indices: s_i, p_{ij}, v_{i,k}, w_0, x_{\\text{new}}."""
        self.need("_")
        if self.token.kind != "{":
            token = self.token
            if f"{name}_{token.value}" in self.names.declared:
                self.at += 1
                return f"{name}_{token.value}", ()
            return name, (self.index(self.single()),)
        self.need("{")
        if word := self.take("text", "operatorname"):
            self.need("}")
            return f"{name}_{word.value}", ()
        if self.token.kind == "command" and self.token.value in STYLES:
            self.at += 1
            self.need("{")
            word = "".join(t.value for t in iter(lambda: self.take("letter"), None))
            self.need("}")
            self.need("}")
            return f"{name}_{word}", ()
        indices = self.index_list()
        self.need("}")
        joined = "".join(i.args[0] if i.head == "sym" else str(i.args[0]) for i in indices if i.head in ("sym", "num"))
        return (f"{name}_{joined}", ()) if f"{name}_{joined}" in self.names.declared else (name, indices)

    def index_list(self) -> tuple[Expr, ...]:
        """Indices one after the other, `ij`, or with commas."""
        found = []
        while True:
            part = self.expression()
            found += part.args if part.head == "mul" and all(p.head in ("sym", "num") for p in part.args) else [part]
            if not self.take(","):
                return tuple(self.index(i) for i in found)

    def index(self, e: Expr) -> Expr:
        if e == Expr("const", "e"):
            raise self.error("e as an index can be mistaken for Euler's number; use another letter")
        return e

    # Functions

    def apply(self, name: str, token: Token) -> Expr:
        """A function with what stands between its name and its argument, and the argument."""
        exponent, primes, low = ONE, 0, None
        subscripts: tuple[Expr, ...] = ()
        while True:
            if self.token.kind == "'":
                self.take("'")
                primes += 1
            elif self.token.kind == "_" and name in self.names.functions and self.names.functions[name]:
                self.take("_")
                one = self.names.functions[name] == 1  # then k\\delta is a product
                many = self.braced_list if not one else lambda: (self.group(),)
                subscripts = (self.single(),) if self.token.kind != "{" else many()
            elif self.token.kind == "_" and name == "log":
                self.take("_")
                low = self.single() if self.token.kind != "{" else self.group()
            elif self.token.kind == "^":
                self.take("^")
                exponent = self.group() if self.token.kind == "{" else self.single()
                if exponent.head != "num" or exponent.args[0] <= 0:
                    raise self.error("is this the inverse function or a reciprocal? write it out", token)
            else:
                break
        if name in self.names.functions and len(subscripts) != self.names.functions[name]:
            raise self.error(f"{name} was defined with {self.names.functions[name]} subscripts", token)
        arguments = self.arguments(name, token)
        applied = self.applied(name, subscripts, arguments, primes, token)
        if low is not None:
            applied = div(applied, Expr("log", low))
        return power(applied, exponent)

    def applied(self, name: str, subscripts: tuple, arguments: tuple, primes: int, token: Token) -> Expr:
        if name in self.names.functions:
            call = ("call", name, len(subscripts))
            if not primes:
                return Expr(*call, *subscripts, *arguments)
        elif len(arguments) not in FUNCTIONS[name]:
            raise self.error(f"{name} does not take {len(arguments)} arguments", token)
        else:
            call = (name,)
            if not primes:
                return Expr(name, *arguments)
        if len(arguments) != 1:
            raise self.error("a prime needs a function of one argument", token)
        inner = sym(self.names.fresh.name("x"))
        return Expr("at", Expr("deriv", Expr(*call, *subscripts, inner), *[inner] * primes), inner, arguments[0])

    def braced_list(self) -> tuple[Expr, ...]:
        self.need("{")
        found = self.index_list()
        self.need("}")
        return found

    def arguments(self, name: str, token: Token) -> tuple[Expr, ...]:
        """(a, b), {a, b} after max, or one factor without parentheses, after which nothing may be left in doubt."""
        closers = {"(": ")", "[": "]", "\\{": "\\}"}
        opener = self.take(*closers)
        if opener is not None:
            bars, self.bars = self.bars, 0
            found = [self.expression()]
            while self.take(",", ";"):
                found.append(self.expression())
            self.need(closers[opener.kind], f" to close {name}(")
            self.bars = bars
            return tuple(found)
        if self.token.kind in ("+", "-"):
            raise self.error(f"write {name}(...) around an argument with a sign")
        argument = self.factor()
        if self.starts_factor() and not self.starts_function():
            raise self.error(f"where does the argument of {name} end? write {name}(...)", token)
        return (argument,)

    def starts_function(self) -> bool:
        """Whether the next factor is plainly not part of the argument before it."""
        token = self.token
        if token.kind == "command":
            return token.value in FUNCTIONS or token.value in SAME
        return token.kind == "operatorname" or (token.kind == "letter" and token.value == "sigma")

    def fraction(self) -> Expr:
        derivative = self.derivative_ahead()
        if derivative is not None:
            return derivative
        top = self.fraction_part()
        bottom = self.fraction_part()
        return div(top, bottom)

    def fraction_part(self) -> Expr:
        token = self.token
        if token.kind == "number" and len(token.value) > 1 and token.value.isdigit():  # \frac12
            rest = Token("number", token.value[1:], token.position + 1)
            self.tokens[self.at : self.at + 1] = [Token("number", token.value[0], token.position), rest]
        return self.group() if self.token.kind == "{" else self.single()
