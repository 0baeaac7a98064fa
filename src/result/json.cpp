#include "result/json.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "initlaw/version.hpp"
#include "network/network_document.hpp"
#include "result/json_parts.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

std::string to_line(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// As value.dump(2), but a list of numbers is one line.
std::string to_lines(const Json& value, const std::string& indent) {
  const bool is_line =
      value.empty() || !value.is_structured() ||
      (value.is_array() && std::none_of(value.begin(), value.end(), std::mem_fn(&Json::is_structured)));
  if (is_line) return to_line(value);
  const std::string inner = indent + "  ";
  std::string text;
  for (const auto& [key, element] : value.items()) {
    text +=
        (text.empty() ? "" : ",") + inner + (value.is_object() ? to_line(key) + ": " : "") + to_lines(element, inner);
  }
  return value.is_object() ? "{" + text + indent + "}" : "[" + text + indent + "]";
}

Json document_of(const Fit& fit) {
  Json document = document_of(fit.log_output_norm2);
  document["output"] = document_of(fit.output);
  document["verdict"] = to_string(fit.verdict);
  return document;
}

}  // namespace

Json to_document(const Comparison& comparison) {
  Json fits = Json::object();
  for (const auto& [kind, fit] : comparison.fits()) fits[kind.key] = document_of(fit);
  if (comparison.gradients()) fits["gradients"] = document_of(*comparison.gradients());
  return {{"prediction", to_document(comparison.prediction())},
          {"simulation", to_document(comparison.ensemble())},
          {"fit", std::move(fits)}};
}

Json to_document(const TailComparison& comparison) {
  const Tail& tail = comparison.simulated;
  Json document = heading_document(tail.network, tail.input);
  document["threshold"] = tail.options.threshold;
  document["samples"] = tail.samples;
  document["complete"] = tail.samples >= tail.options.samples;
  document["seed"] = tail.options.seed;
  document["probability"] = number(tail.probability, tail.variance_reduction);
  document["largest_share"] = number(tail.largest_share);
  document["converged"] = tail.converged();
  for (const auto& [kind, probability] : comparison.predicted) document[kind.key] = number(probability);
  return document;
}

Json to_document(const TangentKernelComparison& comparison) {
  Json document = to_document(comparison.ensemble);
  document["infinite_width"] = {{"log_ntk", comparison.infinite_width.log_diagonal},
                                {"ntk_share", comparison.infinite_width.share}};
  return document;
}

Json to_document(const TangentKernelMatrixComparison& comparison) {
  const TangentKernelEnsemble& e = comparison.ensemble;
  Json document = joint_heading_document(e);
  for (std::size_t i = 0; i < e.inputs.size(); ++i) {
    document["inputs"].push_back(
        {{"log_ntk", document_of(e.log_diagonal[i])}, {"infinite_width", {{"log_ntk", number(2 * e.log_unit[i])}}}});
  }
  for (std::size_t i = 0; i < e.inputs.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const std::size_t place = TangentKernelEnsemble::place(i, j);
      document["pairs"].push_back({{"i", j},
                                   {"j", i},
                                   {"ntk", number(e.mean(i, j))},
                                   {"spread", number(e.spread(i, j))},
                                   {"relative", document_of(e.kernel[place])},
                                   {"cosine", document_of(e.cosine[place])},
                                   {"infinite_width",
                                    {{"ntk", number(comparison.infinite_width(i, j))},
                                     {"cosine", number(comparison.infinite_width_cosine[place])}}}});
    }
  }
  return document;
}

std::string to_text(const Json& document) { return to_lines(document, "\n") + "\n"; }

}  // namespace initlaw
