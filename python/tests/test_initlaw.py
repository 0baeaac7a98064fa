"""The module against the command, NumPy and SciPy."""

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from scipy import integrate, stats

import initlaw

COMMAND = os.environ.get("INITLAW_COMMAND")
NET = initlaw.vanilla(width=30, depth=15, outputs=4)
LAWS = [
    initlaw.infinite_depth_and_width(NET),
    initlaw.infinite_width(NET),
    initlaw.finite_width(NET),
    initlaw.exact_fully_connected(initlaw.fully_connected(width=8, depth=5, outputs=3)),
    initlaw.exact_linear_first(initlaw.vanilla(width=8, depth=5, outputs=3, leak=0.2, branch="linear-first")),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_laws_follow_scipy(law):
    x = np.linspace(law.ppf(0.001), law.ppf(0.999), 2001)
    assert integrate.trapezoid(law.pdf(x), x) == pytest.approx(0.998, abs=1e-5)
    np.testing.assert_allclose(law.cdf(x) + law.sf(x), 1, rtol=1e-12)
    p = np.array([[0.01, 0.5], [0.9, 0.99]])
    assert law.ppf(p).shape == (2, 2)
    np.testing.assert_allclose(law.cdf(law.ppf(p)), p, rtol=1e-9)
    assert law.ppf(0) == -np.inf and law.ppf(1) == np.inf and law.isf(0) == np.inf
    np.testing.assert_allclose(law.logpdf(x), np.log(law.pdf(x)))
    assert law.median() == law.ppf(0.5) and law.support() == (-np.inf, np.inf)
    low, high = law.interval(0.9)
    assert law.cdf(high) - law.cdf(low) == pytest.approx(0.9)
    assert isinstance(law.ppf(0.5), float)
    assert law.std() == pytest.approx(law.var() ** 0.5)
    # H0: the draws come from the law. The seed is fixed; p-values below 1e-5 are failures.
    draws = law.rvs(20_000, random_state=3)
    assert stats.kstest(draws, law.cdf).pvalue > 1e-5
    assert law.rvs((3, 2), random_state=3).shape == (3, 2)


def test_a_network_has_the_laws_that_exist_for_it():
    assert initlaw.laws(NET) == [initlaw.finite_width(NET), *LAWS[:2]]
    without_skip = initlaw.fully_connected(width=8, depth=5, outputs=3)
    kinds = ["log-Gaussian", "Gaussian", "exact"]
    assert [law.kind for law in initlaw.laws(without_skip, [2.0])][-3:] == kinds
    assert initlaw.laws(without_skip, [2.0])[-1] == initlaw.exact_fully_connected(without_skip, [2.0])
    with pytest.raises(ValueError, match="input"):
        initlaw.laws(NET, [1.0, 2.0])


def test_gaussian_limit_is_scipys_log_chi_square():
    law = initlaw.infinite_width(NET, input=[2.0])
    x = np.linspace(-3, 5, 9)
    expected = stats.chi2(4).cdf(np.exp(x) / 4)
    np.testing.assert_allclose(law.cdf(x), expected, rtol=1e-10)
    np.testing.assert_allclose(law.output.cdf(x), stats.norm(scale=2).cdf(x), rtol=1e-10)


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
@pytest.mark.parametrize("options", [{}, {"method": "dense"}, {"precision": "double"}, {"estimator": "antithetic"}])
def test_the_same_seed_gives_the_commands_bytes(options):
    arguments = [word for key, value in options.items() for word in (f"--{key}", value)]
    done = subprocess.run(
        [COMMAND, "simulate", "--width", "30", "--depth", "15", "--outputs", "4", "--samples", "3000", "--seed", "7",
         *arguments, "--json", "-"], capture_output=True, text=True, check=True)
    ensemble = initlaw.simulate(NET, 3000, 7, **options)
    assert ensemble.to_json() == done.stdout
    assert initlaw.Ensemble.from_json(done.stdout) == ensemble


def test_the_former_name_of_an_estimator_is_read():
    former, present = (initlaw.simulate(NET, 100, estimator=name).to_json() for name in ("paired", "antithetic"))
    assert former == present
    assert '"estimator": "antithetic"' in present


def test_ensembles_measure_what_laws_predict():
    ensemble = initlaw.simulate(NET, 50_000)
    value, error = ensemble.hypoactivation
    assert value.shape == error.shape == (15,)
    # The limit leaves out a share of 5.2/n (docs/finite_width.md).
    h = initlaw.hypoactivation(NET)
    assert np.all(np.abs(value - h) < 5.2 / 30 * np.abs(h) + 5 * error)
    assert ensemble.growth.mean == ensemble.growth_mean
    fit = initlaw.compare(ensemble, LAWS[0])
    assert fit.verdict == "holds"
    assert fit.log_output_norm2.ks < 0.05 < initlaw.compare(ensemble, LAWS[1]).log_output_norm2.ks
    histogram = ensemble.log_output_norm2_histogram
    assert histogram.counts.sum() == 50_000
    assert histogram.counts.base is not None
    assert histogram.quantile(0.5).value == pytest.approx(LAWS[0].ppf(0.5), abs=0.1)
    for p in (-0.1, 2, np.nan):
        with pytest.raises(ValueError, match="p: "):
            histogram.quantile(p)


def test_a_view_outlives_its_ensemble():
    counts = initlaw.simulate(NET, 1000).log_output_norm2_histogram.counts
    assert counts.sum() == 1000


def test_networks_round_trip():
    nets = [
        NET,
        initlaw.fully_connected(width=[5, 6, 7], depth=2),
        initlaw.balanced(width=9, depth=2, alpha=[0.5, 1], branch_depth=2),
        initlaw.stable(width=np.int64(9), depth=2, residual_scale=np.float32(2), leak=0.1, flip=0.2),
    ]
    for net in nets:
        assert initlaw.network_from_json(net.to_json()) == initlaw.network_from_toml(net.to_toml()) == net
        assert hash(pickle.loads(pickle.dumps(net))) == hash(net)
        assert eval(repr(net).replace("Network(", "dict("))["width"] == net.width
    assert json.loads(NET.to_json())["outputs"] == 4
    np.testing.assert_array_equal(nets[2].alpha, [0.5, 1])


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: initlaw.vanilla(width=-1, depth=3), "width: -1"),
        (lambda: initlaw.vanilla(width="ten", depth=3), "width"),
        (lambda: initlaw.vanilla(width=10, depth=2, alpha=[1, 2, 3]), "alpha"),
        (lambda: initlaw.balanced(width=10, depth=2, lambda_=float("nan")), "lambda"),
        (lambda: initlaw.network_from_toml("width = 3"), "family"),
        (lambda: NET.replace(outputs=-1), "outputs"),
        (lambda: NET.replace(flip=2), "flip"),
        (lambda: initlaw.simulate(NET, 0), "samples"),
        (lambda: initlaw.simulate(NET, 10.5), "samples"),
        (lambda: initlaw.simulate(NET, 10, seed=-1), "seed"),
        (lambda: initlaw.simulate(NET, 10, threads=-1), "threads"),
        (lambda: initlaw.simulate(NET, 10, method="quick"), "method"),
        (lambda: initlaw.simulate(NET, 10, lags=[15]), "lags"),
        (lambda: initlaw.simulate(NET, 10, input=[1, 2]), "input"),
        (lambda: initlaw.simulate(NET, 10, input=[[1]]), "input"),
        (lambda: LAWS[0].ppf([0.5, 1.5]), "p: 1.5"),
        (lambda: LAWS[0].pdf(float("nan")), "x"),
        (lambda: initlaw.exact_fully_connected(NET), "alpha"),
        (lambda: initlaw.interlayer_covariance(NET, 0, 15), "layer"),
        (lambda: initlaw.tail_probability(NET, 0), "threshold"),
        (lambda: initlaw.read_input("nowhere.csv"), "nowhere.csv"),
    ],
)
def test_bad_input_is_a_value_error_that_names_it(call, named):
    with pytest.raises(ValueError, match=named):
        call()


