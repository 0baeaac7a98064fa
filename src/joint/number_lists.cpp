#include "joint/number_lists.hpp"

#include <fmt/core.h>

#include <charconv>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace initlaw {
namespace {

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The parts of a list, one number or two with a dash between them.
std::vector<std::pair<std::size_t, std::optional<std::size_t>>> parts_of(const std::string& name,
                                                                         const std::string& list,
                                                                         const std::string& what) {
  std::vector<std::pair<std::size_t, std::optional<std::size_t>>> result;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto dash = part.find('-');
    const auto first = whole_number(std::string_view(part).substr(0, dash));
    const auto second =
        dash == std::string::npos ? std::nullopt : whole_number(std::string_view(part).substr(dash + 1));
    if (!first || (dash != std::string::npos && !second)) {
      throw std::invalid_argument(fmt::format("{} {}: {} is no {}", name, list, part, what));
    }
    result.emplace_back(*first, second);
  }
  return result;
}

}  // namespace

std::vector<std::size_t> numbers_in(const std::string& name, const std::string& list) {
  const std::string many = name.substr(name.find_first_not_of('-'));
  const std::string what =
      fmt::format("{} or range of {}, such as 0-9", std::string_view(many).substr(0, many.size() - 1), many);
  std::vector<std::size_t> numbers;
  for (const auto& [first, second] : parts_of(name, list, what)) {
    const std::size_t last = second.value_or(first);
    if (last < first) throw std::invalid_argument(fmt::format("{} {}: {}-{} is no {}", name, list, first, last, what));
    constexpr std::size_t kMost = 100'000;
    if (last - first >= kMost - numbers.size())
      throw std::invalid_argument(fmt::format("{} {}: are more than {} {}", name, list, kMost, many));
    for (std::size_t i = 0; i <= last - first; ++i) numbers.push_back(first + i);
  }
  return numbers;
}

std::vector<InputPair> pairs_in(const std::string& name, const std::string& list) {
  constexpr const char* kWhat = "pair, such as 0-1";
  std::vector<InputPair> pairs;
  for (const auto& [i, j] : parts_of(name, list, kWhat)) {
    if (!j) throw std::invalid_argument(fmt::format("{} {}: {} is no {}", name, list, i, kWhat));
    pairs.emplace_back(i, *j);
  }
  return pairs;
}

}  // namespace initlaw
