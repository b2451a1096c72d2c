"""Pre-flight rules about numbers: widths, and the conditions under which every engine and the chip compute the same weights."""
import numpy as np

from lava_opzo.arithmetic.fixed.synapses import received
from lava_opzo.board.finding import Finding, judged
from lava_opzo.board.subject import Subject
from lava_opzo.learning.rules import SCALE_EXPONENT, Product
from lava_opzo.network.widths import largest_count, largest_sum
from lava_opzo.silicon.limits import Limit
from lava_opzo.silicon.profile import DECAY_TRACE, GENERATOR_BITS, PAYLOAD_MAX, TRACE_MAX

FORM_A = "docs/arithmetic.md section 5; lava/magma/core/learning/learning_rule_applier.py"
ALL = "all connections"


def threshold(subject: Subject) -> list[Finding]:
    """vth has 17 bits in Lava; on the board the upper one may not be there."""
    limits, findings = subject.limits, []
    for layer in subject.network.hidden:
        findings += [
            judged("threshold", layer.name, layer.vth, limits.vth_mantissa, "lower vth and the weights' scale"),
            judged("threshold on the board", layer.name, layer.vth, limits.vth_mantissa_board, "halve vth, psi_width and sigma",
                   "warning"),
        ]
    return findings


def leak_and_bias(subject: Subject) -> list[Finding]:
    """Registers of the leak and of the noise, which is written into the bias."""
    limits, findings = subject.limits, []
    for layer in subject.network.hidden:
        findings += [
            judged("leak", layer.name, layer.dv, limits.decay, "choose a dv of 12 bits"),
            judged("bias mantissa", layer.name, layer.bias_mant, limits.bias_mantissa, "raise bias_exp"),
            judged("bias exponent", layer.name, layer.bias_exp, limits.bias_exponent, "lower the noise"),
        ]
    return findings


def in_every_step(subject: Subject) -> list[Finding]:
    """Where weights learn in every step: the leak and the largest possible sum of the readout, decay and state of the traces."""
    network, limits, learning = subject.network, subject.limits, subject.network.learning
    if not learning.by_step:
        return []
    sent = {network.input.name: network.input.largest_payload(learning.steps), **{layer.name: 1 for layer in network.hidden}}
    readout = network.readout
    return [
        judged("leak", readout.name, readout.dv, limits.decay, "choose a dv of 12 bits"),
        judged("running sum, worst case", readout.name, largest_sum(network.forward[-1], readout, learning, network.profile),
               limits.state, "measure it: give samples; or raise dv, lower sigma", "warning"),
        judged("decay of traces", ALL, learning.eligibility.decay, limits.decay, "choose a decay of 12 bits"),
        *[judged("trace of spikes", name, largest_count(learning, most), limits.state, "let traces decay faster")
          for name, most in sent.items()]]


def weight_range(subject: Subject) -> list[Finding]:
    """Largest magnitude of every W and M against the 8 bits of a mixed-sign weight."""
    limits, findings = subject.limits, []
    negative = Limit(-limits.weight_min.number, limits.weight_min.unit, limits.weight_min.source, limits.weight_min.verified)
    for name, weights in _weights(subject).items():
        findings += [
            judged("weight width", name, int(weights.max()), limits.weight_max,
                   "a weight touched the rail; go on from an earlier checkpoint with a smaller scale"),
            judged("weight width, negative", name, -int(weights.min()), negative, "scale the weights down"),
        ]
    return findings


def even_weights(subject: Subject) -> list[Finding]:
    """A mixed-sign weight of 8 bits is even; odd ones would be cut off on the chip."""
    none_odd = Limit(0, "odd weights", FORM_A, True)
    return [judged("even weights", name, int(np.count_nonzero(weights & 1)), none_odd,
                   "odd weights come from a touch of +255; go on from an earlier checkpoint")
            for name, weights in _weights(subject).items()]


def epoch(subject: Subject) -> list[Finding]:
    """Length of the learning epoch."""
    return [judged("learning epoch", ALL, subject.t_epoch, subject.limits.epoch, "choose a shorter t_epoch")]


