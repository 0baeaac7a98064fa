"""What every result can do: be shown, pickled, compared, sent to processes, computed with, and made a table."""

import concurrent.futures
import copy
import inspect
import multiprocessing
import pickle
import subprocess
import sys
import typing

import numpy as np
import pytest

import initlaw
from initlaw import _core

NET = initlaw.vanilla(width=30, depth=15, inputs=2, outputs=4)
ENSEMBLE = initlaw.simulate(NET, 2000, gradients="random")
LAW = initlaw.infinite_depth_and_width(NET)
LIMIT = initlaw.gradient_limit(NET)
RESULTS = [
    NET, LAW, LAW.output, ENSEMBLE, ENSEMBLE.growth, ENSEMBLE.log_output_norm2_histogram, ENSEMBLE.growth_mean,
    ENSEMBLE.hypoactivation, ENSEMBLE.gradients, ENSEMBLE.gradients.ntk, LIMIT, LIMIT.random, LIMIT.orthogonal,
    initlaw.infinite_width_tangent_kernel(NET), initlaw.compare(ENSEMBLE, LAW),
    initlaw.compare(ENSEMBLE, LAW).output, initlaw.simulate_jointly(NET, [[1, 0], [1, 1], [0, 0]], 100),
    initlaw.simulate_tangent_kernel(NET, [[1, 0], [1, 1], [0, 0]], 100),
    initlaw.tail_probability(NET.replace(width=4, depth=2), 5, 32768),
    REGIME := initlaw.regime(NET), REGIME.predicted, REGIME.at_infinite_width, REGIME.fp16,
    DESIGN := initlaw.design(NET, "depth", variance=1, to=100), DESIGN.found, DESIGN.verify(2000),
    initlaw.angle_law(NET, 0.5),
]
TYPES = sorted({type(result).__name__ for result in RESULTS})


def public_types():
    return sorted(name for name in initlaw.__all__
                  if isinstance(each := getattr(initlaw, name), type) and not typing.is_typeddict(each))


def test_every_public_type_is_looked_at():
    assert TYPES == public_types()


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: type(r).__name__)
def test_results_are_pickled_copied_compared_and_shown(result):
    for twin in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
        assert twin == result and hash(twin) == hash(result) and repr(twin) == repr(result)
    assert all(result != other for other in RESULTS if other is not result)
    assert repr(result).startswith(type(result).__name__ + "(") and "object at" not in repr(result)
    assert len(repr(result)) < 2000


@pytest.mark.parametrize("result", [r for r in RESULTS if not isinstance(
    r, (initlaw.Network, initlaw.Law, initlaw.OutputLaw, initlaw.GradientLaw, initlaw.AngleLaw,
        initlaw.Estimate, initlaw.Spread, initlaw.FormatRisk, initlaw.DesignPoint))],
    ids=lambda r: type(r).__name__)
def test_results_become_dataframes(result):
    frame = result.to_dataframe()
    assert len(frame) > 0 and not any(column.startswith("_") for column in frame.columns)
    assert all(frame[column].dtype.kind in "fiub" for column in frame.columns)


def test_dataframes_hold_the_results_numbers():
    layers = ENSEMBLE.to_dataframe()
    assert layers.index.name == "layer" and len(layers) == 15
    assert layers["hypoactivation_error"].tolist() == ENSEMBLE.hypoactivation.std_error.tolist()
    moments = ENSEMBLE.growth.to_dataframe()
    assert (moments["mean"][0], moments["mean_error"][0]) == tuple(ENSEMBLE.growth.mean)
    joint = initlaw.simulate_jointly(NET, [[1, 0], [1, 1], [-2, 1]], 100)
    assert joint.to_dataframe()["cosine"].loc[3, 0, 2] == joint.cosine.value[3, joint.pairs.index((0, 2))]
    kernel = initlaw.simulate_tangent_kernel(NET, [[1, 0], [1, 1], [-2, 1]], 100)
    assert kernel.to_dataframe()["spread"].loc[2, 1] == kernel.spread.value[1, 2]
    fit = initlaw.compare(ENSEMBLE, LAW)
    assert fit.to_dataframe().loc["output", "ks"] == fit.output.ks
    histogram = ENSEMBLE.log_output_norm2_histogram
    assert histogram.to_dataframe()["count"].sum() == histogram.count


