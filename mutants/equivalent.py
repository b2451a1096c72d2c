"""The mutants that survive because they change nothing, each with its reason: file -> statement before the change -> reason."""

BASE_FIRST = "what the base class sets up and what follows it touch different attributes"
TWO_CHANNELS = "both channels are read or written in every step, and no process waits for one before it serves the other"
UNUSED = "neither statement uses what the other makes"
WATCHED = "watching reads a value that the other statement leaves as it is"

EQUIVALENT = {
    "lava_opzo/arithmetic/fixed/synapses.py": {
        "weights += np.where(safe, total, 0).astype(weights.dtype) ; (flat, touches) = (weights.flat, 0)":
            "`flat` is a view of the weights",
        "matrix @ s.reshape(-1, topology.n_pre).T.astype(weights.dtype)": "the product of a sparse matrix is `*` as well as `@`",
        "rows.size == 0 or columns.size == 0": "an early end; without it the empty block is updated and 0 touches are counted",
        "s.ndim > 1": "a single row may take the way of many: its sums are exact in 64-bit floats, too"},
    "process_models/neuron.py": {
        "super().__init__(proc_params) ; number = proc_params['number']": BASE_FIRST},
    "process_models/sample_clock.py": {
        "super().__init__(proc_params) ; self.learning = proc_params['learning']": BASE_FIRST},
    "process_models/learning_dense/models.py": {
        "self.a_buff = received(self._topology, self.weights, s_in if self.num_message_bits[0] else self.x0) ; "
        "self.s_in_bap.recv()": UNUSED,
        "self.s_in_bap.recv() ; (self.y1, self.y2, self.y3) = (self.s_in_y1.recv(), self.s_in_y2.recv(), "
        "self.s_in_y3.recv())": TWO_CHANNELS},
    "process_models/learning_patches/models.py": {
        "super().__init__(proc_params) ; (self._topology, self._profile) = (proc_params['topology'], proc_params['profile'])":
            BASE_FIRST,
        "self._rail_touches = proc_params['rail_touches'] ; "
        "self._sum_shift = self._topology.sum_shift if isinstance(self._topology, Conv) else 0": UNUSED,
        "self.a_out.send(self.a_buff) ; s_in = self.s_in.recv()":
            "what sends here waits for nothing that this process sends in the same step",
        "self.a_buff = self.numbers.synapses.received(self._topology, self.weights, sent) ; "
        "(self._y1, self._y2) = (self.s_in_y1.recv(), self.s_in_y2.recv())": UNUSED,
        "self._x0.any() and (self._y1.any() or self._y2.any())":
            "an early end; without it 0 is added to the weights, or to no weight, and 0 touches are counted"},
    "process_models/opzo_lif/models.py": {
        "self.count[:] = self.counted(self.count, self.spikes, step) ; self.n_spikes += self.learn * self.spikes.sum()": UNUSED,
        "self.a = self.a_in.recv() ; third_factor = self.a_third_factor_in.recv()": TWO_CHANNELS,
        "third_factor = self.a_third_factor_in.recv() ; self.spikes = np.zeros_like(self.count)": UNUSED,
        "self.watch(a=self.a, v=v) ; self.psi += self.gate(v)": WATCHED,
        "self.psi += self.gate(v) ; (self.spikes, self.v[:]) = self.fire(v)": UNUSED},
    "process_models/opzo_readout/models.py": {
        "super().__init__(proc_params) ; (self._mailbox, self._kind) = (proc_params['mailbox'], proc_params['kind'])": BASE_FIRST,
        "self.a = self.a_in.recv() ; label = self.a_third_factor_in.recv()": TWO_CHANNELS,
        "self.spikes = self._message(step) ; self.write_traces(-self.y if step.rank else np.zeros_like(self.y))":
            "the first reads error and dhat, the second reads y and writes y1 and y2",
        "self.watch(o=o) ; self.prediction[:] = self.predict(o if self.learn[0] else self.learning.windows * o)": WATCHED,
        "self.watch(d=credit.d) ; (self.error[:], self.y[:], self.y_residual[:]) = (credit.error, credit.y, credit.y_residual)":
            WATCHED},
    "process_models/sample_source/models.py": {
        "super().__init__(proc_params) ; self._mailbox = proc_params['mailbox']": BASE_FIRST,
        "self.s_out.send(self.spikes) ; self.s_label_out.send(label)": TWO_CHANNELS},
    "process_models/variable_source/models.py": {
        "super().__init__(proc_params) ; self.n_out = proc_params['n_out']": BASE_FIRST},
}


def reason(file, mutant) -> str | None:
    """Why this mutant of `file` changes nothing, or None if nobody has shown that."""
    return EQUIVALENT.get(str(file), {}).get(mutant.before)
