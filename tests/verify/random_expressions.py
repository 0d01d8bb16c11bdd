"""Random expressions of everything the checker knows, and random points for their letters."""

from fractions import Fraction
from random import Random

from lossutils.verify.expr import ONE, ZERO, Expr, add, mul, num, power, sym
from lossutils.verify.meaning.domains import REAL, Family, Index, Scalar, Simplex, Subset
from lossutils.verify.meaning.problem import Problem

K = sym("K")
DOMAINS = {
    "x": REAL,
    "y": REAL,
    "a": Scalar(low=ZERO, low_closed=False),
    "p": Scalar(low=ZERO, high=ONE, low_closed=False, high_closed=False),
    "z": Scalar(integer=True),
    "K": Scalar(low=ONE, integer=True),
    "s": Family(REAL, (K,)),
    "q": Simplex(K),
    "P": Subset(K),
    "t": Index(ONE, K),
    "u": Index(ONE, K),
}
NUMBERS = [num(Fraction(*n)) for n in ((0, 1), (1, 1), (-1, 1), (2, 1), (3, 1), (1, 2), (-1, 2), (2, 3))]


class Maker:
    """Expressions drawn from a seed."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.count = 0

    def one_of(self, items):
        return items[self.random.randrange(len(items))]

    def real(self, depth, bound=()):
        """A real expression; `bound` are the letters of the sums around."""
        if depth <= 0 or self.random.random() < 0.12:
            return self.leaf(bound)
        kind = self.one_of(("add", "add", "mul", "mul", "pow", "function", "piece", "over", "over", "cases"))
        return getattr(self, kind)(depth - 1, bound)

    def leaf(self, bound):
        if self.random.random() < 0.35:
            return self.one_of(NUMBERS)
        if self.random.random() < 0.45:
            return Expr("idx", self.one_of("sq"), self.index(bound))
        if self.random.random() < 0.08:
            return Expr("card", sym("P"))
        return sym(self.one_of(("x", "y", "a", "p", "x", "z")))

    def index(self, bound):
        return self.one_of((*bound, *bound, sym("t"), sym("u"), ONE))

    def add(self, depth, bound):
        return add(*(self.real(depth, bound) for _ in range(self.one_of((2, 2, 3)))))

    def mul(self, depth, bound):
        return mul(*(self.real(depth, bound) for _ in range(self.one_of((2, 2, 3)))))

    def pow(self, depth, bound):
        exponents = [num(Fraction(*n)) for n in ((2, 1), (3, 1), (-1, 1), (-1, 1), (-2, 1), (1, 2), (-1, 2), (3, 2))]
        exponent = self.one_of([*exponents, sym("z"), sym("x")])
        return power(self.real(depth, bound), exponent)

    def function(self, depth, bound):
        name = self.one_of(("exp", "exp", "log", "log", "sigma", "tanh", "cosh", "softplus", "cos", "sin"))
        return Expr(name, self.real(min(depth, 1), bound))

    def piece(self, depth, bound):
        name = self.one_of(("abs", "abs", "sign", "max", "min", "bool"))
        if name == "bool":
            return Expr("bool", self.condition(depth, bound))
        return Expr(name, *(self.real(depth, bound) for _ in range(2 if name in ("max", "min") else 1)))

    def cases(self, depth, bound):
        return Expr("cases", self.real(depth, bound), self.condition(depth, bound), self.real(depth, bound))

    def condition(self, depth, bound):
        if self.random.random() < 0.5:
            if self.random.random() < 0.4:
                return Expr(self.one_of(("in", "notin")), self.index(bound), sym("P"))
            return Expr(self.one_of(("=", "!=")), self.index(bound), self.index(bound))
        return Expr(self.one_of(("<", "<=", "=")), self.real(min(depth, 1), bound), self.real(min(depth, 1), bound))

    def over(self, depth, bound):
        self.count += 1
        letter = sym(f"{self.one_of('jkl')}·{self.count}")
        head = self.one_of(("sum", "sum", "sum", "sum", "prod", "maxover", "minover"))
        return Expr(head, letter, self.range(letter, bound), self.real(depth, (*bound, letter)))

    def range(self, letter, bound):
        kind = self.random.random()
        if kind < 0.15:
            return Expr("in", sym("P"))
        low = add(self.one_of(bound), ONE) if bound and kind < 0.3 else ONE
        high = self.one_of((K, K, K, num(3), num(2)))
        conditions = []
        for _ in range(self.one_of((0, 0, 0, 1, 1, 2))):
            if self.random.random() < 0.7:
                conditions.append(Expr("!=", letter, self.one_of((*bound, sym("t"), sym("u")))))
            else:
                conditions.append(Expr(self.one_of(("in", "notin")), letter, sym("P")))
        return Expr("range", low, high, *conditions)


def problem(*es):
    """A problem in whose sides some expressions stand."""
    names = set().union(*(e.free for e in es))
    used = {n for n in names if n in DOMAINS}
    used |= {"K"} if used & {"s", "q", "P", "t", "u"} else set()
    used |= {"P"} if any(p.head in ("in", "notin") for e in es for p in e.walk()) else set()
    return Problem(list(es), [], {n: DOMAINS[n] for n in sorted(used)}, [], set())