def functions():
    return {name: value for name in initlaw.__all__ if inspect.isroutine(value := getattr(initlaw, name))}


def methods():
    return [(each, name) for each in map(vars(initlaw).get, public_types())
            for name, member in vars(each).items() if not name.startswith("_") and callable(member)]


@pytest.mark.parametrize("name", functions())
def test_functions_have_signatures_and_are_pickled_by_name(name):
    function = functions()[name]
    signature = inspect.signature(function)
    assert all(p.annotation is not p.empty and p.kind is not p.VAR_KEYWORD for p in signature.parameters.values())
    assert pickle.loads(pickle.dumps(function)) is function


@pytest.mark.parametrize("owner, name", methods(), ids=lambda part: getattr(part, "__name__", part))
def test_methods_have_signatures(owner, name):
    signature = inspect.signature(getattr(owner, name))
    assert (next(iter(signature.parameters)) == "self") != isinstance(vars(owner)[name], staticmethod)
    assert signature.return_annotation not in (signature.empty, "object")


def test_signatures_say_what_is_taken():
    assert str(inspect.signature(initlaw.infinite_width)) == (
        "(network: 'Network', input: 'numpy.typing.ArrayLike | None' = None) -> 'Law'")
    assert list(inspect.signature(LAW.ppf).parameters) == ["x"]
    assert "float | numpy.typing.ArrayLike" in str(inspect.signature(LAW.ppf))
    assert inspect.signature(LAW.rvs).parameters["size"].default is None


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes_take_and_give_results(method):
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        ensembles = list(pool.map(initlaw.simulate, [NET, NET.replace(depth=3)], [100, 100]))
        kernel = pool.submit(initlaw.infinite_width_tangent_kernel, NET).result()
        cdf = pool.submit(LAW.cdf, 0.0).result()
    assert ensembles == [initlaw.simulate(NET, 100), initlaw.simulate(NET.replace(depth=3), 100)]
    assert kernel == initlaw.infinite_width_tangent_kernel(NET)
    assert cdf == LAW.cdf(0.0)


def test_joblib_takes_and_gives_results():
    joblib = pytest.importorskip("joblib")
    jobs = [joblib.delayed(initlaw.simulate)(NET, 100, seed) for seed in (1, 2)]
    jobs.append(joblib.delayed(initlaw.compare)(ENSEMBLE.gradients, LIMIT.random))
    *ensembles, distance = joblib.Parallel(2)(jobs)
    assert ensembles == [initlaw.simulate(NET, 100, 1), initlaw.simulate(NET, 100, 2)]
    assert distance == initlaw.compare(ENSEMBLE.gradients, LIMIT.random)


def test_estimates_compute_with_exact_numbers():
    e = initlaw.Estimate(3.0, 0.5)
    for got, value, error in [(e * 2, 6, 1), (-2 * e, -6, 1), (e + 1, 4, 0.5), (1 - e, -2, 0.5), (e / 2, 1.5, 0.25),
                              (-e, -3, 0.5), (e - 1, 2, 0.5), (np.float64(2) * e, 6, 1), (np.int64(1) + e, 4, 0.5)]:
        assert type(got) is initlaw.Estimate and tuple(got) == (value, error)
    assert float(e) == 3 and f"{e:.2f}" == "3.00 ± 0.50" and str(e) == "3 ± 0.5" == f"{e}"
    value, error = e
    assert (value, error) == (3, 0.5)
    many = initlaw.Estimates(np.array([1.0, 2.0]), np.array([0.1, 0.2]))
    scaled = np.array([2.0, -4.0]) * many - 1
    np.testing.assert_allclose(scaled.value, [1, -9])
    np.testing.assert_allclose(scaled.std_error, [0.2, 0.8])
    for wrong in (lambda: e + e, lambda: e * many, lambda: many - e, lambda: e / e, lambda: sum([e, e])):
        with pytest.raises(TypeError, match="correlation"):
            wrong()
    for wrong in (lambda: e * "2", lambda: e + None, lambda: e * np.ones(2)):
        with pytest.raises(TypeError, match="exact number"):
            wrong()
    with pytest.raises(TypeError):
        e < 3  # noqa: B015


