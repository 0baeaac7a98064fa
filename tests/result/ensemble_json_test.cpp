#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "initlaw/simulate.hpp"
#include "initlaw/version.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

// Of every kind, and with numbers that are not finite: of one network, of dead ones, of vanished gradients.
std::vector<Ensemble> ensembles() {
  const Network dying = fully_connected({.width = 2, .depth = 2, .inputs = 2});
  const Network scheduled = vanilla({.width = 6, .depth = 3, .alpha = std::vector{0.9, 0.8, 0.7}, .leak = 0.1});
  return {simulate(dying, {.samples = 2000, .seed = 5, .gradients = OutputDirection::kRandom}, Input({3, 4})),
          simulate(fully_connected({.width = 1, .depth = 20}), {.samples = 16}),
          simulate(fully_connected({.width = 1, .depth = 20}), {.samples = 300, .gradients = OutputDirection::kRandom}),
          simulate(scheduled, {.samples = 1}),
          simulate(scheduled, {.samples = 100, .seed = ~std::uint64_t{0}, .lags = {{0, 2}}}),
          simulate(scheduled, {.samples = 20, .method = Method::kDense, .precision = Precision::kDouble}),
          simulate(scheduled,
                   {.samples = 20, .estimator = Estimator::kAntithetic, .gradients = OutputDirection::kOrthogonal}),
          simulate(scheduled, {.samples = 1'000'000}, {}, [](std::uint64_t) { return false; })};
}

TEST(EnsembleJson, IsReadToTheLastBit) {
  for (const Ensemble& ensemble : ensembles()) {
    const std::string text = to_json(ensemble);
    const Ensemble copy = ensemble_from_json(text);
    EXPECT_EQ(to_bytes(copy), to_bytes(ensemble)) << text;
    EXPECT_EQ(to_json(copy), text);
  }
}

TEST(EnsembleJson, HasAListOfNumbersOnALine) {
  EXPECT_THAT(to_json(simulate(vanilla({.width = 6, .depth = 3, .alpha = std::vector{1., 2., 3.}}), {.samples = 10})),
              testing::HasSubstr("\"alpha\": [1.0,2.0,3.0],\n"));
}

/// Pointers to all values below one, that one included.
std::vector<Json::json_pointer> pointers(const Json& document, const Json::json_pointer& to) {
  std::vector found{to};
  const Json& value = document[to];
  for (const auto& [key, element] : value.items()) {
    if (!value.is_structured()) break;
    const auto below = value.is_array() ? to / std::size_t(std::stoul(key)) : to / key;
    for (const auto& pointer : pointers(document, below)) found.push_back(pointer);
  }
  return found;
}

std::string refusal(const Json& document) {
  try {
    ensemble_from_json(document.dump());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

// Whatever is missing or of a wrong type is refused by its name: "state.layers[0].active_fraction.value".
TEST(EnsembleJson, NamesWhatIsWrong) {
  const Network network = vanilla({.width = 3, .depth = 2, .inputs = 2, .leak = 0.1});
  const Json document =
      Json::parse(to_json(simulate(network, {.samples = 1, .gradients = OutputDirection::kRandom}, Input({3, 4}))));
  const Json::json_pointer state("/state");
  for (const auto& pointer : pointers(document, state)) {
    std::string name;
    for (Json::json_pointer rest = pointer; !rest.empty(); rest.pop_back()) {
      const bool is_element = document[rest.parent_pointer()].is_array();
      name = (is_element ? "[" + rest.back() + "]" : (rest.parent_pointer().empty() ? "" : ".") + rest.back()) + name;
    }
    Json wrong = document;
    wrong[pointer] = Json::array({Json::array()});
    EXPECT_THAT(refusal(wrong), testing::StartsWith(name)) << pointer;
    if (document[pointer.parent_pointer()].is_array()) continue;
    Json less = document;
    less[pointer.parent_pointer()].erase(pointer.back());
    EXPECT_THAT(refusal(less), testing::StartsWith(name + ": is missing")) << pointer;
  }
}

TEST(EnsembleJson, IsRefusedIfItsPartsContradictEachOther) {
  const Json document = Json::parse(
      to_json(simulate(vanilla({.width = 3, .depth = 2, .leak = 0.1}),
                       {.samples = 100, .estimator = Estimator::kAntithetic, .gradients = OutputDirection::kRandom})));
  ASSERT_EQ(refusal(document), "");
  const auto refused = [&](const char* pointer, const Json& value) {
    Json other = document;
    other[Json::json_pointer(pointer)] = value;
    return refusal(other);
  };
  using testing::StartsWith;
  EXPECT_THAT(refused("/network/depth", 3), StartsWith("state.layers: has 2 elements, and must have 3"));
  EXPECT_THAT(refused("/network/width", -3), StartsWith("width: "));
  EXPECT_THAT(refused("/state/input", {1, 2}), StartsWith("inputs: "));
  EXPECT_THAT(refused("/state/result_version", kResultVersion + 1), StartsWith("state.result_version: "));
  EXPECT_THAT(refused("/state/antithetic/hypoactivation", Json::array()),
              StartsWith("state.antithetic.hypoactivation"));
  EXPECT_THAT(refused("/state/gradients/layers", Json::array()), StartsWith("state.gradients.layers"));
  EXPECT_THAT(refused("/state/options/gradients", nullptr), StartsWith("state.options.gradients"));
  EXPECT_THAT(refused("/state/options/method", "quick"), StartsWith("state.options.method: \"quick\" is not one of"));
  EXPECT_THAT(refused("/state/dead", 101), StartsWith("state.dead: 101"));
  EXPECT_THAT(refused("/state/log_output_square_histogram", nullptr), StartsWith("state.log_output_square_histogram"));
  const char* histogram = "/state/log_output_norm2_histogram";
  for (const auto& [key, value] : {std::pair<const char*, Json>{"/counts", Json::array({50})},
                                   {"/counts", Json::array()},
                                   {"/counts/0", 1000},
                                   {"/counts/0", 0},
                                   {"/low", "nan"},
                                   {"/bin_width", 0},
                                   {"/smallest", "nan"},
                                   {"/largest", -1e300}}) {
    EXPECT_THAT(refused((std::string(histogram) + key).c_str(), value),
                StartsWith("state.log_output_norm2_histogram: "))
        << key << value;
  }
}

TEST(EnsembleJson, IsRefusedIfItIsNone) {
  const std::string text = to_json(simulate(vanilla({.width = 3, .depth = 2}), {.samples = 10}));
  for (const std::string& wrong : {std::string(), std::string("[]"), std::string("{}"), text.substr(0, text.size() / 2),
                                   std::string(100'000, '[')}) {
    EXPECT_THROW(ensemble_from_json(wrong), std::invalid_argument);
  }
}

}  // namespace
}  // namespace initlaw
