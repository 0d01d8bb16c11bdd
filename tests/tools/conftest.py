"""The installer, at work where it can break nothing."""

import importlib.util

import pytest

from tools.run_tests import ROOT


@pytest.fixture
def installer(tmp_path, monkeypatch):
    """The installer, at work in a folder of its own with tiny requirements."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "tools" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "installed"))
    monkeypatch.setattr(module, "LOG", str(tmp_path / ".venv" / "install.log"))
    return module
