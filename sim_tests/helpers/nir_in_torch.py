"""A reader of NIR graphs of images that shares nothing with ours: their specification, and torch."""
import numpy as np


def in_order(graph):
    """(name, node) along the edges of a chain, from the input."""
    following, name = dict(graph.edges), "input"
    while name is not None:
        yield name, graph.nodes[name]
        name = following.get(name)


def in_torch(graph, frames, steps):
    """The summed output of a NIR graph for one sample (its input's shape), by its specification and torch alone."""
    import nir
    import torch
    from torch.nn import functional

    membranes, total = {}, 0.0
    for _ in range(steps):
        value = torch.tensor(frames)[None]
        for name, node in in_order(graph):
            if isinstance(node, nir.Conv2d):
                value = functional.conv2d(value, torch.tensor(node.weight), torch.tensor(node.bias), tuple(node.stride),
                                          tuple(node.padding), tuple(node.dilation), int(node.groups))
            elif isinstance(node, nir.SumPool2d):
                size, stride, padding = (tuple(map(int, one)) for one in (node.kernel_size, node.stride, node.padding))
                value = functional.avg_pool2d(value, size, stride, padding, divisor_override=1)
            elif isinstance(node, nir.Flatten):
                value = value.flatten(1 + int(node.start_dim), -1)
            elif isinstance(node, nir.Linear):
                value = value @ torch.tensor(node.weight).T
            elif isinstance(node, nir.IF):
                voltage = membranes.get(name, 0.0) + torch.tensor(node.r) * value
                value = (voltage > torch.tensor(node.v_threshold)).float()
                membranes[name] = torch.where(value > 0, torch.tensor(node.v_reset), voltage)
        total = total + value
    return total[0].numpy()


def channels_first(frames, shape):
    """Lines of an image, and a bias line behind it, as float32 (n, channels, rows, columns)."""
    pixels = frames[:, 0, :int(np.prod(shape))].reshape(-1, *shape)
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), np.float32)
