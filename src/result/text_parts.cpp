#include "result/text_parts.hpp"

#include <fmt/core.h>

#include <cmath>

namespace initlaw {
namespace {

std::string text_of(const Schedule& schedule) {
  return schedule.is_constant() ? fmt::format("{:.4g}", schedule.values()[0]) : "by layer";
}

std::string samples_line(const Ensemble& ensemble) {
  std::string text =
      fmt::format("Samples   {}, seed {}, {} dead", ensemble.samples, ensemble.options.seed, ensemble.dead);
  if (ensemble.frozen > 0) text += fmt::format(", {} frozen", ensemble.frozen);
  if (ensemble.samples < ensemble.options.samples) {
    text += fmt::format(" (interrupted; {} were asked for)", ensemble.options.samples);
  }
  return text + "\n";
}

template <typename AnyEnsemble>
std::string joint_heading(const AnyEnsemble& e) {
  std::string text = heading(e.network) +
                     fmt::format("Inputs    {}\nSamples   {}, seed {}", e.inputs.size(), e.samples, e.options.seed);
  if (e.samples < e.options.samples) text += fmt::format(" (interrupted; {} were asked for)", e.options.samples);
  return text + "\n";
}

}  // namespace

std::string heading(const Network& network) {
  const std::string width =
      network.widths().is_constant() ? fmt::format("{}", network.width(0)) : std::string("by layer");
  std::string text = fmt::format("Network   {}, width {}, depth {}, alpha {}, lambda {}, {} inputs, {} outputs",
                                 to_string(network.family()), width, network.depth(), text_of(network.alphas()),
                                 text_of(network.lambdas()), network.inputs(), network.outputs());
  if (network.leak() != 0) text += fmt::format(", leak {:.4g}", network.leak());
  if (network.flip() != 0) text += fmt::format(", flip {:.4g}", network.flip());
  const Architecture& architecture = network.architecture();
  const Architecture standard;
  const bool is_linear_first = architecture.branch == Branch::kLinearFirst;
  if (is_linear_first)
    text += fmt::format(", {} branches of width {}", to_string(architecture.branch), network.branch_width());
  if (network.branch_depth() != (is_linear_first ? 2 : 1))
    text += fmt::format(", branch depth {}", network.branch_depth());
  if (network.is_normalized()) text += fmt::format(", norm {}", to_string(architecture.norm));
  if (architecture.activation != standard.activation) text += fmt::format(", {}", to_string(architecture.activation));
  if (architecture.weights != standard.weights) text += fmt::format(", {} weights", to_string(architecture.weights));
  if (architecture.input_layer != standard.input_layer) {
    text += fmt::format(", {} input layer", to_string(architecture.input_layer));
  }
  return text + "\n";
}

std::string heading(const Network& network, const Input& input) {
  // Who has several inputs may expect components near 1.
  const char* by_default = input.size() == 0 && network.inputs() > 1 ? ", as ||x|| is 1 by default" : "";
  return heading(network) +
         fmt::format("Input     ||x||^2/n_in = {:.5g}{}\n", std::exp(input.log_mean_square(network)), by_default);
}

std::string heading(const JointEnsemble& ensemble) { return joint_heading(ensemble); }

std::string heading(const TangentKernelEnsemble& ensemble) { return joint_heading(ensemble); }

std::string more_pairs(std::size_t pairs, std::size_t shown) {
  return pairs <= shown ? "" : fmt::format("... and {} pairs more: --json has all of them\n", pairs - shown);
}

Estimate deviation(const Estimate& variance) {
  const double value = std::sqrt(variance.value);
  return {value, variance.std_error / (2 * value)};
}

const char* mark(LawAccuracy accuracy) {
  return accuracy == LawAccuracy::kBounded      ? ""
         : accuracy == LawAccuracy::kFirstOrder ? " (first order)"
                                                : " (roughly)";
}

std::string heading(const Ensemble& ensemble) {
  return heading(ensemble.network, ensemble.input) + samples_line(ensemble);
}

std::string sentence(const std::string& law, Verdict verdict, double ks) {
  switch (verdict) {
    case Verdict::kUndecided:
      return fmt::format("{} cannot be told from the simulated one, nor much else: too few samples (KS {:.2g}).", law,
                         ks);
    case Verdict::kExact:
      return fmt::format("{} is indistinguishable from the simulated one (KS {:.2g}).", law, ks);
    case Verdict::kHolds:
      return fmt::format("{} holds: no probability is off by more than {:.2g}.", law, ks);
    case Verdict::kRough:
      return fmt::format("{} is rough: some probability is off by {:.2g}.", law, ks);
    case Verdict::kFails:
      return fmt::format("{} fails: some probability is off by {:.2g}.", law, ks);
  }
  return "";
}

}  // namespace initlaw
