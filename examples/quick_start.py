"""Train a spiking network on handwritten digits, test it, and let two engines compare every bit: python examples/quick_start.py

The first run compiles the twin, once and in less than a minute; after that the whole file takes seconds.
"""
import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Learning, Network, Readout, evaluate, initial_state, train, verify

TRAINING = 1437

images, labels = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(labels))
payloads, labels = np.minimum(images[order], 15).astype(np.uint8), labels[order]      # 4 bits an input line
frames = np.column_stack([payloads, np.full(len(labels), 15, np.uint8)])[:, None]     # a bias line; one frame for all steps

network = Network.chain(
    n_in=65,
    hidden=[Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17),
            Hidden(n=100, vth=200, bias_mant=1920, bias_exp=0, psi_width=100, y_shift=16)],
    readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11),
    sigma=(6.0, 14.0, 4.0), x_shift=(8, 3, 3),
    learning=Learning(halve_every=2 * TRAINING, max_halvings=1))

result = train(network, frames[:TRAINING], labels[:TRAINING], epochs=3)
predictions = evaluate(network, result.state, frames[TRAINING:])
print(f"test accuracy {100 * np.mean(predictions == labels[TRAINING:]):.2f} % after {result.state.n_trained} samples")

report = verify(network, initial_state(network), frames[:2], labels[:2], engines=("twin", "oracle"))
print(f"{' and '.join(report.engines)}: {report.differing} of {report.compared} values differ")
