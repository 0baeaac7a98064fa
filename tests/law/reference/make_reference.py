#!/usr/bin/env python3
"""Writes the reference values that the tests of law/ are held against, beside this file.

Everything is computed with 50 digits by mpmath (pip install mpmath) from the definitions in docs/theory.md, by other
routes than the library takes:

- growth.inc: the sums over pairs of layers as they are written, O(d) to O(d^2) terms.
- log_chi_square.inc: closed forms, and the integrals of the density.
- log_gaussian_law.inc: the convolution of a normal law with that of ln chi^2, by the trapezoidal rule (the distribution
  function from the normal one's, averaged over chi^2, where the library averages chi^2's over the normal law).
- pearson_law.inc: the convolution of a shifted gamma law with that of ln chi^2, integrated over the gamma variable.
- fully_connected_law.inc: the exact law's densities convolved on a grid, where the library inverts a transform.

Takes some minutes. Usage: make_reference.py [growth|log_chi_square|log_gaussian_law|pearson_law|fully_connected_law ...]
"""

import pathlib
import sys

from mpmath import mp, mpf

mp.dps = 50
FOLDER = pathlib.Path(__file__).parent
NEGLIGIBLE = mpf(10) ** -45
LOG_SMALLEST = -680


def write(name, header, lines):
    text = "// Written by make_reference.py.\n// " + header + "\n" + "".join(line + "\n" for line in lines)
    (FOLDER / name).write_text(text)
    print(name, len(text), "bytes", flush=True)


def number(x):
    return mp.nstr(mpf(x), 18, min_fixed=-4, max_fixed=8)


# --- The log-Gaussian limit -------------------------------------------------------------------------------------------

STANDARD = 0.70710678118654752440


