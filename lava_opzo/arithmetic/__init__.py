"""The numbers: pure functions over arrays, no network and no Lava."""
