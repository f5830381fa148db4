"""The fuzzer's targets, on random bytes and on pieces of LaTeX in random order."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import PIECES, read_everything, spelled


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.lists(st.integers(128, 255), max_size=30).map(bytes))
@example(b"")
@example(b"\x00\xff\xfe")
@example(bytes([128] * 200))
def test_nothing_but_our_own_errors_leaves_a_reader(data: bytes) -> None:
    read_everything(data)


def test_bytes_spell_pieces() -> None:
    assert spelled(b"A\x80") == f"A{PIECES[0]}"
