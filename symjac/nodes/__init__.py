"""The heart: a small set of immutable, interned, shape-checked nodes."""
