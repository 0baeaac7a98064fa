"""PyTorch models beside the theory."""

import copy
import math

import numpy as np
import pytest

import initlaw

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from torch import nn  # noqa: E402

from torch.nn import functional as F  # noqa: E402

import initlaw.torch as it  # noqa: E402

torch.set_num_threads(1)  # the models are small
WIDTH, DEPTH = 32, 12
NET = initlaw.vanilla(width=WIDTH, depth=DEPTH, inputs=8)
X = torch.linspace(-1, 1, 8).reshape(1, 8)


class ResNet(nn.Module):
    """The network as a user writes it."""

    def __init__(self, alpha=0.5**0.5, lambda_=0.5**0.5, width=WIDTH, depth=DEPTH):
        super().__init__()
        self.alpha, self.lambda_, self.width = alpha, lambda_, width
        self.first = nn.Linear(8, width, bias=False)
        self.layers = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(depth))
        self.activations = nn.ModuleList(nn.ReLU() for _ in range(depth))
        nn.init.normal_(self.first.weight, std=8**-0.5)
        for layer in self.layers:
            nn.init.normal_(layer.weight, std=(2 / width) ** 0.5)

    def forward(self, x):
        z = self.first(x)
        for layer, activation in zip(self.layers, self.activations):
            z = self.alpha * z + self.lambda_ * layer(activation(z))
        return z


def test_balanced_relu_is_relu_of_the_signed_input():
    module = it.BalancedReLU(6, seed=1)
    z = torch.randn(5, 6)
    assert set(module.signs.tolist()) == {-1.0, 1.0}
    torch.testing.assert_close(module(z), torch.relu(module.signs * z))
    leaky = it.BalancedReLU(6, seed=1, leak=0.2)
    torch.testing.assert_close(leaky(z), nn.functional.leaky_relu(module.signs * z, 0.2))
    image = torch.randn(2, 6, 3, 3)
    channels = it.BalancedReLU(6, seed=1, dim=1)
    torch.testing.assert_close(channels(image), torch.relu(module.signs.view(1, 6, 1, 1) * image))
    with pytest.raises(ValueError, match="7 features"):
        module(torch.randn(5, 7))


def test_signs_are_saved_and_seeded():
    one, two, other = it.BalancedReLU(64, seed=1), it.BalancedReLU(64, seed=1), it.BalancedReLU(64, seed=2)
    assert torch.equal(one.signs, two.signs) and not torch.equal(one.signs, other.signs)
    other.load_state_dict(one.state_dict())
    assert torch.equal(one.signs, other.signs)


def test_balance_replaces_every_relu():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 10), nn.LeakyReLU(0.1))
    images = torch.randn(2, 1, 8, 8)
    assert it.balance(model, images, seed=3) is model
    assert isinstance(model[1], it.BalancedReLU) and len(model[1].signs) == 4 and model[1].dim == 1
    assert isinstance(model[4], it.BalancedReLU) and len(model[4].signs) == 10 and model[4].leak == 0.1
    model(images).sum().backward()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_balance_keeps_the_numbers_type_and_the_mode(dtype):
    model = nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 3)).to(dtype).eval()
    assert it.balance(model, X.to(dtype))(X.to(dtype)).dtype == dtype
    assert model[1].signs.dtype == dtype and not any(module.training for module in model.modules())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda shared: nn.Sequential(nn.Linear(8, 8), shared, nn.Linear(8, 8), shared), "1 is called several times"),
        (lambda shared: nn.Sequential(nn.Linear(8, 4), shared, nn.Linear(4, 3), shared), "1 is called several times"),
        (lambda shared: nn.Sequential(nn.Linear(8, 4), shared, Written(4, F.relu)), "2.relu is a function"),
        (lambda shared: nn.Sequential(nn.Linear(8, 4)), "has no nn.ReLU"),
        (lambda shared: shared, "is an activation itself"),
    ],
)
def test_balance_refuses_what_it_cannot_replace_and_changes_nothing(make, message):
    model = make(nn.ReLU())
    before = list(model.named_modules())
    with pytest.raises(ValueError, match=message):
        it.balance(model, X)
    assert list(model.named_modules()) == before


class Written(nn.Module):
    """A layer whose activation is no module."""

    def __init__(self, width, phi):
        super().__init__()
        self.linear = nn.Linear(width, width, bias=False)
        self.phi = phi

    def forward(self, x):
        return self.linear(self.phi(x))


RELUS = {
    "module": nn.ReLU(),
    "module in place": lambda x: nn.ReLU(inplace=True)(x + 0),
    "functional": F.relu,
    "functional in place": lambda x: F.relu(x + 0, inplace=True),
    "torch": torch.relu,
    "method": lambda x: x.relu(),
    "clamp": lambda x: x.clamp(min=0),
    "clamp by names": lambda x: torch.clamp(input=x, min=0, max=None),
    "maximum": lambda x: torch.maximum(x, torch.zeros(())),
    "where": lambda x: torch.where(x > 0, x, torch.zeros(())),
    "where of its shape": lambda x: torch.where(x > 0, x, torch.zeros_like(x)),
    "product": lambda x: x * (x > 0),
    "halves": lambda x: (x + x.abs()) / 2,
}


