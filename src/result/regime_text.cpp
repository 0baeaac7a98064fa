#include <fmt/core.h>

#include <string>
#include <utility>

#include "result/format.hpp"
#include "result/table.hpp"
#include "result/text.hpp"
#include "result/text_parts.hpp"

namespace initlaw {
namespace {

/// What a chance means for someone who looks at a million outputs, or at a hundred.
constexpr double kLikely = 1e-2;
constexpr double kUnlikely = 1e-6;

/// A share of networks in percent, to two digits, or three of nearly all.
std::string percent(double share) { return fmt::format("{:.{}g}%", 100 * share, share < 0.99 ? 2 : 3); }

std::string likelihood(double chance) {
  const char* word = chance >= kLikely ? "likely" : chance >= kUnlikely ? "possible" : "unlikely";
  return fmt::format("{} ({:.2g})", word, chance);
}

std::string first_line(const Regime& regime) {
  const LawAccuracy accuracy = regime.predicted.accuracy;
  return fmt::format("Regime    d/n = {:.4g}{}\n", regime.depth_over_width,
                     accuracy == LawAccuracy::kUnknown
                         ? "; no law is known to hold, and what follows is the log-Gaussian limit's"
                     : accuracy == LawAccuracy::kFirstOrder ? "; what follows is right to first order in 1/n"
                                                            : "");
}

std::string risk_lines(const Regime& regime) {
  std::string text;
  for (const auto& [format, overflow, underflow] : regime.risks) {
    text += fmt::format("In {} it is {} that an output overflows, and {} that it underflows.\n", format.name,
                        likelihood(overflow), likelihood(underflow));
  }
  return text;
}

std::string dead_line(const Regime& regime) {
  if (regime.dead_probability < kUnlikely) return "";
  return fmt::format(
      "In {} of networks a layer is dead and z_out = 0: shares and risks count them, all else does not.\n",
      percent(regime.dead_probability));
}

/// The same of gradients, whose law is known to 1e-6.
std::string gradient_percent(double share) {
  constexpr double kResolved = 1e-6;
  return share < kResolved ? "less than " + percent(kResolved) : percent(share);
}

std::string gradient_line(const Regime& regime) {
  if (!regime.gradient_beyond_ten) return "";
  return fmt::format(
      "The gradient's growth leaves a factor of 10 about that at infinite width in {} of networks (orthogonal "
      "direction: "
      "{}).\n",
      gradient_percent(regime.gradient_beyond_ten->random), gradient_percent(regime.gradient_beyond_ten->orthogonal));
}

std::string advice(Verdict verdict) {
  return verdict == Verdict::kHolds ? "Trust" : verdict == Verdict::kRough ? "Trust only roughly" : "Do not trust";
}

/// "less than 0.05".
std::string bound(Verdict verdict, double holds_below, double rough_below) {
  return verdict == Verdict::kHolds   ? fmt::format("less than {}", holds_below)
         : verdict == Verdict::kRough ? fmt::format("{} to {}", holds_below, rough_below)
                                      : fmt::format("{} or more", rough_below);
}

std::string infinite_width_lines(const Regime& regime) {
  const Verdict process = regime.gaussian_process_theory();
  const Verdict kernel = regime.tangent_kernel_theory();
  return fmt::format("{} Gaussian-process theory at infinite width: probabilities are off by {:.2g}, {}.\n",
                     advice(process), regime.predicted.spread.ks_to_gaussian,
                     bound(process, kHoldsBelow, kRoughBelow)) +
         fmt::format(
             "{} NTK theory at infinite width: the logarithms of kernels have a standard deviation of {:.2g}, {}.\n",
             advice(kernel), regime.kernel_deviation, bound(kernel, kKernelHoldsBelow, kKernelRoughBelow));
}

Table changes_table(const Regime& regime) {
  Table table;
  table.add({"What would change it", "variance", "decades", "beyond a factor of 10", "KS from Gaussian"});
  const auto add = [&](std::string name, const PredictedSpread& predicted) {
    const Spread& spread = predicted.spread;
    table.add({"  " + std::move(name) + mark(predicted.accuracy), format(spread.variance),
               fmt::format("{:.3g}", spread.decades), percent(spread.beyond_ten),
               fmt::format("{:.2g}", spread.ks_to_gaussian)});
  };
  add("as it is", regime.predicted);
  for (const Change& change : regime.changes) add(std::string(change.name), change.predicted);
  return table;
}

}  // namespace

std::string to_text(const Regime& regime) {
  const Spread& spread = regime.predicted.spread;
  const Spread& usual = regime.at_infinite_width;
  return first_line(regime) + dead_line(regime) +
         fmt::format("ln||z_out||^2 has a variance of {}, and of {} at infinite width.\n", format(spread.variance),
                     format(usual.variance)) +
         fmt::format(
             "Of 90% of networks the size of one output lies within {:.3g} decades, and {:.3g} at infinite "
             "width.\n",
             spread.decades, usual.decades) +
         fmt::format(
             "||z_out|| leaves a factor of 10 about its root mean square at infinite width in {} of networks, "
             "and in {} at infinite width.\n",
             percent(spread.beyond_ten), percent(usual.beyond_ten)) +
         gradient_line(regime) + risk_lines(regime) + infinite_width_lines(regime) + changes_table(regime).text();
}

}  // namespace initlaw