def products(subject: Subject) -> list[Finding]:
    """Products of a rule and factors of a product; their limits are not public."""
    limits, findings = subject.limits, []
    for kind, rule in subject.rules.items():
        findings += [
            judged("products", kind, len(rule), limits.products_per_rule, ""),
            judged("factors", kind, max(len(product.factors) for product in rule), limits.factors_per_product, ""),
        ]
    return findings


def payloads(subject: Subject) -> list[Finding]:
    """Bits of graded spikes: inputs, and the error on its way into M."""
    network = subject.network
    widest = {network.input.name: PAYLOAD_MAX.bit_length(), f"{network.readout.name} error": TRACE_MAX.bit_length()}
    return [judged("payload", name, bits, subject.limits.payload_bits, "send fewer bits") for name, bits in widest.items()]


def noise(subject: Subject) -> list[Finding]:
    """Bits of the state of a noise generator, of which every hidden neuron has one."""
    return [judged("noise generator", layer.name, GENERATOR_BITS, subject.limits.generator_bits,
                   "keep the generator in two states of the neuron program") for layer in subject.network.hidden]


def exact_update(subject: Subject) -> list[Finding]:
    """Form A: 2^k with k >= 1, a single 7-bit factor (or a decay trace that makes up for the shift), no saturated product."""
    limits, k, bits = subject.limits, SCALE_EXPONENT, subject.network.learning.credit.d_bits
    none_smaller, none_lost = Limit(0, "units below 2", FORM_A, True), Limit(0, "bits lost", FORM_A, True)
    findings = [
        judged("exact update: smallest step", ALL, 2 - (1 << k), none_smaller, "use k >= 1"),
        judged("exact update: largest change", "W", TRACE_MAX << k, limits.weight_change, "use a smaller k or y"),
        judged("exact update: largest change", "M", (1 << bits + k) >> 1, limits.weight_change, "use fewer d_bits"),
        judged("exact update: trace y", "W", TRACE_MAX, limits.trace, "clip y to 127"),
        judged("exact update: trace y", "M", (1 << bits) >> 1, limits.trace, "use fewer d_bits"),
    ]
    return findings + [judged("exact update: shift", f"{kind}: {product}", _bits_lost(product), none_lost,
                              "use a single 7-bit factor") for kind, rule in subject.rules.items() for product in rule]


def _bits_lost(product: Product) -> int:
    """Bits that the shift of a product drops from its trace; y3 brings DECAY_TRACE = 2^shift, so that it loses none."""
    brought = DECAY_TRACE.bit_length() - 1 if "y3" in product.factors else 0
    return max(0, product.shift - brought)


def synaptic_input(subject: Subject) -> list[Finding]:
    """The largest possible synaptic input, all inputs at their maximum; beyond 16 bits chips may wrap or clip it."""
    if subject.state is None:
        return []
    network, findings = subject.network, []
    hidden = {layer.name for layer in network.hidden}
    for connection in network.forward:
        if connection.target in hidden:
            weights = subject.state[connection.weights]
            first = connection.source == network.input.name
            payload = network.input.largest_payload(network.learning.steps) if first else 1
            topology, everything = connection.topology, np.ones(connection.topology.n_pre, np.int32)
            largest = payload * max(int(received(topology, sign.clip(0), everything).max()) for sign in (weights, -weights))
            findings.append(judged("synaptic input, worst case", connection.target, largest, subject.limits.synaptic_input,
                                   "measure it: give samples", "warning"))
    return findings


def _weights(subject: Subject) -> dict[str, np.ndarray]:
    """Connection -> its weights, for those on the board; {} where no weights are known."""
    state = subject.state
    return {} if state is None else {connection.name: state[connection.weights] for connection in subject.connections}


ARITHMETIC_RULES = (threshold, leak_and_bias, in_every_step, weight_range, even_weights, epoch, products, payloads, noise,
                    exact_update, synaptic_input)