def gelu_of_tanh(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * torch.pow(x, 3))))


OTHERS = {
    "leaky-relu": {
        "module": nn.LeakyReLU(0.2),
        "functional": lambda x: F.leaky_relu(x, 0.2),
        "torch.max": lambda x: torch.max(x, 0.2 * x),
    },
    "gelu": {
        "module": nn.GELU(),
        "functional": F.gelu,
        "of erf": lambda x: x * 0.5 * (1 + torch.erf(x / math.sqrt(2))),
        "of tanh": lambda x: F.gelu(x, approximate="tanh"),
        "of tanh, written": gelu_of_tanh,
    },
    "silu": {"module": nn.SiLU(), "written": lambda x: x * x.sigmoid()},
    "tanh": {"module": nn.Tanh(), "torch": torch.tanh},
    "erf": {"torch": torch.erf},
}


def names_of(table):
    return [pytest.param(phi, id=name) for name, phi in table.items()]


def pre_norm(phi, depth=2):
    """A stream of normalized branches, so that any activation may be in them."""
    return Stream([nn.Sequential(nn.LayerNorm(WIDTH), Written(WIDTH, phi)) for _ in range(depth)])


class Stream(nn.Module):
    """Input layer, x + branch(x), output layer."""

    def __init__(self, branches, outputs=3):
        super().__init__()
        self.first = nn.Linear(8, WIDTH, bias=False)
        self.branches = nn.ModuleList(branches)
        self.head = nn.Linear(WIDTH, outputs, bias=False)

    def forward(self, x):
        x = self.first(x)
        for branch in self.branches:
            x = x + branch(x)
        return self.head(x)


@pytest.mark.parametrize("phi", names_of(RELUS))
def test_relu_is_seen_however_it_is_written(phi):
    found = it.describe(Stream([Written(WIDTH, phi)]), X)
    assert not found.unread
    assert (found.blocks[0].activation, found.blocks[0].leak) == ("leaky-relu", pytest.approx(0, abs=1e-6))
    assert found.blocks[0].lambda_ == pytest.approx((1 / 6) ** 0.5, rel=0.05)  # PyTorch's default has variance 1/(3 n)


@pytest.mark.parametrize(("name", "phi"), [(name, phi) for name, table in OTHERS.items() for phi in table.values()])
def test_other_activations_are_seen_however_they_are_written(name, phi):
    found = it.describe(pre_norm(phi), X)
    assert not found.unread
    assert found.blocks[0].activation == name
    assert found.blocks[0].leak == pytest.approx(0.2 if name == "leaky-relu" else 0, abs=1e-6)


CAPPED = [
    lambda x: F.relu(x).clamp(max=100),
    lambda x: torch.minimum(F.relu(x), torch.tensor(100.0)),
    lambda x: torch.where(x > 100, torch.tensor(100.0), F.relu(x)),
    lambda x: F.relu(x) * (x < 100),
]


@pytest.mark.parametrize("phi", [nn.ReLU6(), F.hardswish, F.elu, lambda x: x * torch.sigmoid(1.702 * x), *CAPPED])
def test_an_activation_that_no_network_has_is_not_taken_for_one(phi):
    found = it.describe(pre_norm(phi), X)
    assert not found and "no activation that a Network has" in found.unread[0] and "branches.0.1" in found.unread[0]


@pytest.mark.parametrize("phi", [*names_of(RELUS)[:6], nn.ReLU6(), nn.GELU(), F.silu, torch.tanh, gelu_of_tanh])
def test_measure_sees_every_activation(phi):
    torch.manual_seed(1)
    model = Stream([Written(WIDTH, phi) for _ in range(3)])
    found = it.measure(model, X)
    z = model.first(X)
    assert found.kinds == 3 * ["activation", "sum"] + ["output"]
    assert len(set(found.names)) == len(found.names)
    if phi is not gelu_of_tanh:  # whose tanh reads another function of z
        assert found.log_norm2[0, 0] == pytest.approx(float(z.square().sum().log()), rel=1e-5)
    for branch in model.branches:
        z = z + branch(z)
    assert found.log_norm2[-2, 0] == pytest.approx(float(z.square().sum().log()), rel=1e-5)
    assert found.log_norm2[-1, 0] == pytest.approx(float(model.head(z).square().sum().log()), rel=1e-5)


