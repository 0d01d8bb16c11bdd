"""A reading of statements of Coq that knows nothing of how they were written: by tokens and Coq's precedences."""

import re

TOKEN = re.compile(
    r"\s*(->|=>|:=|/\\|\\/|<=\?|<\?|=\?|<=|>=|<>|&&|%[a-z]+|\d+|[A-Za-z_][A-Za-z_0-9']*|[-+*/^()=<>:,~])"
)
WORDS = {"forall", "exists", "fun", "let", "in", "if", "then", "else"}
# Operators by their level in Coq, the loosest first. Relations of one level may be chained: a <= b <= c.
LEVELS = [["\\/"], ["/\\"], ["=", "<>", "<", "<=", ">", ">=", "=?", "<?", "<=?"], ["+", "-"], ["*", "/", "&&"]]
RIGHT = {"\\/", "/\\"}


def tokens(said):
    """The tokens of a text."""
    found, at = [], 0
    said = said.rstrip()
    while at < len(said):
        match = TOKEN.match(said, at)
        if match is None:
            raise SyntaxError(f"at {said[at : at + 30]!r}")
        found.append(match[1])
        at = match.end()
    return found


def parsed(said):
    """The tree of a text: names and numerals as strings, the rest as tuples with the operator first."""
    reader = _Reader(tokens(said))
    tree = reader.term()
    if reader.left:
        raise SyntaxError(f"left over: {reader.left[:8]}")
    return tree


class _Reader:
    def __init__(self, left):
        self.left = left

    def next(self):
        return self.left.pop(0)

    def peek(self):
        return self.left[0] if self.left else ""

    def expect(self, *said):
        for token in said:
            if (got := self.next()) != token:
                raise SyntaxError(f"{token} expected, not {got}")

    def term(self):
        """The loosest: an arrow, whose right side is as loose."""
        left = self.level(0)
        if self.peek() == "->":
            self.next()
            return ("->", left, self.term())
        return left

    def level(self, n):
        if n == len(LEVELS):
            return self.unary()
        if LEVELS[n] == LEVELS[2] and self.peek() == "~":
            self.next()
            return ("~", self.level(2))
        left = self.level(n + 1)
        while self.peek() in LEVELS[n]:
            operator = self.next()
            right = self.level(n) if operator in RIGHT else self.level(n + 1)
            if n == 2 and isinstance(left, tuple) and left[0] in LEVELS[2]:  # a chain
                left = ("/\\", left, (operator, left[2], right))
            else:
                left = (operator, left, right)
        return left

    def unary(self):
        if self.peek() in ("-", "/"):
            return ("neg" if self.next() == "-" else "inv", self.unary())
        base = self.applied()
        if self.peek() == "^":
            self.next()
            return ("^", base, self.unary())
        return base

    def applied(self):
        found = self.atom()
        while (
            self.peek()
            and (self.peek() == "(" or re.match(r"\w", self.peek()))
            and self.peek() not in (WORDS - {"fun"})
        ):
            found = ("apply", found, self.atom())
        return found

    def atom(self):
        token = self.next()
        if token == "(":
            found = self.term()
            self.expect(")")
        elif token in WORDS:
            found = self.binder(token)
        elif re.match(r"\w", token):
            found = token
        else:
            raise SyntaxError(f"{token} where a term should be")
        while self.peek().startswith("%"):
            self.next()
        return found

    def binder(self, word):
        """What reaches as far to the right as it can."""
        if word == "if":
            test = self.term()
            self.expect("then")
            yes = self.term()
            self.expect("else")
            return ("if", test, yes, self.term())
        if word == "let":
            name = self.next()
            self.expect(":=")
            value = self.term()
            self.expect("in")
            return ("let", name, value, self.term())
        names = self.names()
        self.expect("=>" if word == "fun" else ",")
        return (word, names, self.term())

    def names(self):
        """Bound names with their types, each in brackets or all of one type."""
        found = []
        while self.peek() not in ("=>", ",", ":"):
            if self.peek() == "(":
                self.next()
                name = self.next()
                self.expect(":")
                kind = []
                while self.peek() != ")":
                    kind.append(self.next())
                self.next()
                found.append((name, " ".join(kind)))
            else:
                found.append((self.next(), ""))
        if self.peek() == ":":
            self.next()
            kind = self.next()
            found = [(name, kind) for name, _ in found]
        return found
