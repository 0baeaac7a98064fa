#pragma once

#include <string>
#include <vector>

#include "report/picture.hpp"

namespace initlaw {

/// Text in which HTML's special characters have lost their meaning.
std::string escape_html(const std::string& text);

/// One self-contained HTML file, for light and dark screens, phones and paper. Its parts come in the order in which
/// they are added; headings and texts are plain text.
class Page {
 public:
  explicit Page(std::string title);

  void heading(const std::string& text, const std::string& anchor);
  void paragraph(const std::string& text);
  /// Text in fixed-width letters, its line breaks kept: a command, a formula, a table for terminals.
  void preformatted(const std::string& text);
  /// A figure with its caption; draws it.
  void picture(const Picture& picture);
  /// The first row is the heading. A cell that begins with "holds" or "refuted" is coloured.
  void table(const std::vector<std::vector<std::string>>& rows);
  std::string html() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace initlaw
