"""The value of a statement of Coq at a point, in balls, by the definitions in proofs/Vocabulary.v alone."""

from fractions import Fraction

from flint import acb, arb, fmpq

NEAR = Fraction(1, 10**12)
FAR = 10**5  # what stands for infinity: 1/x is within 1e-5 of its limit there, and log x above 10
BESIDE = Fraction(1, 10**30)  # so close that a curvature of 10^20 does not show in a quotient
STEPS = [Fraction(n, d) for n in (1, 7, 40) for d in (1, 9, 300)]


class Unclear(Exception):
    """The balls do not tell, or nothing here evaluates it."""


class Dual:
    """a + b d with d d = 0; either part may be one again, with another d."""

    def __init__(self, a, b, depth):
        self.a, self.b, self.depth = a, b, depth


def real(x):
    """A number as a ball, unless it is one already."""
    if isinstance(x, int | Fraction):
        return arb(fmpq(Fraction(x).numerator, Fraction(x).denominator))
    return arb(x) if isinstance(x, fmpq) else x


def base(x):
    """Without infinitesimals."""
    while isinstance(x, Dual):
        x = x.a
    return x


def _depth(x):
    return x.depth if isinstance(x, Dual) else 0


def _split(x, depth):
    return (x.a, x.b) if isinstance(x, Dual) and x.depth == depth else (x, 0)


def add(x, y):
    if not (isinstance(x, Dual) or isinstance(y, Dual)):
        return x + y if isinstance(x, int | Fraction) and isinstance(y, int | Fraction) else real(x) + real(y)
    d = max(_depth(x), _depth(y))
    (a, b), (c, e) = _split(x, d), _split(y, d)
    return Dual(add(a, c), add(b, e), d)


def mul(x, y):
    if not (isinstance(x, Dual) or isinstance(y, Dual)):
        return x * y if isinstance(x, int | Fraction) and isinstance(y, int | Fraction) else real(x) * real(y)
    d = max(_depth(x), _depth(y))
    (a, b), (c, e) = _split(x, d), _split(y, d)
    return Dual(mul(a, c), add(mul(a, e), mul(b, c)), d)


def neg(x):
    return mul(-1, x)


def lift(x, function, derivative):
    """A function of one number, by its slope."""
    if not isinstance(x, Dual):
        return function(real(x))
    return Dual(lift(x.a, function, derivative), mul(x.b, derivative(x.a)), x.depth)


def inverse(x):
    if isinstance(x, int | Fraction):
        return Fraction(0) if x == 0 else 1 / Fraction(x)  # Coq's / 0 is some number
    return lift(x, lambda v: 1 / v, lambda v: neg(power(inverse(v), 2)))


def power(x, n):
    found = 1
    for _ in range(n):
        found = mul(found, x)
    return found


def exp(x):
    return lift(x, lambda v: v.exp(), exp)


def ln(x):
    return lift(x, lambda v: v.log(), inverse)


def sqrt(x):
    return lift(x, lambda v: v.sqrt(), lambda v: inverse(mul(2, sqrt(v))))


def sign(x):
    """-1, 0 or 1."""
    x = base(x)
    if isinstance(x, int | Fraction):
        return (x > 0) - (x < 0)
    if isinstance(x, acb):
        raise Unclear("complex")
    if x > 0 or x < 0:
        return 1 if x > 0 else -1
    if x == 0:
        return 0
    raise Unclear("too close")


def less(x, y):
    return sign(add(y, neg(x))) > 0


def sigmoid(x):
    return inverse(add(1, exp(neg(x))))


def sine(x):
    return lift(x, lambda v: v.sin(), cosine)


def cosine(x):
    return lift(x, lambda v: v.cos(), lambda v: neg(sine(v)))


def cosh(x):
    return mul(Fraction(1, 2), add(exp(x), exp(neg(x))))


def sinh(x):
    return mul(Fraction(1, 2), add(exp(x), neg(exp(neg(x)))))


def sgn(x):
    return sign(x)


def bell(x):
    """The slope of erf."""
    return mul(mul(2, inverse(sqrt(arb.pi()))), exp(neg(mul(x, x))))


def largest(n, among, f):
    values = [f(j) for j in range(1, n + 1) if among(j)]
    best = values[0]
    for v in values[1:]:
        best = v if less(best, v) else best
    return best


def total(n, f):
    found = 0
    for j in range(1, n + 1):
        found = add(found, f(j))
    return found


