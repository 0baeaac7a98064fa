"""The scripts that one would write instead of using initlaw: ln||z_out||^2 of random vanilla ReLU ResNets.

The network is the paper's standard one, alpha = lambda = 1/sqrt(2), at an input of norm^2 n_in = 1. Each peer takes
(width, depth, outputs, samples, seed) and returns an array of `samples` numbers.

    python3 peers.py torch_batched --width 100 --depth 50 --samples 20000 --threads 2

prints seconds, mean and variance as JSON.
"""

import argparse
import json
import math
import pathlib
import time

import numpy

SCALE = math.sqrt(0.5)
DIGITS = pathlib.Path(__file__).parents[2] / "data" / "digits.csv.gz"
# Samples that go through the layers together; timed to be the fastest of 64, 256, 1024, 4096 at width 100.
BATCH = 256


def numpy_dense(width, depth, outputs, samples, seed):
    """As most people write it: weight matrices, one network at a time."""
    rng = numpy.random.default_rng(seed)
    result = numpy.empty(samples)
    for i in range(samples):
        z = rng.standard_normal((width, 1)) @ numpy.ones(1)
        for _ in range(depth):
            weights = rng.standard_normal((width, width))
            z = SCALE * z + SCALE * math.sqrt(2 / width) * weights @ numpy.maximum(z, 0)
        out = rng.standard_normal((outputs, width)) @ z / math.sqrt(width)
        result[i] = math.log(out @ out)
    return result


