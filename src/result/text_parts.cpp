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

}  // namespace

std::string heading(const Network& network) {
  const std::string width =
      network.widths().is_constant() ? fmt::format("{}", network.width(0)) : std::string("by layer");
  std::string text = fmt::format("Network   {}, width {}, depth {}, alpha {}, lambda {}, {} inputs, {} outputs",
                                 to_string(network.family()), width, network.depth(), text_of(network.alphas()),
                                 text_of(network.lambdas()), network.inputs(), network.outputs());
  if (network.leak() != 0) text += fmt::format(", leak {:.4g}", network.leak());
  if (network.flip() != 0) text += fmt::format(", flip {:.4g}", network.flip());
  if (network.branch_depth() != 1) text += fmt::format(", branch depth {}", network.branch_depth());
  return text + "\n";
}

std::string heading(const Network& network, const Input& input) {
  // Who has several inputs may expect components near 1.
  const char* by_default = input.size() == 0 && network.inputs() > 1 ? ", as ||x|| is 1 by default" : "";
  return heading(network) +
         fmt::format("Input     ||x||^2/n_in = {:.5g}{}\n", std::exp(input.log_mean_square(network)), by_default);
}

std::string heading(const Ensemble& ensemble) {
  return heading(ensemble.network, ensemble.input) + samples_line(ensemble);
}

}  // namespace initlaw
