"""The mutants that survive because they change nothing, each with its reason: file -> statement before the change -> reason."""

BASE_FIRST = "what the base class sets up and what follows it touch different attributes"
TWO_CHANNELS = "both channels are read or written in every step, and no process waits for one before it serves the other"
UNUSED = "neither statement uses what the other makes"
WATCHED = "watching reads a value that the other statement leaves as it is"

EQUIVALENT = {
    "lava_opzo/arithmetic/fixed/weights.py": {
        "rows.size == 0 or columns.size == 0": "an early end; without it the empty block is updated and 0 touches are counted"},
    "process_models/sample_clock.py": {
        "super().__init__(proc_params) ; self._programs = [schedule.programs[proc_params['layer']] "
        "for schedule in proc_params['schedules']]": BASE_FIRST},
    "process_models/learning_dense/models.py": {
        "self.a_buff = columns @ s_in[active] if self.num_message_bits[0] else columns.sum(axis=1, dtype=np.int32) ; "
        "self.s_in_bap.recv()": UNUSED,
        "self.s_in_bap.recv() ; (self.y1, self.y2, self.y3) = (self.s_in_y1.recv(), self.s_in_y2.recv(), "
        "self.s_in_y3.recv())": TWO_CHANNELS},
    "process_models/opzo_lif/models.py": {
        "super().__init__(proc_params) ; self._decay_period = proc_params['decay_period']": BASE_FIRST,
        "self.a = self.a_in.recv() ; third_factor = self.a_third_factor_in.recv()": TWO_CHANNELS,
        "third_factor = self.a_third_factor_in.recv() ; self.spikes = np.zeros_like(self.count)": UNUSED,
        "self.watch(a=self.a, v=v) ; self.psi += membrane.near_threshold(v, self.vth, self.psi_width)": WATCHED},
    "process_models/opzo_readout/models.py": {
        "super().__init__(proc_params) ; self._halvings = (proc_params['halve_every'], proc_params['max_halvings'])": BASE_FIRST,
        "self.a = self.a_in.recv() ; target = self.a_third_factor_in.recv()": TWO_CHANNELS,
        "self.spikes = self._feedback(step) ; self._write_traces(step)":
            "the first reads error and dhat, the second reads y and writes y1 and y2",
        "self.watch(o=o) ; self.prediction[0] = self.arithmetic.credit.predict(o)": WATCHED,
        "self.watch(d=d) ; (self.d_hat[:], self.d_residual[:]) = credit.quantise(self.d_residual, d, self.d_shift, self._d_max)":
            WATCHED},
    "process_models/sample_source/models.py": {
        "super().__init__(proc_params) ; self._mailbox = proc_params['mailbox']": BASE_FIRST,
        "self.s_out.send(self.spikes) ; self.s_label_out.send(label)": TWO_CHANNELS},
}


def reason(file, mutant) -> str | None:
    """Why this mutant of `file` changes nothing, or None if nobody has shown that."""
    return EQUIVALENT.get(str(file), {}).get(mutant.before)