def test_measure_reads_what_a_forward_pass_sees():
    torch.manual_seed(1)
    model = ResNet()
    found = it.measure(model, torch.cat([X, 2 * X]))
    assert found.names[:3] == ["activations.0", "add#1", "activations.1"] and found.S.shape == (2 * DEPTH + 1, 2)
    z = model.first(X).detach().double().numpy()[0]
    assert found.log_norm2[0, 0] == pytest.approx(np.log((z**2).sum()), rel=1e-6)
    assert found.active_fraction[0, 0] == (z > 0).mean()
    assert found.S[0, 0] == pytest.approx(2 * (np.maximum(z, 0) ** 2).sum() / (z**2).sum() - 1, abs=1e-6)
    # The network is homogeneous.
    np.testing.assert_allclose(found.log_norm2[:, 1] - found.log_norm2[:, 0], 2 * np.log(2), atol=1e-5)
    np.testing.assert_allclose(found.S[0::2, 1][:-1], found.S[0::2, 0][:-1], atol=1e-5)
    assert not list(model.activations[0]._forward_pre_hooks)
    assert len(found.to_dataframe()) == 2 * (2 * DEPTH + 1)
    assert repr(found) == "Measurement(25 layers, 2 inputs)"


def test_measure_has_error_bars_over_initializations():
    # H0: ln||z_0||^2 has the mean of ln(||x||^2/8) + ln chi^2_32.
    torch.manual_seed(1)
    found = it.measure(ResNet, X, initializations=60)
    assert found.log_norm2.shape == (60, 2 * DEPTH + 1, 1)
    mean = found.log_norm2_mean
    expected = math.log(float(X.square().sum()) / 8) + math.log(2) + float(torch.digamma(torch.tensor(WIDTH / 2.0)))
    assert abs(mean.value[0] - expected) < 4 * mean.std_error[0] < 0.2
    assert "±" in str(found) and len(found.to_dataframe()) == 60 * (2 * DEPTH + 1)


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution, self.norm = nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.head = nn.Linear(4, 2)

    def forward(self, pixels, scale=1.0):
        return {"logits": self.head(scale * (pixels + F.relu(self.norm(self.convolution(pixels)))).mean((2, 3)))}


def test_measure_leaves_the_model_as_it_was():
    model = Convolutional()
    images = torch.randn(3, 1, 6, 6)
    model(images)
    before = copy.deepcopy(model.state_dict())
    it.measure(model, images)
    it.describe(model, images)
    assert model.training
    after = model.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert model.norm.num_batches_tracked == 1


