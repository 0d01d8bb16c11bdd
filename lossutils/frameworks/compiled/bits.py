"""Numbers as their bits and back, and the order of float32 numbers as that of whole ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir
from numba import extending
from numba.core import types

LLVM: TypeAlias = Any  # llvmlite and numba say nothing of the types of their objects
Intrinsic: TypeAlias = Callable[..., float]

intrinsic: Callable[[Callable[..., LLVM]], Intrinsic] = extending.intrinsic
_INT32, _INT64 = ir.IntType(32), ir.IntType(64)


def _reinterpreted(result: LLVM, argument: LLVM, llvm: LLVM) -> Callable[..., Any]:
    @intrinsic
    def function(context: LLVM, x: LLVM) -> LLVM:
        def generate(context: LLVM, builder: LLVM, signature: LLVM, args: LLVM) -> LLVM:
            return builder.bitcast(args[0], llvm)

        return result(argument), generate

    return function


as_float64: Callable[..., float] = _reinterpreted(types.float64, types.int64, ir.DoubleType())
as_bits64: Callable[..., int] = _reinterpreted(types.int64, types.float64, _INT64)


@intrinsic
def times_two_to(context: LLVM, p: LLVM, shifted: LLVM) -> LLVM:
    """`p` times 2 to the k, of float32 numbers; `shifted` is k + 1.5 * 2**23, whose last bits are k's."""

    def generate(context: LLVM, builder: LLVM, signature: LLVM, args: LLVM) -> LLVM:
        p, k = (builder.bitcast(x, _INT32) for x in args)
        return builder.bitcast(builder.add(p, builder.shl(k, _INT32(23))), ir.FloatType())

    return types.float32(types.float32, types.float32), generate


def _flipped(builder: LLVM, bits: LLVM) -> LLVM:
    """The bits of a float32 as a whole number in the same order; the same again leads back."""
    return builder.xor(bits, builder.and_(builder.ashr(bits, _INT32(31)), _INT32(0x7FFFFFFF)))


@intrinsic
def rank(context: LLVM, x: LLVM) -> LLVM:
    """A whole number, ordered as float32 numbers are; NaN comes before minus infinity or after infinity."""

    def generate(context: LLVM, builder: LLVM, signature: LLVM, args: LLVM) -> LLVM:
        return _flipped(builder, builder.bitcast(args[0], _INT32))

    return types.int32(types.float32), generate


@intrinsic
def of_rank(context: LLVM, k: LLVM) -> LLVM:
    """The float32 number of this rank."""

    def generate(context: LLVM, builder: LLVM, signature: LLVM, args: LLVM) -> LLVM:
        return builder.bitcast(_flipped(builder, args[0]), ir.FloatType())

    return types.float32(types.int32), generate


def _chosen(comparison: str) -> Intrinsic:
    @intrinsic
    def function(context: LLVM, a: LLVM, b: LLVM) -> LLVM:
        def generate(context: LLVM, builder: LLVM, signature: LLVM, args: LLVM) -> LLVM:
            return builder.select(builder.icmp_signed(comparison, *args), *args)

        return types.int32(types.int32, types.int32), generate

    return function


greater, smaller = _chosen(">"), _chosen("<")  # of two ranks: compilers vectorise these, not floats' with their NaN
