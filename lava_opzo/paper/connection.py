"""The plastic connection below a layer: a linear map with weights, forwards, backwards, and what its weights should change by."""
import math

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.grad import conv2d_input, conv2d_weight

from lava_opzo.paper.layers import Layer

STABLE = 1e-4
"""Added to the variance that standardised weights are divided by."""


def standardised(weights: Tensor, gain: Tensor) -> Tensor:
    """Weights of mean 0 and variance 1/fan-in for each neuron or channel, times its gain."""
    flat = weights.flatten(1)
    centred = flat - flat.mean(1, keepdim=True)
    spread = (flat.var(1, keepdim=True) * flat.shape[1] + STABLE).sqrt()
    return (gain[:, None] * centred / spread).view_as(weights)


class Connection:
    """Weights from what arrives at a layer to the currents of its neurons.

    layer: its geometry. scale: what arrives is multiplied by it. start: standard deviation of the first weights times the root
    of the fan-in. products: what weights are multiplied in, results are of dtype. parameters: `weights`, with `gain` where they
    are standardised and `bias` where there is one. gradient: the sum of what `teach` left, by parameter, except that of `weights`
    is that of the weights in use (`collected`).

    Shapes:
        weights: (n_post, n_pre) or (channels, channels below, kernel, kernel).
    """

    def __init__(self, layer: Layer, scale: float, start: float, standardise: bool, bias: bool, generator: torch.Generator,
                 dtype: torch.dtype, products: torch.dtype):
        self.layer, self.scale, self.dtype, self.products = layer, scale, dtype, products
        n, n_pre = layer.shape[0], layer.arriving[0] if layer.kernel else math.prod(layer.arriving)
        weights = torch.randn((n, n_pre, *[layer.kernel] * 2 * bool(layer.kernel)), generator=generator, dtype=dtype)
        self.parameters = {"weights": weights * start / math.sqrt(layer.fan_in)}
        if standardise:
            self.parameters["gain"] = torch.ones(n, dtype=dtype)
        if bias:
            self.parameters["bias"] = torch.zeros(n, dtype=dtype)
        self.gradient: dict[str, Tensor] = {}

    @property
    def used(self) -> Tensor:
        """The weights in use, as they are multiplied."""
        weights, gain = self.parameters["weights"], self.parameters.get("gain")
        return (weights if gain is None else standardised(weights, gain)).to(self.products)

    def pooled(self, sent: Tensor) -> Tensor:
        """What arrives of what is sent from below: averaged over pixels where the layer pools."""
        pool = self.layer.pool
        if pool == 1:
            return sent
        return functional.avg_pool2d(sent, pool) if pool else sent.mean((2, 3))

    def spread(self, g: Tensor) -> Tensor:
        """The transpose of `pooled`: the derivative with respect to what is sent, from that with respect to what arrives."""
        pool = self.layer.pool
        if pool == 1:
            return g.view(len(g), *self.layer.below)
        _, rows, columns = self.layer.below
        if not pool:
            return (g / (rows * columns))[:, :, None, None].expand(-1, -1, rows, columns)
        wide = functional.interpolate(g, scale_factor=pool) / pool**2
        return functional.pad(wide, (0, columns - wide.shape[3], 0, rows - wide.shape[2]))

    def currents(self, arriving: Tensor) -> Tensor:
        """x = W (scale * what arrives) + bias."""
        arriving, bias = (self.scale * arriving).to(self.products), self.parameters.get("bias")
        bias = None if bias is None else bias.to(self.products)
        if not self.layer.kernel:
            return functional.linear(arriving.flatten(1), self.used, bias).to(self.dtype)
        return functional.conv2d(arriving, self.used, bias, self.layer.stride, self.layer.kernel // 2).to(self.dtype)

    def returned(self, delta: Tensor) -> Tensor:
        """scale * W^T delta: the derivative with respect to what arrives, from that with respect to the currents."""
        shape, delta = (len(delta), *self.layer.arriving), delta.to(self.products)
        if not self.layer.kernel:
            return self.scale * (delta @ self.used).view(shape).to(self.dtype)
        return self.scale * conv2d_input(shape, self.used, delta, self.layer.stride, self.layer.kernel // 2).to(self.dtype)

    def teach(self, pre: Tensor, delta: Tensor) -> None:
        """Add the mean over the batch of delta pre^T to the gradient; pre: the trace of what arrived."""
        delta = delta / len(delta)
        rough, pre = delta.to(self.products), pre.to(self.products)
        if self.layer.kernel:
            change = conv2d_weight(pre, self.parameters["weights"].shape, rough, self.layer.stride, self.layer.kernel // 2)
            for_bias = delta.sum((0, 2, 3))
        else:
            change, for_bias = rough.T @ pre.flatten(1), delta.sum(0)
        self._add("weights", self.scale * change.to(self.dtype))
        if "bias" in self.parameters:
            self._add("bias", for_bias)

    def collected(self) -> dict[str, Tensor]:
        """The gradient of every parameter, which is forgotten here."""
        found, self.gradient = self.gradient, {}
        if "gain" in self.parameters and found:
            weights, gain = (self.parameters[name].detach().requires_grad_() for name in ("weights", "gain"))
            with torch.enable_grad():
                used = standardised(weights, gain)
            found["weights"], found["gain"] = torch.autograd.grad(used, (weights, gain), found["weights"])
        return found

    def _add(self, name: str, change: Tensor) -> None:
        self.gradient[name] = self.gradient[name] + change if name in self.gradient else change