class Remembering(nn.Module):
    """Makes parts and buffers as it runs."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.LazyLinear(4), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(2))

    def forward(self, x):
        self.register_buffer("last", x)
        return self.layers(x)


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_a_run_leaves_no_buffers_and_lazy_modules_may_run():
    model = Remembering()
    assert it.measure(model, torch.randn(3, 8)).kinds == ["activation", "output"]
    assert "last" not in dict(model.named_buffers())


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: (x,), lambda x: {"pixels": x, "scale": 1.0}])
def test_batches_may_be_tensors_tuples_and_mappings(wrap):
    torch.manual_seed(1)
    model, images = Convolutional(), torch.randn(3, 1, 6, 6)
    found = it.measure(model, wrap(images))
    assert found.names == ["relu", "add", "output"] and found.log_norm2.shape == (3, 3)
    np.testing.assert_allclose(found.log_norm2[2], model(images)["logits"].square().sum(1).log().detach(), rtol=1e-4)


def test_what_cannot_be_seen_is_not_measured():
    scripted = nn.Sequential(nn.Linear(8, 4), torch.jit.trace(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), torch.ones(1, 4)))
    with pytest.raises(ValueError, match="TorchScript"):
        it.measure(scripted, X)
    with pytest.raises(ValueError, match="cannot be told apart"):
        it.measure(Written(3, lambda x: x.sum(0).relu()), torch.ones(2, 3))
    with pytest.raises(ValueError, match="initializations: 0"):
        it.measure(ResNet, X, initializations=0)


@pytest.mark.skipif(not hasattr(getattr(torch, "compiler", None), "set_stance"), reason="needs PyTorch 2.6")
def test_compiled_models_are_seen_as_they_are_written():
    @torch.compile
    def compiled(x):
        return x.relu()

    model = Stream([Written(WIDTH, F.relu), Written(WIDTH, compiled), torch.compile(Written(WIDTH, F.relu))])
    expected = it.measure(model, X).names
    assert it.measure(torch.compile(model), X).names == expected
    found = it.describe(torch.compile(model), X)
    assert [block.name for block in found.blocks] == ["branches.0", "branches.1", "branches.2"] and not found.unread


@pytest.mark.parametrize(
    ("scale", "why"), [(0, "reads 0 alone"), (1e-20, "not large beside its epsilon"), (math.nan, "not finite")]
)
def test_what_an_input_does_not_show_is_not_guessed(scale, why):
    model = Stream([Written(WIDTH, F.silu)]) if scale == 0 else pre_norm(F.gelu)
    found = it.describe(model, scale * X)
    assert not found and why in found.unread[0]


@pytest.mark.parametrize("call", [it.measure, it.describe, lambda model, x: it.check(lambda: model, x, NET)])
def test_what_is_no_model_is_refused(call):
    with pytest.raises(ValueError, match="must be a torch.nn.Module"):
        call(nn.ReLU if call is it.describe else (lambda: 3), X)
    with pytest.raises(ValueError, match="must be a function that makes one"):
        it.check(ResNet(), X, NET)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (Convolutional(), "convolution: a convolution is not read"),
        (nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 8)), "1: BatchNorm is not read"),
        (nn.Sequential(nn.Linear(8, 8), nn.TransformerEncoderLayer(8, 2, 16, norm_first=True)), "1.self_attn"),
    ],
)
def test_describe_names_the_first_module_that_it_cannot_read(model, why):
    inputs = torch.ones(1, 1, 6, 6) if isinstance(model, Convolutional) else X
    found = it.describe(model, inputs)
    assert not found and why in found.unread[0]
    with pytest.raises(ValueError, match="is not read"):
        found.network()
    outcome = it.check(lambda: model, inputs, NET, initializations=2)
    assert not outcome and why in str(outcome) and "measure() takes any model" in str(outcome)


def scaled(alpha, lambda_, write):
    class Scaled(Stream):
        def forward(self, x):
            z = self.first(x)
            for branch in self.branches:
                z = write(z, branch, alpha, lambda_)
            return self.head(z)

    return Scaled([Written(WIDTH, F.relu) for _ in range(4)])


def in_place(z, branch, alpha, lambda_):
    f = branch(z)
    z *= alpha
    z += lambda_ * f
    return z


@pytest.mark.parametrize(
    "write",
    [
        lambda z, branch, alpha, lambda_: alpha * z + lambda_ * branch(z),
        lambda z, branch, alpha, lambda_: (z + branch(z) * (lambda_ / alpha)) * alpha,
        lambda z, branch, alpha, lambda_: torch.add(z * alpha, branch(z), alpha=lambda_),
        lambda z, branch, alpha, lambda_: z / (1 / alpha) - branch(z) * -torch.tensor(lambda_),
        lambda z, branch, alpha, lambda_: alpha * z + branch(lambda_ * z),
        lambda z, branch, alpha, lambda_: torch.rsub(branch(z), alpha * z, alpha=lambda_),
        lambda z, branch, alpha, lambda_: torch.add(input=torch.mul(input=z, other=alpha), other=lambda_ * branch(z)),
        lambda z, branch, alpha, lambda_: alpha * z.data + lambda_ * F.linear(input=F.relu(z), weight=branch.linear.weight),
        lambda z, branch, alpha, lambda_: alpha * z + lambda_ * torch.matmul(input=z.relu(), other=branch.linear.weight.t()),
        in_place,
    ],
)
def test_describe_reads_scales_wherever_they_are_written(write):
    torch.manual_seed(1)
    model = scaled(0.8, 0.5, write)
    for branch in model.branches:
        nn.init.kaiming_normal_(branch.linear.weight)
    nn.init.normal_(model.first.weight, std=8**-0.5)
    found = it.describe(model, X)
    network = found.network()
    assert network == initlaw.vanilla(width=WIDTH, depth=4, inputs=8, outputs=3, alpha=network.alpha, lambda_=network.lambda_)
    assert network.alpha == pytest.approx(0.8, rel=1e-6) and network.lambda_ == pytest.approx(0.5, rel=1e-6)
    assert list(found.initializations.values()) == ["Kaiming"]
    assert np.square(found.input).mean() == pytest.approx(float(X.square().mean()), rel=0.3)


INITIALIZATIONS = [
    (lambda w: nn.init.kaiming_normal_(w), "gaussian", 1),
    (lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"), "uniform", 1),
    (lambda w: nn.init.kaiming_uniform_(w, a=5**0.5), "uniform", 1 / 6),
    (lambda w: nn.init.xavier_normal_(w), "gaussian", 0.5),
    (lambda w: nn.init.orthogonal_(w, 2**0.5), "orthogonal", 1),
    (lambda w: nn.init.trunc_normal_(w, std=0.1, a=-0.2, b=0.2), "truncated normal", 0.5 * WIDTH * 0.00774),
]


@pytest.mark.parametrize(("initialize", "law", "square"), INITIALIZATIONS)
def test_describe_reads_the_law_and_scale_of_weights(initialize, law, square):
    torch.manual_seed(1)
    model = Stream([Written(WIDTH, F.relu) for _ in range(6)])
    for branch in model.branches:
        initialize(branch.linear.weight)
    found = it.describe(model, X)
    assert {block.weights for block in found.blocks} == {law}
    assert np.mean([block.lambda_**2 for block in found.blocks]) == pytest.approx(square, rel=0.04)


def test_describe_names_biases():
    model = Stream([nn.Sequential(nn.ReLU(), nn.Linear(WIDTH, WIDTH)) for _ in range(2)])
    found = it.describe(model, X)
    assert found.biases == ["branches.0.1", "branches.1.1"]
    with pytest.raises(ValueError, match="branches.0.1 and 1 others: the bias is not 0"):
        found.network()
    for branch in model.branches:
        nn.init.zeros_(branch[1].bias)
    assert it.describe(model, X).network().depth == 2


def transformer_block(width=WIDTH, inner=4 * WIDTH, phi=None):
    return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, inner, bias=False), phi or nn.GELU(), nn.Dropout(0.1),
                         nn.Linear(inner, width, bias=False), nn.Dropout(0.1))  # fmt: skip


class RMSNorm(nn.Module):
    """As in language models."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


