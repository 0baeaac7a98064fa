#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "initlaw/laws.hpp"
#include "result/format.hpp"
#include "result/table.hpp"
#include "result/text.hpp"
#include "result/text_parts.hpp"

namespace initlaw {
namespace {

std::string name_of(const Target& target) {
  const auto& gradient = target.gradient();
  const std::string size = gradient ? "the gradient's growth" : "one output's size";
  switch (target.quantity()) {
    case Quantity::kVariance:
      return gradient ? "variance of ln of the gradient's growth squared" : "variance of ln||z_out||^2";
    case Quantity::kQuantileRatio:
      return fmt::format("95% to 5% quantile of {}", size);
    case Quantity::kOverflow:
      return fmt::format("P({} > {:.6g})", size, target.limit());
    case Quantity::kUnderflow:
      return fmt::format("P({} < {:.6g})", size, target.limit());
    case Quantity::kKsToGaussian:
      return "Kolmogorov-Smirnov distance from the Gaussian limit";
  }
  return "";
}

/// Digits that tell neighbours apart.
std::string digits(double quantity) { return fmt::format("{:.7g}", quantity); }
std::string value_text(double value) { return fmt::format("{:.15g}", value); }

std::string title_of(std::string_view key) {
  const auto kinds = law_kinds();
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const LawKind& each) { return each.key == key; });
  return std::string(kind == kinds.end() ? key : kind->title);
}

std::string heading_of(const Design& design) {
  std::string text = design.found ? heading(design.network, design.input) : heading(design.network);
  const auto& gradient = design.target.gradient();
  return text + fmt::format("Target    {} at most {:.6g}{}\n", name_of(design.target), design.target.at_most(),
                            gradient ? fmt::format(", {} direction", to_string(*gradient)) : "");
}

Table points_table(const Design& design) {
  Table table;
  table.add({std::string(to_string(design.parameter)), "quantity", "", "law"});
  for (const auto& [value, quantity, law, accuracy, law_error] : design.points) {
    const bool is_found = design.found && value == design.found->value;
    table.add({value_text(value), digits(quantity),
               is_found                 ? "found"
               : design.meets(quantity) ? "met"
                                        : "not met",
               title_of(law) + mark(accuracy)});
  }
  return table;
}

/// "35 or more", "from 3 to 12".
std::string text_of(const Range& range, const Range& searched) {
  if (range.to == searched.to) return fmt::format("{} or more", value_text(range.from));
  if (range.from == searched.from) return fmt::format("{} or less", value_text(range.to));
  return fmt::format("from {} to {}", value_text(range.from), value_text(range.to));
}

std::string searched_text(const Design& design) {
  return fmt::format("searched from {} to {}", value_text(design.searched.from), value_text(design.searched.to));
}

std::string answer(const Design& design) {
  const auto name = to_string(design.parameter);
  if (design.met.front() == design.searched)
    return fmt::format("Every {} meets the target ({}).\n", name, searched_text(design));
  std::string ranges;
  for (const Range& range : design.met) ranges += (ranges.empty() ? "" : "; ") + text_of(range, design.searched);
  return fmt::format("The target is met where {} is {} ({}).\n", name, ranges, searched_text(design));
}

/// Why nothing was found.
std::string reason(const Design& design) {
  const auto least = std::min_element(design.points.begin(), design.points.end(),
                                      [](const auto& a, const auto& b) { return a.quantity < b.quantity; });
  const auto name = to_string(design.parameter);
  const std::string found_least = fmt::format("the least is {} at {} {} ({})", digits(least->quantity), name,
                                              value_text(least->value), searched_text(design));
  if (design.meets(design.at_infinite_width)) {
    return fmt::format("Impossible in this range: {}{}.\n", found_least,
                       design.parameter == Parameter::kWidth ? "; a larger one meets the target" : "");
  }
  // What is left at infinite width of these two are the output's own random weights.
  const bool is_outputs = !design.target.gradient() && (design.target.quantity() == Quantity::kVariance ||
                                                        design.target.quantity() == Quantity::kQuantileRatio);
  return fmt::format("Impossible{}: at infinite width it is {}, above the target{}; {}.\n",
                     design.parameter == Parameter::kWidth ? " at any width" : "", digits(design.at_infinite_width),
                     !is_outputs ? ""
                     : design.target.quantity() == Quantity::kVariance
                         ? fmt::format(" (the variance of ln chi^2 with {} degrees of freedom, one for each output)",
                                       design.network.outputs())
                         : " (that of the size of a Gaussian number)",
                     found_least);
}

bool is_risk(const Target& target) {
  return target.quantity() == Quantity::kOverflow || target.quantity() == Quantity::kUnderflow;
}

/// How far the law of what was found is to be trusted.
std::string law_line(const Design& design) {
  switch (design.found->accuracy) {
    case LawAccuracy::kFirstOrder:
      return "Its law is right to first order in 1/n; of later orders nothing is known.\n";
    case LawAccuracy::kUnknown:
      return "No law is known to hold for what was found, and this is the log-Gaussian limit's answer: simulate it.\n";
    case LawAccuracy::kBounded:
      break;
  }
  const double error = *design.found->law_error;
  if (error == 0) return "Its law is exact.\n";
  return is_risk(design.target) && error > design.target.at_most() / 2
             ? fmt::format("Its law's probabilities are known to {:.2g}, which vouches for no risk as small as this.\n",
                           error)
             : fmt::format("No probability of its law is off by more than {:.2g}.\n", error);
}

}  // namespace

std::string to_text(const Design& design) {
  const std::string text = heading_of(design) + "\n" + points_table(design).text() + "\n";
  if (!design.found) return text + reason(design);
  return text + answer(design) +
         fmt::format("At infinite width the quantity is {}.\n", digits(design.at_infinite_width)) + law_line(design);
}

std::string to_text(const Verification& verification) {
  const auto& [target, options, samples, simulated, verdict] = verification;
  const std::string measured =
      fmt::format("Simulated {} in {} networks, seed {}", format(simulated), samples, options.seed);
  switch (verdict) {
    case DesignVerdict::kConfirmed:
      return fmt::format("{}: confirmed.\n", measured);
    case DesignVerdict::kClose:
      return fmt::format("{}: close; it is {:.2g}% above the target.\n", measured,
                         100 * (simulated.value / target.at_most() - 1));
    case DesignVerdict::kRefuted:
      return fmt::format("{}: refuted; the target is {:.6g}.\n", measured, target.at_most());
    case DesignVerdict::kUndecided:
      return fmt::format("{}: undecided, as the error is too large; more samples may help.\n", measured);
  }
  return "";
}

}  // namespace initlaw
