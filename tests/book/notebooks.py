"""What the tests read from notebooks' files."""


def outputs(cells):
    """All outputs of some cells."""
    return [o for c in cells for o in c["outputs"]]


def run_once_from_top_to_bottom(cells):
    """Whether the code cells count 1 to n; a cell without a number passes nbval unchecked."""
    return [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1))
