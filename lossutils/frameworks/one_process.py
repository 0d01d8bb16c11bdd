"""PyTorch and TensorFlow in one process: import this before either.

PyTorch's build for GPUs brings Triton, whose copy of LLVM crashes if TensorFlow's was loaded before it. So Triton is
loaded here, where it is installed. Nothing else is touched.
"""

import importlib
import importlib.util

if importlib.util.find_spec("triton"):
    importlib.import_module("triton")