def torch_module(width, depth, inputs, outputs):
    """The network as a PyTorch module that can be initialized anew."""
    import torch

    class ResNet(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Linear(inputs, width, bias=False)
            self.layers = torch.nn.ModuleList(torch.nn.Linear(width, width, bias=False) for _ in range(depth))
            self.last = torch.nn.Linear(width, outputs, bias=False)

        def initialize(self):
            torch.nn.init.normal_(self.first.weight, std=math.sqrt(1 / inputs))
            for layer in self.layers:
                torch.nn.init.normal_(layer.weight, std=math.sqrt(2 / width))
            torch.nn.init.normal_(self.last.weight, std=math.sqrt(1 / width))

        def forward(self, x):
            z = self.first(x)
            for layer in self.layers:
                z = SCALE * z + SCALE * layer(torch.relu(z))
            self.z = z
            return self.last(z)

    return ResNet()


def torch_dense(width, depth, outputs, samples, seed):
    """As most people write it: a module, initialized anew for each sample."""
    import torch

    torch.manual_seed(seed)
    result = numpy.empty(samples)
    net = torch_module(width, depth, 1, outputs)
    x = torch.ones(1)
    with torch.no_grad():
        for i in range(samples):
            net.initialize()
            result[i] = net(x).square().sum().log().item()
    return result


def torch_dense_inputs(width, depth, outputs, samples, seed):
    """Ten digits at once: ln tan(theta/2) of the angles of all pairs in the last layer, of which the first pair's."""
    import torch

    torch.manual_seed(seed)
    result = numpy.empty(samples)
    net = torch_module(width, depth, 64, outputs)
    x = torch.tensor(numpy.loadtxt(DIGITS, delimiter=",", max_rows=10, dtype=numpy.float32))
    with torch.no_grad():
        for i in range(samples):
            net.initialize()
            net(x)
            unit = torch.nn.functional.normalize(net.z, dim=1)
            sine = torch.cdist(unit, unit) / 2  # of half the angle
            result[i] = (sine / (1 - sine**2).sqrt()).log()[0, 1].item()
    return result


def torch_dense_gradients(width, depth, outputs, samples, seed):
    """Autograd of the first output: ln||df/dx||^2 of ten inputs of mean square 1, with all weights' gradients."""
    import torch

    torch.manual_seed(seed)
    result = numpy.empty(samples)
    net = torch_module(width, depth, 10, outputs)
    x = torch.ones(10, requires_grad=True)
    for i in range(samples):
        net.initialize()
        net.zero_grad()
        x.grad = None
        net(x)[0].backward()
        result[i] = x.grad.square().sum().log().item()
    return result


def torch_dense_tangent_kernel(width, depth, outputs, samples, seed):
    """Autograd of the first output at ten orthogonal inputs, over all weights: the first two gradients' cosine."""
    import torch

    torch.manual_seed(seed)
    result = numpy.empty(samples)
    net = torch_module(width, depth, 10, outputs)
    # A weight's gradient is by the standard normal that it is a multiple of.
    deviations = [math.sqrt(1 / 10), *[math.sqrt(2 / width)] * depth, math.sqrt(1 / width)]
    for i in range(samples):
        net.initialize()
        f = net(torch.eye(10))[:, 0]
        gradients = []
        for output in f:
            of_layers = torch.autograd.grad(output, list(net.parameters()), retain_graph=True)
            gradients.append(torch.cat([each.flatten() * s for each, s in zip(of_layers, deviations)]))
        jacobian = torch.stack(gradients)
        theta = jacobian @ jacobian.T
        result[i] = (theta[0, 1] / torch.sqrt(theta[0, 0] * theta[1, 1])).item()
    return result


def numpy_batched(width, depth, outputs, samples, seed):
    """As an expert writes it: n normals a layer in place of n^2 weights, many samples at once, float."""
    rng = numpy.random.default_rng(seed)
    parts = []
    for first in range(0, samples, BATCH):
        batch = min(BATCH, samples - first)
        z = rng.standard_normal((batch, width), dtype=numpy.float32)
        for _ in range(depth):
            norm = numpy.linalg.norm(numpy.maximum(z, 0), axis=1, keepdims=True)
            z *= SCALE
            z += (SCALE * math.sqrt(2 / width)) * norm * rng.standard_normal((batch, width), dtype=numpy.float32)
        g = rng.standard_normal((batch, outputs), dtype=numpy.float32)
        parts.append(numpy.log(numpy.square(z).mean(axis=1) * numpy.square(g).sum(axis=1)))
    return numpy.concatenate(parts)


def torch_batched(width, depth, outputs, samples, seed):
    """As an expert writes it: n normals a layer in place of n^2 weights, many samples at once, float."""
    import torch

    torch.manual_seed(seed)
    parts = []
    with torch.no_grad():
        for first in range(0, samples, BATCH):
            batch = min(BATCH, samples - first)
            z = torch.randn(batch, width)
            for _ in range(depth):
                norm = torch.relu(z).norm(dim=1, keepdim=True)
                z.mul_(SCALE).addcmul_(torch.randn(batch, width), norm, value=SCALE * math.sqrt(2 / width))
            g = torch.randn(batch, outputs)
            parts.append((z.square().mean(dim=1) * g.square().sum(dim=1)).log())
    return torch.cat(parts).numpy()


PEERS = {
    peer.__name__: peer
    for peer in (numpy_dense, torch_dense, torch_dense_inputs, torch_dense_gradients, torch_dense_tangent_kernel,
                 numpy_batched, torch_batched)
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--depth", type=int, required=True)
    parser.add_argument("--outputs", type=int, default=10)
    parser.add_argument("--samples", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    version = "NumPy " + numpy.__version__
    if arguments.peer.startswith("torch"):
        import torch

        torch.set_num_threads(arguments.threads)
        version = "PyTorch " + torch.__version__
    size = (arguments.width, arguments.depth, arguments.outputs)
    PEERS[arguments.peer](*size, 2, 0)  # what is done once, such as starting threads, is not timed
    start = time.perf_counter()
    x = PEERS[arguments.peer](*size, arguments.samples, arguments.seed)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "mean": x.mean(), "variance": x.var(ddof=1), "version": version}, default=float))


if __name__ == "__main__":
    main()
