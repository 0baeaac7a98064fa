"""Regimes and designs: the command's answers as values."""

import math

import pytest

import initlaw

NET = initlaw.vanilla(width=100, depth=50, outputs=10)


def test_a_regime_is_in_numbers_and_in_sentences():
    regime = initlaw.regime(NET, gradients=True)
    assert regime.network == NET and regime.depth_over_width == 0.5
    assert regime.predicted.law == "finite_width" and regime.predicted.accuracy == "bounded"
    assert regime.predicted.variance == pytest.approx(initlaw.finite_width(NET).var(), rel=1e-12)
    assert regime.at_infinite_width.variance == pytest.approx(initlaw.infinite_width(NET).var(), rel=1e-12)
    assert regime.kernel_deviation**2 == pytest.approx(regime.predicted.variance - regime.at_infinite_width.variance)
    assert (regime.gaussian_process_theory, regime.tangent_kernel_theory) == ("fails", "fails")
    assert all(0 < share < 0.1 for share in regime.gradient_beyond_ten)
    assert regime.dead_probability == 0
    assert initlaw.regime(initlaw.fully_connected(width=2, depth=1)).dead_probability == pytest.approx(0.25)
    changes = dict(regime.changes)
    assert {"balanced", "pre_norm", "lambda_halved", "width_doubled"} <= set(changes)
    assert changes["width_doubled"].network == NET.replace(width=200)
    assert changes["pre_norm"].variance < 0.5 < regime.predicted.variance
    assert str(regime).startswith("Regime    d/n = 0.5\n") and "Do not trust Gaussian-process theory" in str(regime)
    assert regime.to_dataframe().loc["balanced", "variance"] == changes["balanced"].variance
    assert initlaw.regime(NET).gradient_beyond_ten is None


def test_a_design_finds_a_network_that_meets_its_target():
    design = initlaw.design(NET, "width", variance=1)
    assert design and design.network == NET.replace(width=design.value) and type(design.value) is int
    assert initlaw.finite_width(design.network).var() <= 1
    assert initlaw.finite_width(design.network.replace(width=design.value - 1)).var() > 1
    assert design.met == ((design.value, 1e6),) and design.searched == (1, 1e6)
    assert design.to_dataframe()["met"].tolist() == [False, False, True, True, True]
    verified = design.verify(20_000)
    assert verified and verified.verdict == "confirmed" and "confirmed" in str(verified)
    assert verified == design.verify(20_000, threads=1)


def test_a_design_of_a_risk_and_of_an_input():
    design = initlaw.design(NET.replace(inputs=2), "lambda", overflow=65504, risk=1e-6, input=[30, 40], from_=0.1)
    assert design.limit == 65504 and design.at_most == 1e-6 and design.input == (30, 40)
    assert 2 * initlaw.finite_width(design.network, [30, 40]).output.sf(65504) == pytest.approx(1e-6, rel=1e-3)
    assert design.verify(40_000)


def test_a_design_of_a_gradient():
    design = initlaw.design(NET.replace(depth=20), "width", variance=0.5, gradients="orthogonal", from_=50, to=400)
    assert initlaw.gradient_limit(design.network).orthogonal.var() <= 0.5
    assert design.found.accuracy == "first-order"


def test_what_is_impossible_is_false():
    design = initlaw.design(NET, "width", variance=0.2)
    assert not design and design.value is None and design.met == () and "Impossible at any width" in str(design)
    with pytest.raises(ValueError, match="nothing was found"):
        design.verify()


@pytest.mark.parametrize("arguments, message", [
    ({}, "no target"), ({"variance": 1, "ks_to_gaussian": 0.1}, "variance and ks-to-gaussian"),
    ({"overflow": 3}, "risk"), ({"variance": 1, "risk": 0.1}, "risk"), ({"variance": 0}, "variance: 0"),
    ({"variance": math.nan}, "variance: nan"), ({"variance": -1}, "variance: -1"),
    ({"underflow": 0, "risk": 0.1}, "underflow: 0"), ({"overflow": 1, "risk": 2}, "risk: 2"),
    ({"variance": 1, "from_": 3, "to": 2}, "from 3 to 2"), ({"variance": 1, "gradients": "up"}, "gradients"),
])
def test_wrong_targets_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        initlaw.design(NET, "lambda", **arguments)


def test_what_cannot_be_found_is_refused():
    with pytest.raises(ValueError, match="find"):
        initlaw.design(NET, "height", variance=1)
    with pytest.raises(ValueError, match="alpha: cannot be found"):
        initlaw.design(initlaw.stable(width=9, depth=3), "alpha", variance=6)
