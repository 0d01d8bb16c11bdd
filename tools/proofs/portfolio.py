"""Which tactics are tried on which kind of statement, the likely and the cheap ones first."""

from __future__ import annotations

IDENTITY = (
    "id_plain",
    "id_noise",
    "id_sigmoid",
    "id_logs",
    "id_args",
    "id_exp",
    "id_exp_args",
    "id_inside",
    "id_inside2",
    "id_ln_exp",
    "id_deep",
    "id_pieces",
    "id_pieces_logs",
    "id_exp_inv",
)
INEQUALITY = (
    "in_plain",
    "in_sigmoid",
    "in_pieces_fin",
    "in_exp",
    "in_logs",
    "in_ln_mono",
    "in_interval",
    "in_frac",
    "in_psatz",
)
NUMBER = ("nu_plain", "nu_interval", "nu_pieces", *IDENTITY[:6])
SUMS = ("su_plain", "su_conc", "su_pull", "su_ext", "su_ext_in", "su_dist", "su_logs", "su_logs_dist", "su_exp")
SUM_INEQUALITY = ("si_terms", "si_opp_terms", "si_scal_terms", "si_gen")
DERIVATIVE = (
    "dv_plain",
    "dv_noise",
    "dv_args",
    "dv_exp",
    "dv_args_exp",
    "dv_exp_args",
    "dv_cosh",
    "dv_ineq",
    "dv_pieces",
    "dv_kinks",
)
DERIVATIVE_OF_SUMS = ("dv_sums", "dv_sums_logs", "dv_picks", "dv_plain")
ARGMIN = ("am_slope", "am_square", "am_pieces")

TACTICS: dict[str, tuple[str, ...]] = {
    "identity": IDENTITY,
    "inequality": INEQUALITY,
    "number": NUMBER,
    "identity of sums": (*SUMS, "id_logs"),
    "inequality of sums": (*SUM_INEQUALITY, *SUMS[:3]),
    "derivative": DERIVATIVE,
    "derivative of sums": DERIVATIVE_OF_SUMS,
    "argmin": ARGMIN,
    "argmax": ARGMIN,
    "largest": ("id_plain", "in_plain"),
    "integral": (),
    "limit": (),
    "least": (),
    "most": (),
}
