"""Steps: single calls of NumPy, written as an assignment where a result is new, and into a place where there is one."""

from __future__ import annotations

from typing import NamedTuple

INFIX = {"matmul": "@", "add": "+", "subtract": "-", "multiply": "*", "divide": "/"}

IN_PLACE = {"add", "subtract", "multiply", "divide"}

UFUNCS = {*INFIX, "negative", "exp", "log", "sin", "cos", "tanh", "logaddexp", "greater", "sqrt", "power"}
"""The functions that take the place of their result as one more argument."""

COPY, RAW, AFFINE = "copy", "raw", "affine"


class Step(NamedTuple):
    """One call: its NumPy function, the code of its arguments, the name it defines and the place it is written to."""

    function: str
    args: tuple[str, ...]
    name: str = ""
    out: str = ""

    def written(self) -> str:
        """Return the statement as a person would write it."""
        if self.function == COPY:
            return f"{self.out}{'' if self.out.endswith(']') else '[...]'} = {self.args[0]}"
        if self.function == RAW:
            return f"{self.name} = {self.args[0]}"
        if self.out and self.function in IN_PLACE and self.args[0] == self.out and self.name in ("", self.out):
            return f"{self.out} {INFIX[self.function]}= {self.args[1]}"
        if self.out:
            return f"{self._defines()}{self._call(f'out={self.out}')}"
        return f"{self.name} = {self.value()}"

    def value(self) -> str:
        """Return the call as an expression that makes a new array."""
        if self.function in INFIX:
            return f" {INFIX[self.function]} ".join(self.args)
        if self.function == "negative":
            return f"-{self.args[0]}"
        return self._call()

    def placed(self) -> str:
        """Return the statement that writes into a place made beforehand."""
        if self.function == COPY:
            return f"np.copyto({self.out}, {self.args[0]})"
        if self.function == RAW:
            return f"{self.name} = {self.args[0]}"
        if not self.out:
            return f"{self.name} = {self.value()}"
        return self._call(self.out if self.function in UFUNCS else f"out={self.out}")

    def _call(self, *more: str) -> str:
        module = "" if self.function == AFFINE else "np."
        return f"{module}{self.function}({', '.join([*self.args, *more])})"

    def _defines(self) -> str:
        return f"{self.name} = " if self.name and self.name != self.out else ""