def test_describe_reads_a_transformers_mlps():
    torch.manual_seed(1)
    model = Stream([transformer_block() for _ in range(3)])
    for branch in model.branches:
        nn.init.normal_(branch[1].weight, std=WIDTH**-0.5)
    model.head = nn.Sequential(RMSNorm(WIDTH), nn.Linear(WIDTH, 3, bias=False))
    found = it.describe(model, X)
    assert found and found.final_norm and found.blocks[0].name == "branches.0"
    block = found.blocks[0]
    assert (block.branch, block.branch_depth, block.branch_width, block.norm) == ("linear-first", 2, 4 * WIDTH, "LayerNorm")
    assert (block.activation, block.gain, block.alpha) == ("gelu", 1, 1)
    # E gelu(g)^2 = 0.42521; PyTorch's default weights have variance 1/(3 inner).
    assert np.mean([b.lambda_**2 for b in found.blocks]) == pytest.approx(0.42521 / 3, rel=0.03)
    # Smaller weights before a GELU make another activation of it.
    nn.init.normal_(model.branches[0][1].weight, std=0.02)
    assert "gain is" in it.describe(model, X).problems[0]


class PostNorm(Stream):
    def __init__(self, branches):
        super().__init__(branches)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in branches)

    def forward(self, x):
        x = self.first(x)
        for branch, norm in zip(self.branches, self.norms):
            x = norm(x + branch(x))
        return self.head(x)


def through_a_view(change):
    def phi(x):
        x = x + 0
        change(x.view(-1))
        return F.relu(x)

    return phi


@pytest.mark.parametrize("change", [lambda view: view.relu_(), lambda view: view.mul_(3)])
def test_what_is_changed_in_place_through_a_view_is_not_missed(change):
    found = it.describe(Stream([Written(WIDTH, through_a_view(change)) for _ in range(2)]), X)
    assert not found and "branches.0.relu: what it reads was changed in place" in found.unread[0]


def test_only_the_euclidean_norm_is_a_normalization():
    by_norm = {p: it.describe(Stream([Written(WIDTH, lambda x: F.relu(F.normalize(x, p, -1)))]), X) for p in (1, 2, math.inf)}
    assert by_norm[2].blocks[0].norm == "RMSNorm"
    assert all("normalize is not read" in by_norm[p].unread[0] for p in (1, math.inf))


def copied():
    branch = Written(WIDTH, F.relu)
    return Stream([copy.deepcopy(branch) for _ in range(3)])


def computed():
    weight = torch.randn(WIDTH, WIDTH)
    return scaled(1, 0.1, lambda z, branch, alpha, lambda_: alpha * z + lambda_ * F.linear(F.relu(z), 2 * weight))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (copied, "branches.1.linear: its weights equal those of branches.0.linear"),
        (computed, "linear: its weights equal those of linear"),
        (lambda: Stream(3 * [Written(WIDTH, F.relu)]), "branches.0.linear: its weights are used several times"),
    ],
)
def test_weights_that_are_not_independent_are_named(make, said):
    found = it.describe(make(), X)
    assert not found and said in found.unread[0]
    assert said in str(it.check(make, X, NET, initializations=2))


def test_blocks_may_begin_with_branches_of_0():
    model = Stream([Written(WIDTH, F.relu) for _ in range(3)])
    for branch in model.branches:
        nn.init.zeros_(branch.linear.weight)
    assert "its weights all are 0" in it.describe(model, X).problems[0]


def test_a_branch_that_no_network_has_is_named():
    for phi in (
        lambda x: x - x.mean(-1, keepdim=True),
        lambda x: F.relu(x).relu().sum(-1, keepdim=True) + x,
        lambda x: F.relu(x + torch.linspace(-1, 1, WIDTH)),
        lambda x: torch.div(F.relu(x), 0.3, rounding_mode="floor"),
    ):
        found = it.describe(Stream([Written(WIDTH, phi)]), X)
        assert not found and "branches.0" in found.unread[0]


def test_a_normalized_stream_is_named():
    found = it.describe(PostNorm([Written(WIDTH, F.relu) for _ in range(3)]), X)
    assert not found and "norms.0: normalizes the stream itself (post-norm)" in found.problems[0]


