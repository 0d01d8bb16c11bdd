"""Settings under which PyTorch and TensorFlow share a process, quiet and repeatable: import this before either."""

import importlib.util
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")

# PyTorch's build for GPUs brings Triton, whose copy of LLVM crashes if TensorFlow's was loaded before it.
if importlib.util.find_spec("triton"):
    importlib.import_module("triton")