def product(n, f):
    found = 1
    for j in range(1, n + 1):
        found = mul(found, f(j))
    return found


def upd(s, i, x):
    return lambda j: x if i == j else s(j)


def upd2(s, i, k, x):
    return lambda j, l: x if (i, k) == (j, l) else s(j, l)


FUNCTIONS = {  # name -> number of arguments, function
    "exp": (1, exp),
    "ln": (1, ln),
    "sqrt": (1, sqrt),
    "sigmoid": (1, sigmoid),
    "softplus": (1, lambda x: ln(add(1, exp(x)))),
    "sin": (1, sine),
    "cos": (1, cosine),
    "cosh": (1, cosh),
    "sinh": (1, sinh),
    "tanh": (1, lambda x: mul(sinh(x), inverse(cosh(x)))),
    "atan": (1, lambda x: lift(x, lambda v: v.atan(), lambda v: inverse(add(1, mul(v, v))))),
    "erf": (
        1,
        lambda x: lift(x, lambda v: v.erf(), lambda v: mul(mul(2, inverse(sqrt(arb.pi()))), exp(neg(mul(v, v))))),
    ),
    "sgn": (1, sgn),
    "Rabs": (1, lambda x: neg(x) if sign(x) < 0 else x),
    "Rmax": (2, lambda x, y: y if less(x, y) else x),
    "Rmin": (2, lambda x, y: x if less(x, y) else y),
    "Rpower": (2, lambda x, y: exp(mul(y, ln(x)))),
    "times_log": (2, lambda q, x: 0 if sign(q) == 0 else mul(q, ln(x))),
    "INR": (1, lambda n: n),
    "IZR": (1, lambda n: n),
    "negb": (1, lambda b: not b),
    "Sum": (2, total),
    "Prod": (2, product),
    "Largest": (3, largest),
    "Smallest": (3, lambda n, c, f: neg(largest(n, c, lambda j: neg(f(j))))),
    "upd": (3, upd),
    "upd2": (4, upd2),
    "Rle_dec": (2, lambda x, y: not less(y, x)),
    "Rlt_dec": (2, less),
    "Req_EM_T": (2, lambda x, y: sign(add(x, neg(y))) == 0),
}
CONSTANTS = {"PI": arb.pi, "true": lambda: True, "false": lambda: False, "True": lambda: True}


class Evaluator:
    """Values of trees, with names bound; each tree's once, so that two questions about a statement share them."""

    def __init__(self, values):
        self.values = values
        self.known = {}  # by identity: trees stay while their statement is looked at

    def bound(self, **more):
        return Evaluator({**self.values, **more})

    def __call__(self, tree):
        if isinstance(tree, str):
            return self.name(tree)
        if id(tree) not in self.known:
            self.known[id(tree)] = tree, getattr(self, "_" + NAMES.get(tree[0], tree[0]))(*tree[1:])
        return self.known[id(tree)][1]

    def name(self, said):
        if said.isdigit():
            return int(said)
        if said in self.values:
            return self.values[said]
        if said in CONSTANTS:
            return CONSTANTS[said]()
        raise Unclear(f"{said}")

    def applied(self, function, arguments):
        name = function if isinstance(function, str) else ""
        if name in self.values or not name:
            found = self(function)
            return found(*map(self, arguments))
        if name in SPECIAL:
            return SPECIAL[name](self, *arguments)
        count, call = FUNCTIONS[name]
        values = list(map(self, arguments))
        if len(values) < count:
            return lambda *rest: call(*values, *rest)
        return call(*values[:count])(*values[count:]) if len(values) > count else call(*values)

    def _fun(self, names, body):
        letters = [n for n, _ in names]
        return lambda *values: self.bound(**dict(zip(letters, values, strict=True)))(body)

    def _let(self, name, value, body):
        return self.bound(**{name: self(value)})(body)

    def _if(self, test, yes, no):
        return self(yes) if self(test) else self(no)

    def _neg(self, x):
        return neg(self(x))

    def _inv(self, x):
        return inverse(self(x))

    def _plus(self, x, y):
        return add(self(x), self(y))

    def _minus(self, x, y):
        return add(self(x), neg(self(y)))

    def _times(self, x, y):
        return mul(self(x), self(y))

    def _over(self, x, y):
        return mul(self(x), inverse(self(y)))

    def _power(self, x, n):
        return power(self(x), self(n))

    def _both(self, x, y):
        return self(x) and self(y)

    def _either(self, x, y):
        return self(x) or self(y)

    def _not(self, x):
        return not self(x)

    def _arrow(self, x, y):
        return not self(x) or self(y)

    def _less(self, x, y):
        return less(self(x), self(y))

    def _more(self, x, y):
        return less(self(y), self(x))

    def _most(self, x, y):
        return not self.decided_less(y, x)

    def _least(self, x, y):
        return not self.decided_less(x, y)

    def decided_less(self, x, y):
        try:
            return less(self(x), self(y))
        except Unclear:
            return False  # they may touch: as near as balls tell, the bound holds

    def _equal(self, x, y):
        return same(self(x), self(y))

    def _differ(self, x, y):
        a, b = self(x), self(y)
        return a != b if isinstance(a, bool) else sign(add(a, neg(b))) != 0

    def _forall(self, names, body):
        """Over indices only: as far as what follows admits, all lie below a dozen."""
        return all(
            self.bound(**{n: i for (n, _), i in zip(names, at, strict=True)})(body) for at in _indices(len(names))
        )

    def _exists(self, names, body):
        if names[0][1] in ("Z", "R"):
            return True if names[0][1] == "Z" else _common_limit(self, names, body)
        return any(
            self.bound(**{n: i for (n, _), i in zip(names, at, strict=True)})(body) for at in _indices(len(names))
        )

    def slope(self, function, place):
        depth = _deepest(self.values) + 1
        inner = Evaluator({**self.values, "·": Dual(0, 1, depth)})  # what is inside takes derivatives by other letters
        found = inner(function)(add(self(place), Dual(0, 1, depth)))
        return found.b if isinstance(found, Dual) and found.depth == depth else 0


