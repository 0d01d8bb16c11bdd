"""What is said of a loss, as data: its docstring, the atlas and the checks of the formulas all take it from here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

DTYPES = "Dtypes: prediction floating; target floating, integer or boolean; results in the prediction's dtype."


@dataclass(frozen=True, kw_only=True)
class Description:
    """A loss in symbols and words. Formulas are LaTeX; `gradient` and `curvature` are what stands right of the equals.

    A loss of rows has its gradient's entry for class j here, and its Hessian's for i and j.
    """

    loss: str
    gradient: str
    gradient_in_words: bool = False  # whether the class's documentation says it so, without the formula
    gradient_at: str = ""  # where that formula holds, if not everywhere
    curvature: str
    smooth_at: str = ""  # where the loss has both derivatives, if not everywhere
    defined: tuple[str, ...] = ()  # equations of letters that the loss and its gradient use
    curvature_defined: tuple[str, ...] = ()  # and of those that only the curvature uses
    remark: str = ""  # what else a table has to say of the formulas
    target: str = "y"  # the letters of the target and of the prediction
    prediction: str = "f"
    prediction_is: str = "number"  # or "log mean", "score" (of a margin), "logit" or "scores"
    lipschitz: str = ""  # the least Lipschitz constant as a formula, where it is one
    cancels: str = ""  # of a gradient that is right to ulps of its terms only, where these nearly cancel: why
    minimiser: str = ""  # where there is no closed form, what can be said
    letters: tuple[str, ...] = ()  # of a row of two numbers, which are no scores: their letters
    gradients: tuple[str, ...] = ()  # and in these the first derivatives, one by one
    curvatures: tuple[str, ...] = ()  # and the second: in the first twice, in both, in the second twice
    source: str

    @property
    def formulas(self) -> tuple[str, ...]:
        """The equations of the documentation: the loss, the letters in it, its gradient."""
        slope = rf"\frac{{\partial L}}{{\partial {self.prediction}{'_j' * (self.prediction_is == 'scores')}}}"
        slope = r"\nabla L" if self.letters else slope
        gradient = f"{slope} = {self.gradient}" + (rf" \quad ({self.gradient_at})" if self.gradient_at else "")
        equations = f"L({self.target}, {self.prediction}) = {self.loss}", *self.defined
        return equations if self.gradient_in_words else (*equations, gradient)

    def filled_into(self, documentation: str) -> str:
        """A docstring with the formulas in place of ``{formulas}``, dtypes and source in place of ``{source}``."""
        block = ".. math:: " + ", \\qquad\n       ".join(self.formulas)
        accuracy = f"A small gradient is right to ulps of its terms, not of itself: {self.cancels}. " * bool(
            self.cancels
        )
        source = f"{DTYPES} {accuracy}Source: {self.source}."
        return documentation.replace("{formulas}", block).replace("{source}", source)


of_margin = partial(Description, target="z", prediction_is="score")
of_rows = partial(Description, prediction="s", prediction_is="scores")


def of_pair(
    letters: tuple[str, str], gradients: tuple[str, str], curvatures: tuple[str, str, str], **more: Any
) -> Description:
    """The same of a loss of two numbers: its gradient as a pair, its Hessian as a matrix."""
    first, both, second = curvatures
    matrix = rf"\begin{{pmatrix}} {first} & {both} \\ {both} & {second} \end{{pmatrix}}"
    return Description(
        prediction=", ".join(letters),
        prediction_is="pair",
        gradient=rf"\left({gradients[0]},\; {gradients[1]}\right)",
        curvature="0" if set(curvatures) == {"0"} else matrix,
        letters=letters,
        gradients=gradients,
        curvatures=curvatures,
        **more,
    )