def test_describe_reads_a_net_without_skip_path():
    torch.manual_seed(1)
    layers = [nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 4)]
    for layer in layers[::2]:
        nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    found = it.describe(nn.Sequential(*layers), X)
    assert found.width == [24, 16, 4] and [block.name for block in found.blocks] == ["2", "4"]
    square = nn.Sequential(nn.Linear(8, 16, bias=False), *(Written(16, F.relu) for _ in range(3)))
    for layer in square[1:]:
        nn.init.kaiming_normal_(layer.linear.weight)
    assert it.describe(square, X).network().replace(inputs=1) == initlaw.fully_connected(width=16, depth=3)


@pytest.mark.parametrize(
    "write",
    [
        lambda z, branch, alpha, lambda_: alpha * z + lambda_ * branch(z),
        lambda z, branch, alpha, lambda_: alpha * (z + branch(z)),
    ],
)
def test_describe_reads_random_signs(write):
    model = scaled(0.8, 0.8, write)
    for branch in model.branches:
        nn.init.kaiming_normal_(branch.linear.weight)
        branch.phi = nn.ReLU()
    found = it.describe(it.balance(model, X, seed=1), X).network()
    assert (found.family, found.flip, found.alpha) == ("balanced", 0.5, pytest.approx(0.8))
    assert found.lambda_ == pytest.approx(0.8)