def test_a_statistic_without_arguments_is_a_property():
    # A method may take no argument only if it is scipy's, or a conversion.
    scipys = {"mean", "var", "std", "median", "support"}
    for name in public_types():
        each = getattr(initlaw, name)
        is_law = hasattr(each, "cdf")
        for key, member in vars(each).items():
            if isinstance(member, staticmethod) or key.startswith("_") or not callable(member) or key.startswith("to_") or (is_law and key in scipys):
                continue
            assert len(inspect.signature(member).parameters) > 1, f"{name}.{key}()"


def test_a_law_that_fails_is_false():
    ensemble = initlaw.simulate(NET, 50_000)
    fits = [initlaw.compare(ensemble, law) for law in (LAW, initlaw.infinite_width(NET))]
    assert [(bool(fit), fit.verdict) for fit in fits] == [(True, "holds"), (False, "fails")]
    few = initlaw.simulate(NET, 100)
    assert not initlaw.compare(few, LAW) and initlaw.compare(few, LAW).verdict == "undecided"


@pytest.mark.parametrize("field, other", [
    ("depth", 16), ("width", 31), ("outputs", 3), ("alpha", 0.5), ("lambda_", 0.5), ("leak", 1e-300 ** 0.5), ("flip", 0.1),
    ("branch_depth", 2), ("inputs", 3)])
def test_laws_of_other_networks_are_refused_by_field(field, other):
    net = NET.replace(**{field: other})
    name = field.rstrip("_")
    with pytest.raises(ValueError, match=f"law: its network has {name} (.*), the simulated one (.*); they") as error:
        initlaw.compare(ENSEMBLE, initlaw.infinite_width(net))
    with pytest.raises(ValueError, match=f"law: its network has {name} "):
        initlaw.compare(ENSEMBLE.gradients, initlaw.gradient_limit(net).random)
    ours, theirs = error.value.args[0].removeprefix(f"law: its network has {name} ").split(", the simulated one ")
    assert ours != theirs.partition(";")[0]


def test_laws_of_other_inputs_and_directions_are_refused():
    with pytest.raises(ValueError, match=r"law: its input has \|\|x\|\|\^2/n_in = 2.5, the simulated one 0.5"):
        initlaw.compare(ENSEMBLE, initlaw.infinite_width(NET, [2.0, 1.0]))
    # Laws depend on an input through its norm.
    assert initlaw.compare(ENSEMBLE, initlaw.infinite_width(NET, [0.6, 0.8])).verdict == "fails"
    with pytest.raises(ValueError, match="law: is that of orthogonal gradients, the simulated ones are random"):
        initlaw.compare(ENSEMBLE.gradients, LIMIT.orthogonal)


def test_draws_follow_random_state_as_scipys_do():
    for law in (LAW, LAW.output, LIMIT.random):
        assert law.rvs() != law.rvs()
        assert not np.array_equal(law.rvs(3), law.rvs(3))
        np.random.seed(5)
        first = law.rvs(3)
        np.random.seed(5)
        np.testing.assert_array_equal(law.rvs(3), first)
        for make in (np.random.default_rng, np.random.RandomState):
            np.testing.assert_array_equal(law.rvs(3, random_state=make(1)), law.rvs(3, random_state=make(1)))
            state = make(1)
            assert not np.array_equal(law.rvs(3, random_state=state), law.rvs(3, random_state=state))
        np.testing.assert_array_equal(law.rvs(3, random_state=7), law.rvs(3, random_state=np.int64(7)))
        assert law.rvs((2, 0)).shape == (2, 0)
        with pytest.raises(ValueError, match="size: -1"):
            law.rvs(-1)
        with pytest.raises(ValueError, match="random_state"):
            law.rvs(random_state="seed")


