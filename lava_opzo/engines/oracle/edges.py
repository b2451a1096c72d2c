"""Local and shared weights and pooling of docs/arithmetic.md section 10 as lists of edges, in plain Python.

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


def pool_edges(shape, kernel, stride, padding):
    """All edges of a pooling layer, in the same order; every one names weight 0."""
    rows, columns, channels = shape
    out_rows = (rows + 2 * padding[0] - kernel[0]) // stride[0] + 1
    out_columns = (columns + 2 * padding[1] - kernel[1]) // stride[1] + 1
    edges = []
    for post in range(out_rows * out_columns * channels):
        position, channel = divmod(post, channels)
        top = position // out_columns * stride[0] - padding[0]
        left = position % out_columns * stride[1] - padding[1]
        for row in range(max(top, 0), min(top + kernel[0], rows)):
            for column in range(max(left, 0), min(left + kernel[1], columns)):
                edges.append(((row * columns + column) * channels + channel, post, 0))
    return edges
