"""The value of an expression at a point."""

from .binders import members
from .core import Point, bind, value, whole
from .pieces import holds, member

__all__ = ["Point", "bind", "holds", "member", "members", "value", "whole"]