@pytest.mark.parametrize("options", [{}, {"method": "dense"}, {"precision": "double"}, {"input": [3.0, 4.0]}])
@pytest.mark.parametrize("net", [NET, initlaw.fully_connected(width=3, depth=8, inputs=2)], ids=lambda n: n.family)
def test_samples_are_those_of_the_simulated_networks(net, options):
    ensemble = initlaw.simulate(net, 1500, 3, **options)
    samples = initlaw.log_output_norm2_samples(net, 1500, 3, **options)
    alive = samples[np.isfinite(samples)]
    assert samples.shape == (1500,) and len(alive) == 1500 - ensemble.dead
    histogram = ensemble.log_output_norm2_histogram
    bins = np.searchsorted(histogram.edges, alive, side="right") - 1
    np.testing.assert_array_equal(np.bincount(bins, minlength=len(histogram.counts)), histogram.counts)
    assert np.mean(alive) == pytest.approx(ensemble.log_output_norm2.mean.value, rel=1e-12)
    np.testing.assert_array_equal(initlaw.log_output_norm2_samples(net, 700, 3, threads=1, **options), samples[:700])


def test_networks_are_replaced_by_field():
    deeper = NET.replace(depth=20, lambda_=[0.5] * 20)
    assert deeper == initlaw.vanilla(width=30, depth=20, lambda_=[0.5] * 20, inputs=2, outputs=4)
    assert NET.replace() == NET and NET.depth == 15
    assert NET.replace(family="balanced", flip=0.5).family == "balanced"
    for fields, message in [({"depth": 0}, "depth: 0"), ({"width": "wide"}, "width"), ({"lambda_": [1, 2]}, "lambda"),
                            ({"deph": 3}, "deph: is not a network's key"), ({"leak": None}, "leak")]:
        with pytest.raises(ValueError, match=message):
            NET.replace(**fields)


def run(*code):
    """What a fresh interpreter says to a program."""
    done = subprocess.run([sys.executable, "-c", "\n".join(code)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_pictures_need_no_second_import_and_matplotlib_no_first():
    assert run("import initlaw, sys", "print('matplotlib' in sys.modules, 'torch' in sys.modules)",
               "print('plot' in dir(initlaw), callable(initlaw.plot.density))",
               "try: initlaw.nothing", "except AttributeError as error: print(error)").splitlines() == [
        "False False", "True True", "module 'initlaw' has no attribute 'nothing'"]


@pytest.mark.parametrize("program", [
    "keep = [law, law.ppf, net, ensemble, ensemble.gradients, initlaw.simulate]",
    "class A: pass\na = A(); a.itself = a; a.law = law; a.gradients = ensemble.gradients; a.method = law.ppf",
    "try: law.ppf(3)\nexcept ValueError as error: kept = error",
    "import threading; threading.Thread(target=initlaw.simulate, args=(net, 1000)).start()",
    "ensemble.to_dataframe(); initlaw.plot.density(ensemble)",
    "import pickle; copies = pickle.loads(pickle.dumps([law, ensemble.gradients, initlaw.gradient_limit(net)]))",
    "import functools; cached = functools.lru_cache(initlaw.infinite_width); cached(net)",
], ids=lambda program: program[:20])
def test_nothing_leaks_at_exit(program):
    assert run("import matplotlib; matplotlib.use('Agg')", "import initlaw", "net = initlaw.vanilla(width=9, depth=4)",
               "law = initlaw.infinite_depth_and_width(net)", "ensemble = initlaw.simulate(net, 1000, gradients='random')",
               program) == ""


def test_stubs_know_every_member():
    import ast
    import pathlib

    stub = ast.parse((pathlib.Path(_core.__file__).parent / "_core.pyi").read_text())
    known = {node.name: {getattr(member, "name", None) for member in node.body}
             for node in stub.body if isinstance(node, ast.ClassDef)}
    for name in public_types():
        each = getattr(initlaw, name)
        if each.__module__ == "initlaw._core":
            assert {key for key in vars(each) if not key.startswith("_")} <= known[name], name
