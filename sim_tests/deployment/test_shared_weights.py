"""A network with shared weights is deployed in the loop; on chip it is refused before anything starts, with exit code 5."""
import pytest

from lava_opzo.deployment.deployment import Deployment
from lava_opzo.errors import DoesNotFitError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from sim_tests.helpers.patches import patches_network


def test_shared_weights_on_chip_are_refused_with_what_would_fit():
    network = patches_network(Local, Conv)
    with pytest.raises(DoesNotFitError, match=r"W2: the weights are shared .*unrolled\(\), or choose mode in-the-loop") as found:
        Deployment(Experiment(Data("none"), network, Training()), initial_state(network))
    assert found.value.exit_code == 5 and len(str(found.value).splitlines()) == 1