class Net:
    """A network: alpha and lambda are a number, or a list that repeats with its period."""

    def __init__(self, family, width, depth, alpha=STANDARD, lambda_=STANDARD, leak=0.0, flip=None, branch=1):
        self.family, self.width, self.depth = family, width, depth
        self.leak, self.flip, self.branch = leak, flip, branch
        if family == "fully_connected":
            alpha, lambda_ = 0.0, 1.0
        if family == "stable":
            alpha = 1.0
        self.alpha, self.lambda_ = alpha, lambda_

    def cpp(self):
        def schedule(value):
            if isinstance(value, list):
                return "periodic(%d, {%s})" % (self.depth, ", ".join(map(repr, value)))
            return repr(value)

        fields = [".width = %d" % self.width, ".depth = %d" % self.depth]
        if self.family in ("vanilla", "balanced"):
            if self.alpha != STANDARD:
                fields.append(".alpha = " + schedule(self.alpha))
            if self.lambda_ != STANDARD:
                fields.append(".lambda = " + schedule(self.lambda_))
        if self.family == "stable":
            fields.append(".residual_scale = %r" % self.lambda_)
        if self.leak:
            fields.append(".leak = %r" % self.leak)
        if self.branch != 1:
            fields.append(".branch_depth = %d" % self.branch)
        flip = "" if self.flip is None else ".with_flip(%r)" % self.flip
        return "%s({%s})%s" % (self.family, ", ".join(fields), flip)

    def growth(self):
        """h and q at some layers, and mu and V."""
        d, n, B = self.depth, mpf(self.width), mpf(self.branch)
        leak = mpf(self.leak)
        b = (1 - leak**2) / (1 + leak**2)
        p = mpf(0.5) if self.family == "balanced" else mpf(self.flip or 0)

        def period(value):
            return [mpf(v) for v in (value if isinstance(value, list) else [value])]

        alpha, lambda_ = period(self.alpha), period(self.lambda_)
        if self.family == "stable":
            lambda_ = [x / mp.sqrt(d) for x in lambda_]
        P = len(alpha) * len(lambda_) if len(alpha) != len(lambda_) else len(alpha)
        r2 = [alpha[i % len(alpha)] ** 2 + lambda_[i % len(lambda_)] ** 2 for i in range(P)]
        a = [alpha[i % len(alpha)] / mp.sqrt(r2[i]) for i in range(P)]  # a[i] is layer i + 1's
        t = [lambda_[i % len(lambda_)] ** 2 / r2[i] for i in range(P)]

        # sums[c][k]: the three sums over the last k layers before a layer l = c mod P.
        sums = []
        for c in range(P):
            h = q = v = mpf(0)
            rho = w = mpf(1)
            column = [(h, q, v)]
            for k in range(1, d):
                layer = (c - k) % P  # of z_m's successor m + 1, m = l - k
                rho *= a[layer]
                w *= 1 - 2 * p
                if abs(w * rho) < NEGLIGIBLE:
                    break
                root, arcsin = mp.sqrt(1 - rho**2), mp.asin(rho)
                K = 2 / mp.pi * (3 * rho * root + (1 + 2 * rho**2) * arcsin)
                dK = 8 / mp.pi * (root + rho * arcsin)
                h -= b**2 * t[layer] * w * rho * dK / 2
                q -= b * t[layer] * w * rho * 4 / mp.pi * root / 2
                v += b**2 * t[layer] * w * K
                column.append((h, q, v))
            sums.append(column)

        def at(l):
            column = sums[l % P]
            return column[min(l, len(column) - 1)]

        mean, variance = mpf(-1), mpf(2)
        log_scale = mpf(0)
        log_r2 = [mp.log(x) for x in r2]
        A = [B * t[i] ** 2 * (2 + 3 * b**2) + 4 * a[i] ** 2 * t[i] for i in range(P)]
        for l in range(1, d + 1):
            i = (l - 1) % P
            h, _, v = at(l - 1)
            log_scale += log_r2[i]
            mean += t[i] * h - A[i] / 2
            variance += A[i] + 2 * t[i] * v
        layers = sorted({0, min(1, d - 1), d // 2, d - 1})
        return log_scale + mean / n, variance / n, [(l, at(l)[0], at(l)[1]) for l in layers]


def growth():
    nets = [Net("fully_connected", 100, d) for d in (1, 50)]
    nets += [Net("fully_connected", 30, 50, leak=0.25), Net("fully_connected", 1000000, 1000000)]
    nets += [Net("vanilla", 100, d) for d in (1, 2, 50, 1000, 1000000)]
    nets += [
        Net("vanilla", 7, 3, branch=3),
        Net("vanilla", 100, 50, 0.8, 0.6, flip=0.1),
        Net("vanilla", 100, 1000, 0.8, 0.6, flip=0.9),
        Net("vanilla", 100, 50, -0.8, 0.6),
        Net("vanilla", 100, 51, 0.75, 1.25, flip=1.0),
        Net("vanilla", 100, 50, leak=0.1, branch=2),
        Net("vanilla", 100, 50, leak=1.0),
        Net("vanilla", 100, 50, leak=-0.5),
        Net("vanilla", 100, 1000, 1.0, 1.0),
        Net("vanilla", 100, 1000000, 1.0, 1.0),
        Net("vanilla", 100, 1000, 0.999, 0.0447),
        Net("vanilla", 100, 1000, 0.999999999999, 1e-6),
        Net("vanilla", 100, 50, 1.0, 1e-8),
        Net("vanilla", 100, 50, 1e-9, 1.0),
        Net("vanilla", 100, 1000000, 0.999, 0.0447, leak=0.2, flip=0.001),
        Net("vanilla", 100, 50, 1e150, 1e150),
        Net("balanced", 100, 50),
        Net("balanced", 100, 1000000, 0.9, 0.4),
        Net("balanced", 100, 60, [0.5, 1.0, 1.5], [1.0, 0.25, 0.5], branch=2),
        Net("vanilla", 100, 60, [0.5, -0.75, 0.25], 1.0),
        Net("vanilla", 100, 1000, 0.75, [0.25, 0.5, 1.0, 2.0], leak=0.3),
        Net("vanilla", 100, 30, [1.0, 0.0, 0.5, 1.0, 1.0], [1.0, 0.5, 0.0, 0.125, 1.0], flip=0.2),
        Net("vanilla", 100, 1000, [1.0, 0.9990234375], [0.03125, 0.015625]),
        Net("vanilla", 100, 100000, [0.75, 0.5], [0.625, 0.875]),
    ]
    nets += [Net("stable", 100, d, lambda_=1.0) for d in (1, 2, 50, 1000, 1000000)]
    nets += [
        Net("stable", 100, 1000, lambda_=2.5, leak=0.1, branch=2),
        Net("stable", 100, 1000, lambda_=0.5, flip=0.25),
        Net("stable", 100, 1000000, lambda_=3.0, leak=-0.1),
    ]
    lines = []
    for net in nets:
        print(net.cpp(), flush=True)
        mean, variance, layers = net.growth()
        shown = ", ".join("{%d, %s, %s}" % (l, number(h), number(q)) for l, h, q in layers)
        lines += ['{"%s",' % net.cpp(), " %s," % net.cpp(), " %s, %s," % (number(mean), number(variance)),
                  " {%s}}," % shown]
    write("growth.inc", "name, network, mu, V, {layer l, h_l, q_l}", lines)


# --- The log-Gaussian law ---------------------------------------------------------------------------------------------


def trapezoid(f, peak, step):
    """The integral of f over the real line, out to where f is negligible on both sides of its peak."""
    # Refined until two steps agree: the rule converges exponentially.
    previous = None
    while True:
        total = f(peak)
        for direction in (1, -1):
            j = 1
            while True:
                value = f(peak + direction * j * step)
                total += value
                if value < NEGLIGIBLE * total and j * step > 1:
                    break
                j += 1
        total *= step
        if previous is not None and abs(total - previous) < mpf(10) ** -22 * abs(total):
            return total
        previous = total
        step /= 2


def argmax(f, low, high):
    """The place of the maximum of a log-concave function, to a ten-thousandth of the interval."""
    for _ in range(60):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if f(left) < f(right):
            low = left
        else:
            high = right
        if high - low < mpf(10) ** -2:
            break
    return (low + high) / 2


class LogGaussian:
    """L + ln chi^2_k, L ~ N(0, V)."""

    def __init__(self, V, k):
        self.V, self.k, self.a = mpf(V), k, mpf(k) / 2
        self.sigma = mp.sqrt(self.V)
        self.log_constant = self.a * mp.log(2) + mp.loggamma(self.a)

    def chi_log_pdf(self, y):
        return self.a * y - mp.exp(y) / 2 - self.log_constant

    def values(self, x):
        """pdf, cdf and survival at x, or None where they are below what a double holds."""
        if self.V == 0 and self.chi_log_pdf(x) < LOG_SMALLEST:
            return None
        if self.V == 0:
            half = mp.exp(x) / 2
            return (mp.exp(self.chi_log_pdf(x)), mp.gammainc(self.a, 0, half, regularized=True),
                    mp.gammainc(self.a, half, mp.inf, regularized=True))
        if self.sigma < 0.3:
            # Over the normal law.
            def normal(u):
                return -u * u / 2 - mp.log(2 * mp.pi) / 2

            def log_density(u):
                return normal(u) + self.chi_log_pdf(x - self.sigma * u)

            def below(u):
                return mp.exp(normal(u)) * mp.gammainc(self.a, 0, mp.exp(x - self.sigma * u) / 2, regularized=True)

            def above(u):
                return mp.exp(normal(u)) * mp.gammainc(self.a, mp.exp(x - self.sigma * u) / 2, mp.inf, regularized=True)

            start, step = argmax(log_density, mpf(-60), mpf(60)), mpf(1) / 2
            if log_density(start) < LOG_SMALLEST:
                return None
            return (trapezoid(lambda u: mp.exp(log_density(u)), start, step), trapezoid(below, start, step),
                    trapezoid(above, start, step))

        # Over ln chi^2.
        def log_density(v):
            return self.chi_log_pdf(v) - (x - v) ** 2 / (2 * self.V) - mp.log(2 * mp.pi * self.V) / 2

        def tail(v, sign):
            return mp.exp(self.chi_log_pdf(v)) * mp.erfc(sign * (x - v) / mp.sqrt(2 * self.V)) / 2

        start = argmax(log_density, mpf(-3000), mpf(100))
        if log_density(start) < LOG_SMALLEST:
            return None
        step = mpf(1) / 4 if self.k < 100 else mpf(1) / 32
        return (trapezoid(lambda v: mp.exp(log_density(v)), start, step), trapezoid(lambda v: tail(v, -1), start, step),
                trapezoid(lambda v: tail(v, 1), start, step))

    def output_pdf(self, z):
        """The density of one output at z."""
        def f(u):
            g = self.sigma * u
            return mp.exp(-u * u / 2 - g / 2 - z * z * mp.exp(-g) / 2) / (2 * mp.pi)

        return trapezoid(f, argmax(f, mpf(-60), mpf(60)), mpf(1) / 2)


def log_gaussian_law():
    lines, outputs = [], []
    for V in (0.0, 1e-6, 0.01, 1.0, 30.0, 5000.0):
        for k in (1, 2, 10, 1000):
            law = LogGaussian(V, k)
            mean = mp.digamma(law.a) + mp.log(2)
            variance = law.V + mp.psi(1, law.a)
            points = []
            for distance in (-25, -9, -5.75, -2, -0.5, 0, 0.5, 1.5, 2.5, 4, 5.75, 8, 20):
                x = float(mp.nstr(mean + distance * mp.sqrt(variance), 4))
                values = law.values(mpf(x))
                if values is not None and min(values) > mpf(10) ** -290:
                    points.append("{%r, %s, %s, %s}" % (x, *map(number, values)))
            lines.append("{%r, %d, %s, %s," % (V, k, number(mean), number(variance)))
            lines += ["%s%s%s" % (" {" if i == 0 else "  ", point, "}}," if i == len(points) - 1 else ",")
                      for i, point in enumerate(points)]
            print(V, k, len(points), flush=True)
        if V > 0:
            for z in (0.0, 1e-3, 0.5, 1.0, 4.0, 30.0):
                density = LogGaussian(V, 1).output_pdf(mpf(z))
                if density > mpf(10) ** -290:
                    outputs.append("{%r, %r, %s}," % (V, z, number(density)))
    # The two ways to average must agree.
    law = LogGaussian(0.25, 3)
    first = law.values(mpf(1))
    law.sigma = mpf(0.1)
    second = [trapezoid(lambda u: mp.exp(-u * u / 2) / mp.sqrt(2 * mp.pi) *
                        mp.gammainc(law.a, 0, mp.exp(1 - u / 2) / 2, regularized=True), mpf(0), mpf(1) / 4)]
    assert abs(first[1] - second[0]) < mpf(10) ** -22 and abs(first[1] + first[2] - 1) < mpf(10) ** -22
    write("log_gaussian_law.inc", "V, k, mean, variance, {x, pdf, cdf, survival} of N(0, V) + ln chi^2_k", lines)
    write("log_gaussian_output.inc", "V, z, density at z of one output, z ~ N(0, e^L), L ~ N(0, V)", outputs)


def pearson_law():
    lines = []
    for V, skewness, k in ((1.0, 0.5, 1), (1.0, -0.5, 1), (0.04, -0.3, 10), (3.0, -0.09, 10), (2.8, 1.5, 3), (2.8, -1.5, 3),
                           (30.0, -0.8, 2), (30.0, 0.02, 1), (1.0, 1.9, 1), (0.5, -1.9, 2)):
        sigma, rho = mp.sqrt(mpf(V)), mpf(skewness) / 2
        shape, a = 1 / rho**2, mpf(k) / 2
        log_constant = a * mp.log(2) + mp.loggamma(a)
        log_gamma, deviation = mp.loggamma(shape), mp.sqrt(shape)
        places = [p for p in (shape + j * deviation for j in range(-40, 61)) if p > 0]
        places = [mpf(0)] + [places[0] * mpf(4) ** -j for j in range(100, 0, -1)] + places

        def integral(x, f):
            # Over g of the density of Gamma(shape), with L = sigma (g/shape - 1)/rho; intervals around where it lies.
            def integrand(g):
                weight = mp.exp((shape - 1) * mp.log(g) - g - log_gamma)
                return weight * f(x - sigma * (g / shape - 1) / rho)

            # The rule's error is absolute.
            largest = max(integrand(g) for g in places if g > 0)
            return largest * mp.quad(lambda g: integrand(g) / largest, places, method="gauss-legendre")

        def log_pdf(t):
            return a * t - mp.exp(t) / 2 - log_constant

        mean = mp.digamma(a) + mp.log(2)
        variance = mpf(V) + mp.psi(1, a)
        points = []
        mp.dps = 20
        for distance in (-12, -2, 0.3, 2.5, 12):
            x = float(mp.nstr(mean + distance * mp.sqrt(variance), 4))
            pdf = integral(x, lambda t: mp.exp(log_pdf(t)))
            cdf = integral(x, lambda t: mp.gammainc(a, 0, mp.exp(t) / 2, regularized=True))
            survival = integral(x, lambda t: mp.gammainc(a, mp.exp(t) / 2, mp.inf, regularized=True))
            assert abs(cdf + survival - 1) < mpf(10) ** -16, (V, skewness, k, x, cdf + survival - 1)
            if min(pdf, cdf, survival) > mpf(10) ** -290:
                points.append("{%r, %s, %s, %s}" % (x, number(pdf), number(cdf), number(survival)))
        mp.dps = 50
        lines.append("{%r, %r, %d," % (V, skewness, k))
        lines += ["%s%s%s" % (" {" if i == 0 else "  ", point, "}}," if i == len(points) - 1 else ",")
                  for i, point in enumerate(points)]
        print(V, skewness, k, len(points), flush=True)
    write("pearson_law.inc", "variance and skewness of L, k, {x, pdf, cdf, survival} of L + ln chi^2_k", lines)


def log_chi_square():
    lines = []
    for k in (1, 3, 10**6, 10**12):
        law = LogGaussian(0, k)
        mean, deviation = mp.digamma(law.a) + mp.log(2), mp.sqrt(mp.psi(1, law.a))
        for distance in (-30, -5, -1, 0, 1, 3) if k < 10 else (-30, -5, -1, 0, 1, 5, 30):
            x = mpf(float(mean + distance * deviation))
            log_pdf = law.chi_log_pdf(x)
            if log_pdf < LOG_SMALLEST:
                continue
            # Thirty deviations out the density falls by e^30 in each; there the rule needs short intervals.
            reach = [mpf(j) / 32 for j in range(64)] + [2 + mpf(j) / 2 for j in range(160)]
            below = mp.quad(lambda y: mp.exp(law.chi_log_pdf(y)), [x - r * deviation for r in reversed(reach)])
            above = mp.quad(lambda y: mp.exp(law.chi_log_pdf(y)), [x + r * deviation for r in reach])
            if k < 10:
                below = mp.gammainc(law.a, 0, mp.exp(x) / 2, regularized=True)
                above = mp.gammainc(law.a, mp.exp(x) / 2, mp.inf, regularized=True)
            assert abs(below + above - 1) < mpf(10) ** -20, below + above - 1
            lines.append("{%d, %s, %s, %s, %s}," % (k, mp.nstr(x, 20), number(mp.exp(log_pdf)), number(below),
                                                    number(above)))
    write("log_chi_square.inc", "k, x, pdf, cdf, survival of ln chi^2_k", lines)


# --- The exact law of the fully connected net -------------------------------------------------------------------------

LOG2_STEP = -4
STEP = mpf(2) ** LOG2_STEP  # the densities' transforms decay as e^{-pi |t|/2}: the rule is exact to about e^{-16 pi^2}
LOW, HIGH = -180, 12  # of each summand
BITS = 300


class Grid:
    """A density at the points (first + j) STEP, in fixed point."""

    def __init__(self, first, values):
        self.first, self.values = first, values

    @staticmethod
    def of(density):
        first, last = int(LOW / STEP), int(HIGH / STEP)
        return Grid(first, [int(mp.ldexp(density(j * STEP), BITS)) for j in range(first, last + 1)])

    def convolved(self, other):
        # One product of two long integers, with room in every digit for the sums.
        room = 2 * BITS + 32
        mask = (1 << room) - 1

        def pack(values):
            return int.from_bytes(b"".join(v.to_bytes(room // 8, "little") for v in values), "little")

        product = pack(self.values) * pack(other.values)
        count = len(self.values) + len(other.values) - 1
        raw = product.to_bytes(count * room // 8 + 8, "little")
        size = room // 8
        values = [int.from_bytes(raw[i * size:(i + 1) * size], "little") & mask for i in range(count)]
        grid = Grid(self.first + other.first, [v >> (BITS - LOG2_STEP) for v in values])
        grid.trim()
        return grid

    def trim(self):
        # What is left of LOW is lost; it weighs less than e^{LOW/2}.
        drop = int(LOW / STEP) - self.first
        if drop > 0:
            self.values, self.first = self.values[drop:], self.first + drop
        while self.values and self.values[-1] == 0:
            self.values.pop()

    def power(self, exponent):
        result, square = None, self
        while exponent:
            if exponent & 1:
                result = square if result is None else result.convolved(square)
            exponent >>= 1
            if exponent:
                square = square.convolved(square)
        return result


def log_chi_pdf(k, shift, y):
    """The density of ln(chi^2_k) + shift at y."""
    a, v = mpf(k) / 2, y - shift
    return mp.exp(a * v - mp.exp(v) / 2 - a * mp.log(2) - mp.loggamma(a))


def fully_connected_law():
    lines = []
    for n, d, k in ((1, 1, 1), (2, 1, 1), (2, 2, 2), (3, 2, 1), (5, 1, 10), (5, 3, 2), (20, 4, 1), (20, 40, 3)):
        alive = 1 - mpf(2) ** -n
        weights = [(N, mp.binomial(n, N) * mpf(2) ** -n / alive) for N in range(1, n + 1)]
        layer_mean = sum(w * mp.digamma(mpf(N) / 2) for N, w in weights)
        layer_variance = sum(w * (mp.psi(1, mpf(N) / 2) + (mp.digamma(mpf(N) / 2) - layer_mean) ** 2)
                             for N, w in weights)
        mean = d * (layer_mean + mp.log(mpf(4) / n)) + mp.digamma(mpf(n) / 2) + mp.log(mpf(2) / n)
        mean += mp.digamma(mpf(k) / 2) + mp.log(2)
        variance = d * layer_variance + mp.psi(1, mpf(n) / 2) + mp.psi(1, mpf(k) / 2)

        # E (2C/n) = 1 with dead layers, E (2C/n)^2 = (1 + 5/n).
        log_second_moment = mpf(0)
        log_kurtosis_ratio = d * mp.log(1 + mpf(5) / n) + mp.log(1 + mpf(2) / n)

        shift = mp.log(mpf(2) / n)
        layer = Grid.of(lambda y: sum(w * log_chi_pdf(N, shift, y) for N, w in weights))
        hidden = layer.power(d).convolved(Grid.of(lambda y: log_chi_pdf(n, -mp.log(n), y)))
        density = [(mpf(hidden.first + j) * STEP, mp.ldexp(mpf(v), -BITS)) for j, v in enumerate(hidden.values)]
        total = STEP * sum(f for _, f in density)
        assert abs(total - 1) < mpf(10) ** -25, total
        points = []
        for distance in (-4, -2, -1, -0.3, 0.25, 0.7, 1.1, 1.6, 2.2, 3):
            x = float(mp.nstr(mean + distance * mp.sqrt(variance), 4))
            pdf = cdf = survival = mpf(0)
            for v, f in density:
                if f < mpf(10) ** -40:
                    continue
                y = mp.exp(x - v) / 2
                if y > 4000:  # ln chi^2's survival is below e^{-3000}
                    cdf += f
                    continue
                pdf += f * log_chi_pdf(k, 0, x - v)
                below = mp.gammainc(mpf(k) / 2, 0, y, regularized=True)
                cdf += f * below
                survival += f * (1 - below)
            pdf, cdf, survival = pdf * STEP, cdf * STEP, survival * STEP
            assert abs(cdf + survival - 1) < mpf(10) ** -25
            if min(cdf, survival) > mpf(10) ** -6:
                points.append("{%r, %s, %s, %s}" % (x, number(pdf), number(cdf), number(survival)))
        lines.append("{%d, %d, %d, %s, %s, %s, %s," % (n, d, k, number(mean), number(variance),
                                                       number(1 - alive**d), number(log_kurtosis_ratio)))
        lines += ["%s%s%s" % (" {" if i == 0 else "  ", point, "}}," if i == len(points) - 1 else ",")
                  for i, point in enumerate(points)]
        print(n, d, k, len(points), flush=True)
    write("fully_connected_law.inc", "n, d, n_out, mean, variance, dead probability, log kurtosis ratio, "
          "{x, pdf, cdf, survival}", lines)


if __name__ == "__main__":
    writers = [growth, log_chi_square, log_gaussian_law, pearson_law, fully_connected_law]
    for writer in writers:
        if len(sys.argv) == 1 or writer.__name__ in sys.argv[1:]:
            writer()