def _deepest(values):
    return max((_depth(v) for v in values.values()), default=0)


def _indices(count):
    return [(i,) for i in range(1, 13)] if count == 1 else [(i, k) for i in range(1, 8) for k in range(1, 8)]


def same(x, y):
    """Whether two values may be equal: exactly, or as balls that overlap."""
    x, y = base(x), base(y)
    if isinstance(x, bool | int | Fraction) and isinstance(y, bool | int | Fraction):
        return x == y
    return bool(real(x).overlaps(real(y)))


def _derive(e, function, place):
    return e.slope(function, place)


def _quotients(e, function, place):
    """The difference quotients to the right and to the left, very close."""
    f, x = e(function), base(e(place))
    at, step = real(base(f(x))), beside(x)
    return [(real(base(f(add(x, h)))) - at) / real(h) for h in (step, -step)]


def beside(x):
    """A step so small that it stays on one side of 0, whatever the place."""
    return BESIDE * min(Fraction(1), abs(Fraction(x))) if isinstance(x, int | Fraction) and x else BESIDE


def agree(x, y):
    """Whether two slopes are one, as far as quotients can tell."""
    x, y = real(base(x)), real(base(y))
    return bool(abs(x - y) < arb("1e-5") * (1 + abs(x)))


def _ex_derive(e, function, place):
    right, left = _quotients(e, function, place)
    return agree(right, left)


def _is_derive(e, function, place, value):
    own = e(value)
    return same(e.slope(function, place), own) and all(agree(own, q) for q in _quotients(e, function, place))


def _locally(e, place, function):
    """At the place and on both sides of it."""
    holds, x = e(function), e(place)
    step = beside(x)
    return all(holds(add(x, h)) for h in (0, step, -step))


def _argmin(e, domain, function, place, sign_=1):
    d, f, r = e(domain), e(function), e(place)
    if not d(r):
        return False
    others = [add(r, s * step) for step in STEPS for s in (1, -1)]
    return all(less(mul(sign_, f(r)), mul(sign_, f(x))) for x in others if _admits(d, x))


def _admits(d, x):
    try:
        return d(x)
    except Unclear:
        return False


def _bound(e, domain, function, value, sign_=1):
    d, f, m = e(domain), e(function), e(value)
    places = [s * step for step in (0, *STEPS) for s in (1, -1)]
    return all(not _surely_less(mul(sign_, f(x)), mul(sign_, m)) for x in places if _admits(d, x))


def _surely_less(x, y):
    try:
        return less(x, y)
    except Unclear:
        return False


