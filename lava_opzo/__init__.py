"""lava-opzo: online pseudo-zeroth-order learning of spiking networks, bit for bit, on Lava and Loihi 2."""

__version__ = "0.1.0"
