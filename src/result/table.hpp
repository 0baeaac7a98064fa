#pragma once

#include <string>
#include <vector>

namespace initlaw {

/// Characters of UTF-8 text.
std::size_t display_width(const std::string& text);

/// Rows of text in aligned columns: the first to the left, the others to the right.
class Table {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace initlaw