def approached(e, filter_):
    """A place close to the one that a filter approaches."""
    name, *arguments = flat(filter_)
    if name in ("at_right", "at_left"):
        return add(e(arguments[0]), NEAR if name == "at_right" else -NEAR)
    place = arguments[0]
    if place in ("p_infty", "m_infty"):
        return FAR if place == "p_infty" else -FAR
    return add(e(flat(place)[1]), NEAR)


def flat(tree):
    """A name and its arguments."""
    found = []
    while isinstance(tree, tuple) and tree[0] == "apply":
        found.append(tree[2])
        tree = tree[1]
    return [tree, *reversed(found)]


def _near(e, filter_name, place, function):
    return e(function)(approached(e, ("apply", filter_name, place)))


def _filterlim(e, function, filter_, target):
    seen = base(e(function)(approached(e, filter_)))
    name, place = flat(target)
    if name != "locally":
        return bool(real(seen) > 10 if place == "p_infty" else real(seen) < -10)
    return bool(abs(real(seen) - real(base(e(place)))) < arb("0.05"))


def _common_limit(e, names, body):
    """Two functions with one limit: they come close to one another."""
    left, right = (flat(part) for part in body[1:])
    a, b = (base(e(part[1])(approached(e, part[2]))) for part in (left, right))
    return bool(abs(real(a) - real(b)) < arb("0.05"))


def _integral(e, function, low, high):
    f, (a, b) = e(function), (acb(real(e(low))), acb(real(e(high))))
    return acb.integral(lambda z, _: acb(real(base(f(z)))), a, b).real


def _is_integral(e, function, low, high, value):
    return same(_integral(e, function, low, high), e(value))


def _is_improper(e, function, low, high, value):
    f, a = e(function), real(e(flat(low)[1]))
    seen = acb.integral(lambda z, _: acb(real(base(f(z)))), acb(a), acb(a + 60)).real
    return bool(abs(seen - real(e(value))) < arb("1e-9"))


SPECIAL = {
    "Derive": _derive,
    "is_derive": _is_derive,
    "ex_derive": _ex_derive,
    "ex_RInt": lambda e, *integral: bool(_integral(e, *integral).is_finite()),
    "RInt": _integral,
    "is_RInt": _is_integral,
    "is_RInt_gen": _is_improper,
    "locally": _locally,
    "at_right": lambda e, place, function: _near(e, "at_right", place, function),
    "at_left": lambda e, place, function: _near(e, "at_left", place, function),
    "Rbar_locally'": lambda e, place, function: _near(e, "Rbar_locally'", place, function),
    "filterlim": _filterlim,
    "is_argmin": _argmin,
    "is_argmax": lambda e, d, f, r: _argmin(e, d, f, r, -1),
    "is_least": _bound,
    "is_greatest": lambda e, d, f, m: _bound(e, d, f, m, -1),
}
NAMES = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "over",
    "^": "power",
    "/\\": "both",
    "&&": "both",
    "\\/": "either",
    "~": "not",
    "->": "arrow",
    "=": "equal",
    "=?": "equal",
    "<>": "differ",
    "<": "less",
    "<?": "less",
    "<=": "most",
    "<=?": "most",
    ">": "more",
    ">=": "least",
    "apply": "application",
}


def _application(self, *parts):
    name, *arguments = flat(("apply", *parts))
    return self.applied(name, arguments)


Evaluator._application = _application


def sides(tree, evaluate, relation):
    """What stands on the two sides of a statement's conclusion, where it relates two numbers."""
    while isinstance(tree, tuple) and tree[0] in ("forall", "->", "/\\"):
        tree = tree[2]
    if relation == "~":  # |x - v| <= half a unit of the last digit
        _, (_, absolute, (_, x, v)), _ = tree
        return (evaluate(x), evaluate(v)) if absolute == "Rabs" else None
    if tree[0] in ("=", "<", "<=", ">", ">="):
        return evaluate(tree[1]), evaluate(tree[2])
    name, *arguments = flat(tree)
    if name != "is_derive":
        return None
    return evaluate.slope(*arguments[:2]), evaluate(arguments[2])


def verdict(tree, evaluate):
    """Whether the hypotheses of a statement hold at a point, and whether all that it concludes does."""
    while isinstance(tree, tuple) and tree[0] == "forall":
        tree = tree[2]
    while isinstance(tree, tuple) and tree[0] == "->":
        if not evaluate(tree[1]):
            return False, None
        tree = tree[2]
    return True, evaluate(tree)
