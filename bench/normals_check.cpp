// Draws 10^10 numbers (or as many as the first argument says) of the fast engine's float generator, and compares
// moments, tails, the distribution function and serial correlation with those of N(0, 1). Prints each deviation in
// standard errors and ends with status 1 if one is above 4.5.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <numbers>
#include <thread>
#include <vector>

#include "engine/engine.hpp"
#include "random/normals.hpp"

namespace initlaw {
namespace {

constexpr int kOrder = 8;
constexpr std::size_t kBins = 4000;  ///< of width 1/250 on -8..8
constexpr double kBinsPerUnit = 250;
constexpr std::size_t kDraws = 1 << 12;  ///< of 4 numbers, for each network of a block

struct Sums {
  std::array<double, kOrder + 1> powers{};
  std::array<double, 4> serial{};  ///< of x_k x_{k+1}, x_k^2 x_{k+1}^2 less 1, and the same of neighbouring networks
  std::vector<std::uint64_t> bins = std::vector<std::uint64_t>(kBins);
  double count = 0;

  void add(const std::vector<float>& x) {
    std::array<double, kOrder + 1> block{};
    for (const float value : x) {
      const double v = value;
      double power = 1;
      for (int k = 1; k <= kOrder; ++k) block[k] += power *= v;
      ++bins[static_cast<std::size_t>((v + 8) * kBinsPerUnit)];
    }
    for (std::size_t i = 0; i + kBlock < x.size(); ++i) {
      const double along = double{x[i]} * x[i + kBlock];
      const double across = double{x[i]} * x[i + 1];
      serial[0] += along;
      serial[1] += along * along - 1;
      serial[2] += across;
      serial[3] += across * across - 1;
    }
    for (int k = 1; k <= kOrder; ++k) powers[k] += block[k];
    count += static_cast<double>(x.size());
  }

  void merge(const Sums& other) {
    for (int k = 0; k <= kOrder; ++k) powers[k] += other.powers[k];
    for (std::size_t k = 0; k < serial.size(); ++k) serial[k] += other.serial[k];
    for (std::size_t k = 0; k < kBins; ++k) bins[k] += other.bins[k];
    count += other.count;
  }
};

/// E x^k of N(0, 1).
double moment(int k) {
  if (k % 2 == 1) return 0;
  double product = 1;
  for (int factor = k - 1; factor > 1; factor -= 2) product *= factor;
  return product;
}

double cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

Sums draw(std::uint64_t numbers) {
  const std::uint64_t blocks = numbers / (4 * kDraws * kBlock);
  const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  Sums total;
  std::mutex mutex;
  std::vector<std::jthread> workers;
  for (unsigned worker = 0; worker < threads; ++worker) {
    workers.emplace_back([&, worker] {
      Sums sums;
      for (std::uint64_t q = worker; q < blocks; q += threads)
        sums.add(draw_normals_float(1, Purpose::kFastFloatNormals, q, kDraws));
      const std::lock_guard lock(mutex);
      total.merge(sums);
    });
  }
  workers.clear();
  return total;
}

class Report {
 public:
  void add(const std::string& name, double measured, double expected, double std_error) {
    const double z = (measured - expected) / std_error;
    worst_ = std::max(worst_, std::abs(z));
    fmt::print("| {} | {:.9g} | {:.9g} | {:+.2f} |\n", name, measured, expected, z);
  }
  double worst() const { return worst_; }

 private:
  double worst_ = 0;
};

int check(std::uint64_t numbers) {
  const Sums sums = draw(numbers);
  const double n = sums.count;
  fmt::print("{:.3g} numbers\n\n| | measured | N(0, 1) | standard errors |\n|---|---|---|---|\n", n);
  Report report;
  for (int k = 1; k <= kOrder; ++k) {
    const double variance = moment(2 * k) - moment(k) * moment(k);
    report.add(fmt::format("$\\mathbb{{E}} x^{}$", k), sums.powers[k] / n, moment(k), std::sqrt(variance / n));
  }
  for (const double t : {3.0, 4.0, 5.0, 5.5, 6.0}) {
    const auto edge = static_cast<std::size_t>((8 - t) * kBinsPerUnit);
    double beyond = 0;
    for (std::size_t k = 0; k < edge; ++k) beyond += static_cast<double>(sums.bins[k] + sums.bins[kBins - 1 - k]);
    const double p = 2 * cdf(-t);
    report.add(fmt::format("$P(\\lvert x \\rvert \\gt {})$", t), beyond / n, p, std::sqrt(p / n));
  }
  double below = 0;
  double largest = 0;
  for (std::size_t k = 0; k < kBins; ++k) {
    below += static_cast<double>(sums.bins[k]);
    largest = std::max(largest, std::abs(below / n - cdf(static_cast<double>(k + 1) / kBinsPerUnit - 8)));
  }
  const char* const names[] = {R"($\mathbb{E} x_k x_{k+1}$)", R"($\mathbb{E} x_k^2 x_{k+1}^2 - 1$)",
                               R"($\mathbb{E} x x'$ of neighbours)", R"($\mathbb{E} x^2 x'^2 - 1$)"};
  for (std::size_t k = 0; k < 4; ++k) {
    report.add(names[k], sums.serial[k] / n, 0, std::sqrt((k % 2 == 0 ? 1 : 8) / n));
  }
  // The Kolmogorov-Smirnov statistic exceeds 1.95/sqrt(n) with probability 10^-3.
  fmt::print("\nKolmogorov-Smirnov: ${:.2f}/\\sqrt{{n}}$, to be below 1.95\n", largest * std::sqrt(n));
  return report.worst() < 4.5 && largest * std::sqrt(n) < 1.95 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace initlaw

int main(int argc, char** argv) {
  return initlaw::check(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000'000);
}
