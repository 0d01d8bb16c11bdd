"""Coq run as a program: trials of many proofs at once, and the compilation that counts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Container, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

QUIET = ["-w", "-ambiguous-paths"]
HEADER = "From Losses Require Import Library.\nUnset Nra Cache. Unset Nia Cache. Unset Lia Cache.\n"
CONDITIONS = 15  # seconds for the conditions of a statement, in a trial
PROCESSES = 2
BATCH = 8


@dataclass(frozen=True)
class Posed:
    """A statement to be proved, and what is tried: tactics after `start`, or else one whole script."""

    name: str
    statement: str
    tactics: tuple[str, ...] = ()
    script: str = ""


def installed() -> bool:
    """Whether there is a Coq here."""
    return shutil.which("coqc") is not None


def library(proofs: Path) -> list[Path]:
    """The library's files, each after those that it needs."""
    names = re.findall(r"Losses Require Export ([\w ]+)\.", (proofs / "Library.v").read_text(encoding="utf-8"))
    return [proofs / f"{name}.v" for name in " ".join(names).split()] + [proofs / "Library.v"]


def compiled(proofs: Path, path: Path) -> tuple[bool, str]:
    """Compile one file: whether it failed, and what Coq said: its errors then, else what it was asked to print."""
    command = ["nice", "-n", "5", "coqc", *QUIET, "-Q", str(proofs), "Losses", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode != 0, done.stdout + done.stderr if done.returncode else done.stdout


def build_library(proofs: Path) -> None:
    """Compile what is older than its source, and what comes after it."""
    stale = False
    for path in library(proofs):
        made = path.with_suffix(".vo")
        stale = stale or not made.exists() or made.stat().st_mtime < path.stat().st_mtime
        if stale:
            failed, said = compiled(proofs, path)
            if failed:
                raise RuntimeError(f"{path.name}: {said}")


def theorem_files(proofs: Path) -> list[Path]:
    """The files of theorems; none needs another."""
    return sorted((proofs / "theorems").glob("*.v"))


def build_theorems(proofs: Path, certified: Container[str] = ()) -> str:
    """Compile the theorems without a certificate, or older than what they rest on; what Coq names as their axioms."""
    newest = max(p.stat().st_mtime for p in library(proofs))
    stale = [p for p in theorem_files(proofs) if p.name not in certified or _made(p) <= max(newest, p.stat().st_mtime)]
    said = ""
    with ThreadPoolExecutor(PROCESSES) as pool:
        for path, (failed, part) in zip(stale, pool.map(lambda p: compiled(proofs, p), stale), strict=True):
            if failed:
                raise RuntimeError(f"{path.name}: {part}")
            said += part
    return said


def _made(source: Path) -> float:
    """When a file was compiled."""
    made = source.with_suffix(".vo")
    return made.stat().st_mtime if made.exists() else 0.0


def _session(posed: Iterable[Posed], seconds: int) -> str:
    text = HEADER + "Set Default Timeout 25.\n"
    for p in posed:
        text += f'Goal True. idtac "@@ {p.name}". exact I. Qed.\nLemma {p.name} :\n{p.statement}.\nProof.\n'
        if p.script:
            text += f"{p.script}\nQed.\n"
        else:
            text += f'Timeout {CONDITIONS} (start; idtac "STARTED").\n'
            for n, tactic in enumerate(p.tactics):
                text += f'Timeout {seconds} all: solve [{tactic}].\nidtac "LEFT {n}".\n'
            text += f"Timeout {4 * seconds} Qed.\n"
        text += f'Abort All.\nGoal True. idtac "CHECK". exact I. Qed.\nCheck {p.name}.\n'
    return text


def _found(said: str, p: Posed) -> str:
    """What a trial came to: a tactic, "script", or in brackets why not."""
    part = said.split(f"@@ {p.name}\n", 1)[-1].split("@@ ", 1)[0]
    proved = re.search(rf"^{p.name}\s+:", part.split("CHECK", 1)[-1], re.M)
    if p.script:
        return "script" if proved else "(script)"
    if not proved:
        return "(tactics)" if "STARTED" in part else "(conditions)"
    before = part.split("STARTED", 1)[-1].split("No more goals", 1)[0]
    left = before.count("LEFT ")
    return p.tactics[left] if left < len(p.tactics) else "(tactics)"


def trial(proofs: Path, posed: Sequence[Posed], seconds: int) -> dict[str, str]:
    """What proves each statement, by name."""
    batches = [posed[n : n + BATCH] for n in range(0, len(posed), BATCH)]

    def one(batch: Sequence[Posed]) -> tuple[dict[str, str], str]:
        command = ["nice", "-n", "5", "coqtop", "-q", "-w", "-all", "-Q", str(proofs), "Losses"]
        done = subprocess.run(command, input=_session(batch, seconds), capture_output=True, text=True)
        return {p.name: _found(done.stdout, p) for p in batch}, done.stdout + done.stderr

    found: dict[str, str] = {}
    with ThreadPoolExecutor(PROCESSES) as pool:
        for part, said in pool.map(one, batches):
            found |= part
            (proofs / ".trial.log").open("a", encoding="utf-8").write(said)
    return found
