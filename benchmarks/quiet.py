"""Imported before the frameworks: no log lines, one device, one thread."""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
