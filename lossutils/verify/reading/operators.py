"""Reading what takes the rest of a term over indices or a variable: sums, products, extrema."""

from __future__ import annotations

from ..expr import INFINITY, ONE, Expr, add, sub, substitute
from .latex import Token
from .reader import AUTO, Reader


class Operators(Reader):
    """Part of the parser."""

    def prefix_operator(self) -> Expr | None:
        """An operator that applies to the rest of the term, with that rest."""
        token, scope = self.token, self.bound
        try:
            if token.kind == "command" and token.value in ("sum", "prod"):
                return self.big(token)
            if token.kind == "command" and token.value in ("max", "min") and self.tokens[self.at + 1].kind == "_":
                return self.extremum(token)
            if token.kind == "command" and token.value in ("inf", "sup", "arg", "argmin", "argmax"):
                return self.optimum(token)
            if token.kind == "operatorname" and token.value.replace("\\,", "") in (
                "argmin",
                "argmax",
                "arg min",
                "arg max",
            ):
                return self.optimum(token)
            if token.kind == "command" and token.value == "lim":
                return self.limit()
            if token.kind == "command" and token.value == "int":
                return self.integral()
            if token.kind == "left.":
                return self.evaluated()
            return self.derivative_operator()
        finally:
            if token.value != "int":  # an integral ends at its differential
                self.ended |= {n: own for n, own in self.bound.items() if scope.get(n) != own}
            self.bound = scope

    # Sums, products, extrema over indices

    def big(self, token: Token) -> Expr:
        """\\sum and \\prod."""
        start = self.at
        self.take("command")
        ranges = self.index_ranges()
        body = self.term()
        for _, range_ in ranges:
            self.one_letter_runs(range_, start, token)
        return self.nested(token.value, ranges, body)

    def one_letter_runs(self, range_: Expr, start: int, token: Token) -> None:
        """In j \\ne t, t has to be a letter known from elsewhere, or both might be meant to run."""
        for condition in range_.args:
            other = condition.args[1] if condition.head == "!=" else None
            if other is None or other.head != "sym" or "·" in other.args[0] or other.args[0] in self.names.declared:
                continue
            elsewhere = [*self.tokens[:start], *self.tokens[self.at :]]
            if not any(t.kind == "letter" and t.value == other.args[0] for t in elsewhere):
                raise self.error(f"does {other.args[0]} run as well? declare it, or write two signs", token)

    def nested(self, head: str, ranges: list[tuple[Expr, Expr]], body: Expr) -> Expr:
        for variable, range_ in reversed(ranges):
            body = Expr(head, variable, range_, body)
        return body

    def index_ranges(self) -> list[tuple[Expr, Expr]]:
        """What stands below and above the sign: variables bound, with their ranges."""
        upper = None
        if self.token.kind == "^":  # the upper limit may come first
            upper = self.upper_limit()
        self.need("_")
        if self.token.kind == "{":
            self.need("{")
            ranges = self.index_specification()
            self.need("}")
        else:
            ranges = [(self.bind(self.need("letter").value), AUTO)]
        if self.token.kind == "^":
            upper = self.upper_limit()
        if upper is None:
            return ranges
        (variable, range_), *more = ranges
        if more or (range_.head == "range" and range_.args[1] is not INFINITY) or range_.head == "in":
            raise self.error("an upper limit needs a lower limit of the form j = 1")
        conditions = range_.args[2:] if range_.head == "range" else range_.args
        return [(variable, Expr("range", range_.args[0] if range_.head == "range" else ONE, upper, *conditions))]

    def upper_limit(self) -> Expr:
        self.need("^")
        return self.group() if self.token.kind == "{" else self.single()

    def index_specification(self) -> list[tuple[Expr, Expr]]:
        """j = 1 · j \\in P · j · i, j · i < j · 1 \\le i < j \\le n · each with further conditions after commas."""
        start = self.at
        letter = self.take("letter")
        following = self.token
        if letter and following.kind in ("}", ",") and self.plain_list(start):
            return self.letters(start)
        if letter and following.kind == "relation" and following.value in ("=", "in", "notin", "!="):
            return [self.single_index(letter, following)]
        self.at = start
        return self.ordered()

    def plain_list(self, start: int) -> bool:
        """Whether only letters and commas stand before the brace."""
        at = start
        while self.tokens[at].kind in ("letter", ","):
            at += 1
        return self.tokens[at].kind == "}"

    def letters(self, start: int) -> list[tuple[Expr, Expr]]:
        self.at = start
        found = []
        while self.token.kind != "}":
            if letter := self.take("letter"):
                found.append((self.bind(letter.value), AUTO))
            else:
                self.need(",")
        return found

    def single_index(self, letter: Token, relation: Token) -> tuple[Expr, Expr]:
        if relation.value == "!=" and letter.value in self.bound:
            raise self.error("write the bound letter first", letter)
        self.take("relation")
        if relation.value == "=":
            low = self.expression()
            variable = self.bind(letter.value)
            return variable, Expr("range", low, INFINITY, *self.conditions())
        if relation.value == "in":
            inside = self.set_symbol()
            variable = self.bind(letter.value)
            return variable, Expr("in", inside, *self.conditions())
        variable = self.bind(letter.value)
        other = self.set_symbol() if relation.value == "notin" else self.expression()
        return variable, Expr("auto", Expr(relation.value, variable, other), *self.conditions())

    def set_symbol(self) -> Expr:
        token = self.need("letter", " naming a set")
        return self.symbol(token.value, token)

    def conditions(self) -> tuple[Expr, ...]:
        found = []
        while self.take(","):
            found.append(self.condition())
        return tuple(found)

    def ordered(self) -> list[tuple[Expr, Expr]]:
        """i < j, and 1 \\le i < j \\le n: letters not yet in scope are bound."""
        sides, relations = [], []
        start = self.token
        while True:
            token = self.token
            new = token.kind == "letter" and token.value not in self.bound and token.value not in self.names.declared
            bounding = relations and (relations[-1] == "<=" and (len(relations) > 1 or not self._new(sides)))
            ends = self.tokens[self.at + 1].kind in ("}", ",")
            if new and (ends or self.tokens[self.at + 1].kind == "relation") and not (bounding and ends):
                self.take("letter")
                sides.append(self.bind(token.value))
            else:
                sides.append(self.expression())
            relation = self.take("relation")
            if relation is None:
                break
            relations.append(relation.value)
        if not relations or any(r not in ("<", "<=") for r in relations):
            raise self.error("these limits are not understood", start)
        return self.between(sides, relations, start)

    def between(self, sides: list[Expr], relations: list[str], start: Token) -> list[tuple[Expr, Expr]]:
        """Ranges for the bound letters in a chain of < and <=."""
        mine = [n for n, s in enumerate(sides) if s.head == "sym" and "·" in s.args[0] and s in self._new(sides)]
        found: list[tuple[Expr, Expr]] = []
        for n in mine:
            low = high = None
            if n > 0:
                low = sides[n - 1] if relations[n - 1] == "<=" else add(sides[n - 1], ONE)
            if n + 1 < len(sides) and n + 1 not in mine:
                high = sides[n + 1] if relations[n] == "<=" else sub(sides[n + 1], ONE)
            if low is None and high is None and not found and len(mine) == 1:
                raise self.error("these limits are not understood", start)
            found.append((sides[n], Expr("range", low or ONE, high or Expr("auto"))))
        last = found[-1][1].args[1] if found else None
        if last is None:
            raise self.error("no letter is bound here", start)
        return [(v, Expr("range", r.args[0], last if r.args[1] == Expr("auto") else r.args[1])) for v, r in found]

    def _new(self, sides: list[Expr]) -> list[Expr]:
        return [s for s in sides if s.head == "sym" and s.args[0] in self.bound.values()]

    def extremum(self, token: Token) -> Expr:
        """\\max_j over indices; \\max_x over a real variable."""
        mark = self.at
        self.take("command")
        ranges = self.index_ranges_or_none()
        if ranges is not None:
            body = self.term()
            if all(self.indexes(body, v.args[0]) for v, _ in ranges):
                return self.nested(f"{token.value}over", ranges, body)
        self.at = mark
        return self.optimum(token)

    def index_ranges_or_none(self) -> list[tuple[Expr, Expr]] | None:
        try:
            return self.index_ranges()
        except ValueError:
            return None

    @staticmethod
    def indexes(body: Expr, name: str) -> bool:
        """Whether the symbol is used as an index."""
        return any(e.head == "idx" and any(name in i.free for i in e.args[1:]) for e in body.walk())

    def optimum(self, token: Token) -> Expr:
        """\\arg\\min_x, \\min_x, \\inf_x and the like, over the reals or an interval."""
        self.at += 1
        head = {"min": "least", "max": "most"}.get(token.value, token.value.replace(" ", ""))
        if head == "arg":
            kind = self.command("min", "max")
            if kind is None:
                raise self.error("expected \\min or \\max after \\arg")
            head = "arg" + kind.value
        self.need("_")
        braces = self.take("{")
        letter = self.take("letter") or self.accent_letter()
        domain: tuple[Expr, ...] = ()
        if braces and (relation := self.take("relation")):
            if relation.value != "in":
                raise self.error("expected \\in or }", relation)
            domain = self.domain()
        if braces:
            self.need("}")
        variable = self.bind(letter.value)
        body = self.term()
        if domain and domain[0].head == "set" and head in ("least", "most", "inf", "sup"):
            values = [substitute(body, variable.args[0], x) for x in domain[0].args]
            return Expr("min" if head in ("least", "inf") else "max", *values)
        return Expr(head, variable, body, *domain)

    def accent_letter(self) -> Token:
        token = self.token
        if token.kind != "command":
            raise self.error("expected the letter that is varied")
        self.take("command")
        found = self.accented(token)
        return Token("letter", found.args[0], token.position)

    def domain(self) -> tuple[Expr, ...]:
        if self.command("mathbb"):
            self.need("{")
            if self.need("letter").value != "R":
                raise self.error("only the real numbers, intervals and finite sets can be ranged over")
            self.need("}")
            return ()
        found = self.interval_or_set()
        if found is None:
            raise self.error("expected an interval")
        return (found,)
