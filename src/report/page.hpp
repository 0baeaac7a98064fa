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
  struct Cell {
    std::string text;
    /// The heading that the cell links to, if any.
    std::string anchor = {};
  };
  using Rows = std::vector<std::vector<std::string>>;

  explicit Page(const std::string& title);

  void heading(const std::string& text, const std::string& anchor);
  void paragraph(const std::string& text);
  /// A paragraph that begins with "holds" or "refuted", which are coloured as in tables.
  void verdict(const std::string& verdict, const std::string& text);
  /// Text in fixed-width letters, its line breaks kept: a command, a formula.
  void preformatted(const std::string& text);
  /// The same for aligned columns, whose lines must not be broken.
  void text_table(const std::string& text);
  /// A figure, drawn as SVG, with its caption.
  void picture(const Picture& picture, const std::string& drawing);
  /// The first row is the heading. A cell that is "holds" or "refuted" is coloured.
  void table(const Rows& rows);
  /// A table of texts, whose rows become cards on a narrow screen.
  void cards(const std::vector<std::string>& heading, const std::vector<std::vector<Cell>>& rows);
  /// Details that are shown on demand, below their summary.
  void folded(const std::string& summary, const std::string& preformatted);
  void folded_table(const std::string& summary, const Rows& rows);
  std::string html() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace initlaw