def test_other_threads_run_while_it_simulates():
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    initlaw.simulate(initlaw.vanilla(width=200, depth=100), 100_000, threads=1)
    stop.set()
    thread.join()
    assert len(ticks) > 10


@pytest.fixture
def control_c():
    """Whoever starts the tests in the background makes them deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.usefixtures("control_c")
def test_control_c_ends_a_simulation():
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        initlaw.simulate(initlaw.vanilla(width=100, depth=50), 10**11, progress=False)
    assert time.perf_counter() - start < 10


def test_a_bar_shows_the_progress(capsys):
    initlaw.simulate(initlaw.vanilla(width=300, depth=300), 200_000, progress=True)
    assert "networks" in capsys.readouterr().err
    initlaw.simulate(NET, 1000, progress=False)
    assert capsys.readouterr().err == ""


def test_tails_are_reached():
    net = initlaw.fully_connected(width=20, depth=10)
    tail = initlaw.tail_probability(net, 30, 40_000)
    exact = initlaw.exact_fully_connected(net)
    expected = 2 * (1 - exact.dead_probability) * exact.output.sf(30)
    assert abs(tail.probability.value - expected) < 5 * tail.probability.std_error
    assert tail.probability.std_error < 0.2 * expected


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
def test_a_study_becomes_a_table(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text("width = [10, 20]\ndepth = 5\nsamples = 1000\n")
    subprocess.run([COMMAND, "study", "run", study], check=True, stderr=subprocess.DEVNULL)
    table = initlaw.open_study(tmp_path / "study.sqlite")
    assert table["width"].tolist() == [10, 20]
    for width, row in table.set_index("width").iterrows():
        net = initlaw.vanilla(width=width, depth=5)
        assert row["G_mean"] == initlaw.simulate(net, 1000).growth.mean.value
        assert row["log_gaussian_variance"] == initlaw.infinite_depth_and_width(net).var()


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
def test_a_study_of_several_inputs_becomes_a_table(tmp_path):
    inputs = np.array([[1, 0], [1, 1], [-2, 1]])
    np.save(tmp_path / "inputs.npy", inputs.astype(float))
    study = tmp_path / "study.toml"
    study.write_text("width = 10\ndepth = 5\nsamples = 1000\ninput = 'inputs.npy'\nrows = '0-2'\n")
    assert len(initlaw.run_study(study)) == 0
    table = initlaw.open_study(tmp_path / "study.sqlite", "angles")
    assert table.index.names == ["id", "i", "j", "layer"]
    joint = initlaw.simulate_jointly(initlaw.vanilla(width=10, depth=5, inputs=2), inputs, 1000)
    assert table.loc[(1, 0, 2, 5), "log_tangent_mean"] == joint.log_tangent_mean.value[5, joint.pairs.index((0, 2))]
    with pytest.raises(ValueError, match="view: 'angle' is not one of result, angles"):
        initlaw.open_study(tmp_path / "study.sqlite", "angle")


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
def test_a_damaged_study_is_refused(tmp_path):
    study = tmp_path / "100% new?.toml"
    study.write_text("width = 10\ndepth = 5\nsamples = 1000\n")
    subprocess.run([COMMAND, "study", "run", study], check=True, stderr=subprocess.DEVNULL)
    file = study.with_suffix(".sqlite")
    assert len(initlaw.open_study(file)) == 1
    with sqlite3.connect(os.fspath(file)) as database:
        database.execute("UPDATE cell SET result = json_set(result, '$.gaussian.ks', 0.5)")
    with pytest.raises(ValueError, match="is damaged"):
        initlaw.open_study(file)


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
def test_studies_run_resume_and_are_extended(tmp_path, capfd):
    study = tmp_path / "study.toml"
    study.write_text("width = [10, 20]\ndepth = 5\nsamples = 1000\n")
    table = initlaw.run_study(study, threads=1, progress=True)
    assert "2 of 2 cells finished" in capfd.readouterr().err
    assert table["samples"].tolist() == [1000, 1000] and (tmp_path / "study.sqlite").exists()
    study.write_text("width = [10, 20, 30]\ndepth = 5\nsamples = 1000\n")
    resumed = initlaw.run_study(study, tmp_path / "study.sqlite")
    assert resumed["width"].tolist() == [10, 20, 30] and resumed["G_mean"].tolist()[:2] == table["G_mean"].tolist()
    extended = initlaw.extend_study(tmp_path / "study.sqlite", samples=2e3)
    assert extended["samples"].tolist() == [2000] * 3
    assert extended["G_mean"][1] == initlaw.simulate(initlaw.vanilla(width=10, depth=5), 2000).growth.mean.value
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
def test_a_studys_errors_are_the_commands(tmp_path, monkeypatch):
    study = tmp_path / "study.toml"
    study.write_text("width = -3\ndepth = 5\n")
    with pytest.raises(ValueError, match=r"^/.*study\.toml: .*width: -3"):
        initlaw.run_study(study)
    with pytest.raises(ValueError, match="there is no such file"):
        initlaw.extend_study(tmp_path / "none.sqlite", samples=10)
    with pytest.raises(ValueError, match="needs --samples or --std-error"):
        initlaw.extend_study(tmp_path / "none.sqlite")
    monkeypatch.setenv("INITLAW_COMMAND", "")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda name: os.fspath(tmp_path))
    with pytest.raises(FileNotFoundError, match="command initlaw"):
        initlaw.run_study(study)


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
@pytest.mark.usefixtures("control_c")
def test_control_c_stops_a_study_that_can_go_on(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text("width = 10\ndepth = [5, 6]\nsamples = 1e11\n")
    threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        initlaw.run_study(study)
    with sqlite3.connect(tmp_path / "study.sqlite") as database:
        assert database.execute("SELECT max(samples) FROM cell").fetchone()[0] > 0
    # The command has ended: nobody holds the file any more.
    subprocess.run([COMMAND, "study", "verify", tmp_path / "study.sqlite"], capture_output=True, check=True)


def test_what_is_no_study_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        initlaw.open_study(tmp_path / "none.sqlite")
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_bytes(b"nonsense" * 1000)
    with pytest.raises(ValueError, match="not a study's file"):
        initlaw.open_study(wrong)


def public_members():
    for name in initlaw.__all__:
        value = getattr(initlaw, name)
        if isinstance(value, str):
            continue
        yield name, value
        if isinstance(value, type):
            yield from ((f"{name}.{key}", member) for key, member in vars(value).items() if not key.startswith("_"))


@pytest.mark.parametrize("name, member", list(public_members()))
def test_everything_public_says_what_it_is(name, member):
    lines = [line for line in (member.__doc__ or "").splitlines() if line and f"{name.split('.')[-1]}(" not in line]
    assert lines, name


@pytest.mark.skipif(COMMAND is None, reason="INITLAW_COMMAND does not name the command")
@pytest.mark.parametrize("direction", ["random", "orthogonal"])
def test_gradients_are_the_commands(direction):
    done = subprocess.run(
        [COMMAND, "simulate", "--width", "30", "--depth", "15", "--outputs", "4", "--samples", "3000",
         "--gradients", direction, "--json", "-"], capture_output=True, text=True, check=True)
    ensemble = initlaw.simulate(NET, 3000, gradients=direction)
    assert ensemble.to_json() == done.stdout
    assert pickle.loads(pickle.dumps(ensemble)) == ensemble


def test_gradients_follow_their_limit():
    gradients = initlaw.simulate(NET, 20_000, gradients="random").gradients
    limit = initlaw.gradient_limit(NET)
    distance = initlaw.compare(gradients, limit.random)
    assert distance.ks < 0.03
    assert limit.random.cdf(limit.random.ppf([0.1, 0.9])) == pytest.approx([0.1, 0.9])
    assert limit.orthogonal.mean() == pytest.approx(limit.log_scale + limit.gradient_mean)
    assert gradients.ntk_share.value.sum() == pytest.approx(1)
    assert initlaw.infinite_width_tangent_kernel(NET).share.sum() == pytest.approx(1)
    assert initlaw.simulate(NET, 100).gradients is None
    with pytest.raises(ValueError, match='gradients: "up" is not one of random, orthogonal'):
        initlaw.simulate(NET, 100, gradients="up")


def test_several_inputs_share_a_network():
    net = initlaw.vanilla(width=40, depth=6, inputs=2)
    joint = initlaw.simulate_jointly(net, [[1, 0], [1, 1], [-2, 0], [0, 0]], 2000)
    assert joint.pairs == [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]
    assert joint.cosine.value.shape == (7, 6)
    rho = initlaw.infinite_width_correlation(net, 0.5**0.5)
    assert np.abs(joint.cosine.value[:, 0] - rho).max() < 0.05
    assert np.isnan(joint.cosine.value[0, 3])
    assert joint.growth[3].count == 0
    # An input of another length has the same G but for its length: one and the same law.
    assert abs(joint.growth[0].mean.value - joint.growth[1].mean.value) < 4.5 * 2 * joint.growth[0].mean.std_error
    with pytest.raises(ValueError, match="inputs: number 0 has 3 components, the network takes 2"):
        initlaw.simulate_jointly(net, [[1, 2, 3]])
    with pytest.raises(ValueError, match="two dimensions"):
        initlaw.simulate_jointly(net, [1, 2])


def test_tangent_kernels_are_matrices():
    net = initlaw.vanilla(width=200, depth=4, inputs=2)
    inputs = np.array([[1, 0], [1, 1], [-2, 0], [0, 0]])
    kernel = initlaw.simulate_tangent_kernel(net, inputs, 500)
    assert kernel.samples == 500 and kernel.network == net
    for matrix in (kernel.mean.value, kernel.mean.std_error, kernel.spread.value, kernel.infinite_width, kernel.cosine.value):
        assert matrix.shape == (4, 4)
        np.testing.assert_array_equal(matrix, matrix.T)
    theta = kernel.infinite_width[:2, :2]
    assert np.abs(kernel.mean.value[:2, :2] - theta).max() < 0.1 * theta.max()
    rho = initlaw.infinite_width_tangent_correlation(net, 0.5**0.5)
    assert kernel.infinite_width_cosine[0, 1] == pytest.approx(rho)
    assert theta[0, 1] == pytest.approx(rho * (theta[0, 0] * theta[1, 1]) ** 0.5)
    one = initlaw.infinite_width_tangent_kernel(net, inputs[2])
    assert kernel.infinite_width[2, 2] == pytest.approx(np.exp(one.log_diagonal))
    assert kernel.cosine_variance.value[0, 0] < 1e-20 < kernel.cosine_variance.value[0, 1]
    assert (kernel.mean.value[3] == 0).all() and np.isnan(kernel.cosine.value[3]).all()
    assert kernel.log_diagonal[0].count == 500 and kernel.log_diagonal[3].count == 0
    assert initlaw.simulate_tangent_kernel(net, inputs, 500, threads=3) == kernel
    assert initlaw.simulate_tangent_kernel(net, inputs, 500, 2) != kernel
    with pytest.raises(ValueError, match="inputs: number 0 has 3 components, the network takes 2"):
        initlaw.simulate_tangent_kernel(net, [[1, 2, 3]])


def test_angles_have_a_law():
    net = initlaw.vanilla(width=100, depth=50, inputs=2)
    law = initlaw.angle_law(net, 0.5)
    assert law.log_angle_mean == pytest.approx(-1.52201557611, abs=1e-10)
    assert law.ppf(0.5) == pytest.approx(0.22504562813, abs=1e-10)
    assert law.cdf([law.ppf(0.1), law.ppf(0.9)]) == pytest.approx([0.1, 0.9])
    assert law.sf(1.0) + law.cdf(1.0) == pytest.approx(1)
    copy = pickle.loads(pickle.dumps(law))
    assert copy == law and hash(copy) == hash(law) and copy != initlaw.angle_law(net, 0.5, 49)
    assert initlaw.angle_law(net, 0.5, initlaw.collapse_depth(net, 0.5, 0.3)).cdf(0.3) >= 0.5
    assert initlaw.collapse_depth(net, 0.5, 1e-6) is None
    inputs = [[1, 0], [0.5, 0.75**0.5], [0, 0], [2, 0]]
    prediction = initlaw.predict_angles(net, inputs)
    assert prediction["median"].shape == (4, 4, 51)
    assert prediction["median"][0, 1, -1] == prediction["median"][1, 0, -1] == law.ppf(0.5)
    assert np.isnan(prediction["median"][0, [0, 2, 3]]).all()
    joint = initlaw.simulate_jointly(net, inputs, 2000, pairs=[(0, 1)], layers=[10])
    assert joint.layers == [10, 50] and joint.pairs == [(0, 1)]
    mean, error = joint.log_tangent_mean.value[-1, 0], joint.log_tangent_mean.std_error[-1, 0]
    assert abs(mean - law.log_tangent_mean) < 0.03 + 4.5 * error
    assert joint.log_tangent_variance.value.shape == (2, 1)
    assert joint.last_log_tangent[0].count == 2000
    assert joint.angle_and_growth_covariance.value[0] < 0 < joint.growth_covariance.value[0]
    assert pickle.loads(pickle.dumps(joint)) == joint
    with pytest.raises(ValueError, match="rho: 1"):
        initlaw.angle_law(net, 1)
    with pytest.raises(ValueError, match="layers: 51"):
        initlaw.predict_angles(net, inputs, layers=[51])


def test_cumulants_at_finite_width_are_those_of_its_law():
    net = initlaw.vanilla(width=100, depth=50)
    mean, variance, third, fourth = initlaw.log_norm_cumulants(net)
    law = initlaw.finite_width(net)
    limit = initlaw.infinite_depth_and_width(net)
    assert law.mean() - limit.mean() == pytest.approx(mean - initlaw.log_norm_cumulants(net, order=1)[0], abs=1e-13)
    assert law.var() - limit.var() == pytest.approx(variance - initlaw.log_norm_cumulants(net, order=1)[1], abs=1e-12)
    assert third < 0 and fourth == 0 < initlaw.log_norm_cumulants(net, order=3)[3]
    layers = initlaw.log_norm_cumulants_by_layer(net)
    assert layers.shape == (51, 4)
    np.testing.assert_allclose(layers[-1], [mean, variance, third, fourth], rtol=1e-12)
    for order in (0, 4):
        with pytest.raises(ValueError, match="order"):
            initlaw.log_norm_cumulants(net, order=order)


def test_gradient_norms_are_those_of_simulated_networks():
    net = initlaw.vanilla(width=200, depth=20)
    # H0: mean and variance are the limit's, but for 1/n of the variance.
    for direction in ("random", "orthogonal"):
        gradients = initlaw.simulate(net, samples=20_000, seed=3, gradients=direction).gradients
        norms = initlaw.gradient_norms(net, direction=direction)
        assert norms.shape == (21, 2)
        mean, variance = norms.T
        for found, expected in ((gradients.log_norm2_mean, mean), (gradients.log_norm2_variance, variance)):
            assert (np.abs(found.value - expected) < 4.5 * found.std_error + variance / 100).all()
        np.testing.assert_array_equal(initlaw.gradient_norms(net, [3, 20], direction), norms[[3, 20]])
    with pytest.raises(ValueError, match="layers: 21"):
        initlaw.gradient_norms(net, [21])
    with pytest.raises(ValueError, match="direction"):
        initlaw.gradient_norms(net, direction="upwards")


def test_activity_at_finite_width_is_near_the_limit_and_in_the_end_below_it():
    net = initlaw.vanilla(width=100, depth=50)
    hypoactivation, active = initlaw.layer_activity(net)
    assert hypoactivation[0] == 0 and active[0] == 0.5
    limit = initlaw.hypoactivation(net)
    assert hypoactivation[-1] < limit[-1] - 0.09
    np.testing.assert_allclose(hypoactivation, limit, atol=0.11)
    np.testing.assert_allclose(active, initlaw.active_fraction(net), atol=4e-4)
