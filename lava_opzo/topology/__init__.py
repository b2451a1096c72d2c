"""Which pre-synaptic neuron reaches which post-synaptic neuron through which weight."""
