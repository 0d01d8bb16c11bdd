"""What XGBoost and LightGBM can be asked to minimise, into benchmarks/objectives.json: python -m tools.objectives

Both are fetched into an environment that is gone afterwards; neither is needed to run the book. XGBoost lists its
objectives when it is asked for one that it has not. LightGBM lists them nowhere: every word in its library is tried,
and the names in its documentation.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from .environments import Environment
from .run_tests import ROOT

PACKAGES = ("xgboost-cpu==3.2.0", "lightgbm==4.7.0", "numpy", "scipy")
DOCUMENTED = (  # short names are no words of the library, but parts of its instructions
    "regression regression_l1 huber fair poisson quantile mape gamma tweedie binary multiclass multiclassova "
    "cross_entropy cross_entropy_lambda lambdarank rank_xendcg"
).split()
ASK = r"""
import json, os, re, sys
from importlib.metadata import version
from pathlib import Path
import lightgbm, numpy as np, xgboost

def of_xgboost():
    data = xgboost.DMatrix(np.ones((4, 1)), label=np.ones(4))
    try:
        xgboost.train({"objective": "none of these"}, data, 1)
    except xgboost.core.XGBoostError as error:
        return sorted(set(re.findall(r"Objective candidate: (\S+)", str(error))))

def of_lightgbm(names):
    (library,) = Path(lightgbm.__file__).parent.glob("lib/lib_lightgbm.*")
    words = {w.decode() for w in re.findall(rb"[a-z][a-z0-9_]{2,30}", library.read_bytes())}
    return [name for name in sorted(words.union(names)) if any(taken(name, classes) for classes in (1, 2))]

def taken(name, classes):
    try:
        data = lightgbm.Dataset(np.ones((4, 1)), np.ones(4), group=[4])
        lightgbm.Booster({"objective": name, "num_class": classes}, data)
    except lightgbm.basic.LightGBMError:
        return False
    return name not in ("none", "null", "na", "custom")  # which stand for no objective

print(json.dumps({
    "XGBoost": {"version": version("xgboost-cpu"), "objectives": of_xgboost()},
    "LightGBM": {"version": version("lightgbm"), "objectives": of_lightgbm(sys.argv[1:])},
}))
"""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lossutils-objectives-") as folder:
        made = Environment.make(Path(folder))
        made.pip("install", *PACKAGES)
        said = subprocess.run([made.interpreter, "-c", ASK, *DOCUMENTED], capture_output=True, text=True, check=True)
    found = json.loads(said.stdout.splitlines()[-1])
    (ROOT / "benchmarks" / "objectives.json").write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
