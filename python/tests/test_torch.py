"""PyTorch models beside the theory."""

import numpy as np
import pytest

import initlaw

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from torch import nn  # noqa: E402

import initlaw.torch as it  # noqa: E402

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


def test_balance_refuses_what_it_cannot_replace():
    shared = nn.ReLU()
    with pytest.raises(ValueError, match="4 and with 3 features"):
        it.balance(nn.Sequential(nn.Linear(8, 4), shared, nn.Linear(4, 3), shared), X)
    with pytest.raises(ValueError, match="has no nn.ReLU"):
        it.balance(nn.Sequential(nn.Linear(8, 4)), X)


def test_measure_reads_what_a_forward_pass_sees():
    torch.manual_seed(1)
    model = ResNet()
    found = it.measure(model, torch.cat([X, 2 * X]))
    assert found.names[0] == "activations.0" and found.S.shape == (DEPTH, 2)
    z = model.first(X).detach().double().numpy()[0]
    assert found.log_norm2[0, 0] == pytest.approx(np.log((z**2).sum()), rel=1e-6)
    assert found.active_fraction[0, 0] == (z > 0).mean()
    assert found.S[0, 0] == pytest.approx(2 * (np.maximum(z, 0) ** 2).sum() / (z**2).sum() - 1, abs=1e-6)
    # The network is homogeneous.
    np.testing.assert_allclose(found.log_norm2[:, 1] - found.log_norm2[:, 0], 2 * np.log(2), atol=1e-5)
    np.testing.assert_allclose(found.S[:, 1], found.S[:, 0], atol=1e-5)
    assert not list(model.activations[0]._forward_pre_hooks)
    assert len(found.to_dataframe()) == 2 * DEPTH
    assert repr(found) == "Measurement(12 layers, 2 inputs)"


# H0 holds in the first, and is wrong in the others; seeds are fixed.
def test_check_passes_a_right_initialization():
    torch.manual_seed(1)
    outcome = it.check(ResNet, X, NET, initializations=400)
    assert outcome, str(outcome)
    assert repr(outcome) == "Check(0 of 48 comparisons fail)"
    assert "follows the law" in str(outcome) and len(outcome.to_dataframe()) == 4 * DEPTH


def test_check_passes_a_balanced_network():
    torch.manual_seed(1)
    outcome = it.check(lambda: it.balance(ResNet(), X), X, initlaw.balanced(width=WIDTH, depth=DEPTH, inputs=8),
                       initializations=400)
    assert outcome, str(outcome)


@pytest.mark.parametrize(
    ("make", "quantity"),
    [
        (lambda: ResNet(lambda_=0.8), "mean of ln"),
        (lambda: it.balance(ResNet(), X), "n E[S]"),
        (lambda: ResNet(alpha=0.1), "ln||z||^2"),
    ],
    ids=["lambda", "signs", "alpha"],
)
def test_check_says_where_a_wrong_initialization_departs(make, quantity):
    torch.manual_seed(1)
    outcome = it.check(make, X, NET, initializations=400)
    assert not outcome
    assert quantity in str(outcome) and "activations." in str(outcome)


def test_check_refuses_a_model_of_another_shape():
    with pytest.raises(ValueError, match="widths"):
        it.check(lambda: ResNet(depth=3), X, NET, initializations=2)
    with pytest.raises(ValueError, match="batch of one"):
        it.check(ResNet, torch.cat([X, X]), NET)