def of_variance_one(model):
    """Each linear layer keeps the mean square of what it reads."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.in_features**-0.5)
    return model


def normalized(norm=RMSNorm, branch=lambda: [nn.GELU(), nn.Linear(WIDTH, WIDTH, bias=False)], final=True, depth=6):
    model = Stream([nn.Sequential(norm(WIDTH), *branch()) for _ in range(depth)])
    if final:
        model.head = nn.Sequential(norm(WIDTH), model.head)
    return of_variance_one(model)


def linear_first(phi):
    return lambda: [nn.Linear(WIDTH, 48, bias=False), phi(), nn.Linear(48, WIDTH, bias=False)]


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def embedded(depth=6):
    branches = (Residual(nn.LayerNorm(WIDTH), *linear_first(nn.GELU)()) for _ in range(depth))
    return nn.Sequential(nn.Embedding(9, WIDTH), *branches)


def orthogonal():
    model = Stream([Written(WIDTH, F.relu) for _ in range(6)])
    of_variance_one(model)
    for branch in model.branches:
        nn.init.orthogonal_(branch.linear.weight, 0.5 * 2**0.5)
    return model


def multiply_blocks(blocks, factor):
    def change(model):
        with torch.no_grad():
            for branch in model.branches[blocks]:
                branch[-1].weight.mul_(factor)

    return change


COMMON = {"width": WIDTH, "depth": 6, "inputs": 8, "outputs": 3, "alpha": 1}
GELU, TANH = 0.42521**0.5, 0.39429**0.5  # roots of E phi(g)^2
NETWORKS = {
    "RMSNorm, GELU": (normalized, initlaw.vanilla(**COMMON, lambda_=GELU, norm="final", activation="gelu")),
    "RMSNorm, ReLU, no final norm": (
        lambda: normalized(branch=lambda: [nn.ReLU(), nn.Linear(WIDTH, WIDTH, bias=False)], final=False),
        initlaw.vanilla(**COMMON, lambda_=0.5**0.5, norm="pre"),
    ),
    "LayerNorm, tanh": (
        lambda: normalized(nn.LayerNorm, lambda: [nn.Tanh(), nn.Linear(WIDTH, WIDTH, bias=False)]),
        initlaw.vanilla(**COMMON, lambda_=TANH, norm="final", activation="tanh"),
    ),
    "a transformer's MLPs": (
        lambda: normalized(nn.LayerNorm, linear_first(nn.GELU)),
        initlaw.vanilla(**COMMON, lambda_=GELU, norm="final", activation="gelu", branch="linear-first", branch_width=48),
    ),
    "linear first, no norm": (
        lambda: of_variance_one(Stream([nn.Sequential(*linear_first(nn.ReLU)()) for _ in range(6)])),
        initlaw.vanilla(**COMMON, lambda_=0.5**0.5, branch="linear-first", branch_width=48),
    ),
    "orthogonal": (orthogonal, initlaw.vanilla(**COMMON, lambda_=0.5, weights="orthogonal")),
}


@pytest.mark.parametrize("name", list(NETWORKS))
def test_networks_that_people_train_are_described_and_pass(name):
    make, network = NETWORKS[name]
    torch.manual_seed(1)
    found = it.describe(make(), X)
    assert found.network().replace(lambda_=network.lambda_) == network
    assert found.network().lambda_ == pytest.approx(network.lambda_, rel=1e-4)
    outcome = it.check(make, X, network, initializations=100)
    assert outcome, outcome


def test_an_embedding_starts_a_stream():
    torch.manual_seed(1)
    network = it.describe(of_variance_one(embedded()), torch.tensor([3])).network()
    assert (network.inputs, network.input_layer, network.branch) == (1, "gaussian", "linear-first")
    outcome = it.check(lambda: of_variance_one(embedded()), torch.tensor([3]), network, initializations=100)
    assert outcome, outcome


def test_a_stream_may_start_with_the_input():
    torch.manual_seed(1)

    def make():
        return of_variance_one(embedded())[1:]

    x = torch.randn(1, WIDTH)
    network = it.describe(make(), x).network()
    assert network.input_layer == "orthogonal"
    outcome = it.check(make, x, network, initializations=100)
    assert outcome, outcome


def test_a_layer_norm_before_relu_is_not_an_rms_norm():
    # It takes the first Hermite coefficient from S, which layers remember: n Var S is 3 - 8/pi, not 3.
    torch.manual_seed(1)

    def make():
        return normalized(nn.LayerNorm, lambda: [nn.ReLU(), nn.Linear(WIDTH, WIDTH, bias=False)])

    assert "a LayerNorm before relu has no law" in it.describe(make(), X).problems[0]
    network = initlaw.vanilla(**COMMON, lambda_=0.5**0.5, norm="final")
    outcome = it.check(make, X, network, initializations=400)
    assert not outcome and "variance of ln||z||^2" in str(outcome) and "LayerNorm before relu" in str(outcome)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (multiply_blocks(slice(0, 6), 2**0.5), "branches.0 to branches.5: grows as if lambda were 0.9"),
        (multiply_blocks(slice(0, 6), 3**-0.5), "branches.0 to branches.5: grows as if lambda were 0.3"),
        (multiply_blocks(slice(1, 2), 2), "branches.1: grows as if lambda were 1."),
        (lambda model: nn.init.normal_(model.head[1].weight), "head.1: the output layer's weights are 5"),
    ],
)
def test_a_wrong_normalized_network_is_named(change, said):
    def make():
        model = normalized()
        change(model)
        return model

    torch.manual_seed(1)
    outcome = it.check(make, X, NETWORKS["RMSNorm, GELU"][1], initializations=200)
    assert not outcome and outcome.diagnoses[0].startswith(said) and len(outcome.diagnoses) <= 3, outcome


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: of_variance_one(PostNorm([nn.Sequential(*linear_first(nn.GELU)()) for _ in range(6)])), "post-norm"),
        (lambda: normalized(branch=linear_first(nn.GELU)), "the branch is linear-first, that of the network activation-first"),
        (lambda: normalized(final=False), "the model has normalization before each branch, the network"),
        (lambda: normalized(branch=lambda: [nn.SiLU(), nn.Linear(WIDTH, WIDTH, bias=False)]), "the activation is silu"),
    ],
)
def test_another_kind_of_network_is_named(make, said):
    outcome = it.check(make, X, NETWORKS["RMSNorm, GELU"][1], initializations=2)
    assert not outcome and said in str(outcome), outcome


def test_a_report_says_what_to_expect_and_what_is_off():
    torch.manual_seed(1)
    page = it.report(normalized, X, initializations=50)
    assert page.check and page.ensemble.network == page.description.network()
    expected = page.ensemble.growth.mean.value
    assert f"is multiplied by e^{expected:.3g}" in str(page) and "98 of 100 initializations have outputs" in str(page)
    # Of 200 outputs drawn here, 4 are expected outside; more than 14 have probability 1e-4.
    low, high = map(float, str(page).split("root mean square is between ")[1].split(".\n")[0].split(" and "))
    sizes = [float(normalized()(X).detach().square().mean().sqrt()) for _ in range(200)]
    assert sum(not low <= size <= high for size in sizes) <= 14
    one = it.report(normalized(), X)
    assert one.check and len(one.measurement.log_norm2.shape) == 2
    without = it.report(Stream([nn.Sequential(nn.ReLU(), nn.Linear(WIDTH, WIDTH))]), X)
    assert without.check is None and "No law is known" in str(without) and "the bias is not 0" in str(without)


def test_nets_that_die_are_read_and_pass():
    def make():
        layers = [nn.Linear(8, 4, bias=False)]
        for _ in range(5):
            layers += [nn.ReLU(), nn.Linear(4, 4, bias=False)]
            nn.init.kaiming_normal_(layers[-1].weight)
        nn.init.normal_(layers[0].weight, std=8**-0.5)
        return nn.Sequential(*layers)

    torch.manual_seed(1)
    network = initlaw.fully_connected(width=4, depth=5, inputs=8)
    outcome = it.check(make, X, network, initializations=200)
    assert outcome, outcome
    assert any("0" in departure.quantity and departure.model > 0.1 for departure in outcome.departures)


# H0 holds in the first two, and is wrong in the others; seeds are fixed.
def test_check_passes_a_right_initialization():
    torch.manual_seed(1)
    outcome = it.check(ResNet, X, NET, initializations=400)
    assert outcome, outcome
    # Growth and variance of 13 tensors, S and activity of 12 ReLUs, the growth of all, the share of zeros.
    assert "follows the law: 52 comparisons" in str(outcome) and len(outcome.to_dataframe()) == 52


def test_check_passes_a_balanced_network():
    torch.manual_seed(1)
    outcome = it.check(
        lambda: it.balance(ResNet(), X), X, initlaw.balanced(width=WIDTH, depth=DEPTH, inputs=8), initializations=400
    )
    assert outcome, outcome


SMALL = initlaw.vanilla(width=16, depth=3, inputs=8)


@pytest.mark.parametrize("initializations", [2, 10])
def test_a_right_initialization_fails_as_often_as_stated(initializations):
    # H0: check()'s smallest p-value is uniform. Of 100 models at most 22 are below 0.1 with probability 0.9998.
    torch.manual_seed(1)
    smallest = []
    for _ in range(100):
        outcome = it.check(lambda: ResNet(width=16, depth=3), X, SMALL, initializations=initializations)
        assert outcome, outcome
        smallest.append(min(departure.p_value for departure in outcome.departures))
    assert 1 <= np.sum(np.array(smallest) <= 0.1) <= 22
    assert abs(np.mean(smallest) - 0.5) < 4 * (1 / 12 / 100) ** 0.5


class WithHead(ResNet):
    """Its last linear layer makes the output."""

    def __init__(self, change=lambda model: None, outputs=5, **options):
        super().__init__(**options)
        self.head = nn.Linear(self.width, outputs, bias=False)
        nn.init.normal_(self.head.weight, std=self.width**-0.5)
        change(self)

    def forward(self, x):
        return self.head(super().forward(x))


def multiply(module, factor):
    def change(model):
        with torch.no_grad():
            model.get_submodule(module).weight.mul_(factor)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (multiply("layers.3", 0.5**0.5), "layers.3: grows as if lambda were 0.5"),
        (multiply("layers.11", 0), "layers.11: grows as if lambda were 0"),
        (multiply("layers.11", 2), "layers.11: grows as if lambda were 1."),
        (multiply("first", 2**0.5), "first: z_0 is 1.4"),
        (multiply("head", 0), "head: share of networks where it is 0 is 1"),
        (multiply("head", 2), "head: the output layer's weights are 1.9"),
    ],
)
def test_one_wrong_layer_is_one_diagnosis(change, said):
    torch.manual_seed(1)
    outcome = it.check(lambda: WithHead(change), X, NET.replace(outputs=5), initializations=400)
    assert not outcome
    assert len(outcome.diagnoses) == 1 and outcome.diagnoses[0].startswith(said), outcome


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ResNet(lambda_=0.8), "layers.0 to layers.11: grows as if lambda were 0.8"),
        (lambda: ResNet(alpha=0.1), "layers.0 to layers.11: alpha is 0.1, not 0.707"),
        (lambda: ResNet(alpha=1, lambda_=1), "alpha is 1, not 0.707; grows as if lambda were"),
        (lambda: it.balance(ResNet(), X), "n E[S]"),
        (lambda: default_of(ResNet()), "layers.0 to layers.11: grows as if lambda were 0.3"),
        (lambda: ResNet(depth=3), "it has 3 blocks, the network 12"),
        (lambda: ResNet(width=16), "its widths are"),
        (lambda: Stream([transformer_block(phi=nn.ReLU()) for _ in range(DEPTH)], 1), "the branch is linear-first"),
        (lambda: PostNorm([Written(WIDTH, F.relu) for _ in range(DEPTH)]), "norms.0: normalizes the stream itself"),
        (lambda: pre_norm(F.relu, DEPTH), "the model has normalization before each branch, the network no normalization"),
        (lambda: Stream([Written(WIDTH, F.silu) for _ in range(DEPTH)], 1), "the activation is silu"),
    ],
)
def test_check_says_where_a_wrong_initialization_departs(make, said):
    torch.manual_seed(1)
    outcome = it.check(make, X, NET, initializations=400)
    assert not outcome
    assert said in str(outcome), outcome


def default_of(model):
    for layer in model.layers:
        layer.reset_parameters()
    return model


def test_a_failed_assertion_shows_the_departures_alone():
    torch.manual_seed(1)
    outcome = it.check(lambda: ResNet(lambda_=0.8), X, NET, initializations=200)
    assert repr(outcome) == str(outcome) and "p_value" not in repr(outcome) and len(str(outcome).splitlines()) < 6


def test_biases_are_named_beside_a_departure():
    def with_biases():
        model = ResNet()
        model.layers[2].bias = nn.Parameter(torch.full((WIDTH,), 0.7))
        return model

    torch.manual_seed(1)
    outcome = it.check(with_biases, X, NET, initializations=200)
    assert not outcome and "layers.2: the bias is not 0" in str(outcome)


def test_check_wants_one_input():
    with pytest.raises(ValueError, match="batch of one"):
        it.check(ResNet, torch.cat([X, X]), NET)
    with pytest.raises(ValueError, match="3 positions"):
        it.check(ResNet, X.expand(1, 3, 8), NET)
    with pytest.raises(ValueError, match="level: 0"):
        it.check(ResNet, X, NET, level=0)
