"""Local and shared weights of docs/arithmetic.md section 10 as lists of edges, in plain Python.

An edge (pre, post, w) means: weight number w joins pre neuron `pre` to post neuron `post`.
"""


def patch_edges(shape, channels, kernel, stride, padding, bias, shared):
    """All edges, ordered by post, then by pre; shape = (rows, columns, channels) of the image below."""
    rows, columns, depth = shape
    taps = kernel[0] * kernel[1] * depth + bias
    edges = []
    for post_row in range((rows + 2 * padding[0] - kernel[0]) // stride[0] + 1):
        for post_column in range((columns + 2 * padding[1] - kernel[1]) // stride[1] + 1):
            position = post_row * ((columns + 2 * padding[1] - kernel[1]) // stride[1] + 1) + post_column
            for channel in range(channels):
                post = position * channels + channel
                for kernel_row in range(kernel[0]):
                    for kernel_column in range(kernel[1]):
                        row = post_row * stride[0] - padding[0] + kernel_row
                        column = post_column * stride[1] - padding[1] + kernel_column
                        if not (0 <= row < rows and 0 <= column < columns):
                            continue
                        for pre_channel in range(depth):
                            pre = (row * columns + column) * depth + pre_channel
                            tap = (kernel_row * kernel[1] + kernel_column) * depth + pre_channel
                            edges.append((pre, post, channel * taps + tap if shared else len(edges)))
                if bias:
                    edges.append((rows * columns * depth, post, channel * taps + taps - 1 if shared else len(edges)))
    return edges
