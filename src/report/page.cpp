#include "report/page.hpp"

#include <fmt/core.h>

#include <regex>

#include "initlaw/version.hpp"

namespace initlaw {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #ffffff; --soft: #f3f3f1; --line: #c9c9c4; --good: #00664a; --bad: #a33b00;
  --finite-width: #b8860b; --log-gaussian: #0072b2; --gaussian: #d55e00; --exact: #009e73; --other: #b85a8d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e9e6; --paper: #161718; --soft: #222426; --line: #4a4d50; --good: #4fd1a8; --bad: #ff9966;
    --finite-width: #e6b93c; --log-gaussian: #56b4e9; --gaussian: #f08a3c; --exact: #2fc79b; --other: #dd9cc2; }
}
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 3rem; line-height: 1.3; }
p { max-width: 46rem; }
pre { background: var(--soft); padding: .7rem .9rem; border-radius: 4px; font-size: .82rem; line-height: 1.4; overflow-x: auto;
  white-space: pre-wrap; }
pre.table { white-space: pre; }
figure { margin: 1.5rem 0; } figure svg { width: 100%; height: auto; max-width: 38rem; display: block; color: var(--ink); }
figcaption { font-size: .9rem; max-width: 46rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.scroll td:first-child { min-width: 7rem; }
a { color: inherit; }
@media (max-width: 40rem) {
  .cards th { display: none; } .cards tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .cards td { display: block; border: 0; padding: .1rem 0; }
}
.holds { color: var(--good); font-weight: 600; } .refuted { color: var(--bad); font-weight: 600; }
details { margin: .7rem 0; } summary { cursor: pointer; }
footer { margin-top: 4rem; font-size: .85rem; }
@media print { body { max-width: none; font-size: 10pt; } figure, tr, pre { break-inside: avoid; } }
)";

/// A class for what has a colour, or nothing.
std::string class_of(const std::string& text) {
  return text == "holds" || text == "refuted" ? " class=\"" + text + "\"" : "";
}

std::string html_of(const Page::Cell& cell, const char* tag) {
  std::string text = std::regex_replace(escape_html(cell.text), std::regex(" ± "), "&nbsp;±&nbsp;");
  if (!cell.anchor.empty()) text = fmt::format("<a href=\"#{}\">{}</a>", escape_html(cell.anchor), text);
  return fmt::format("<{0}{1}>{2}</{0}>", tag, class_of(cell.text), text);
}

}  // namespace

std::string escape_html(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

Page::Page(const std::string& title) : title_(escape_html(title)) { body_ = "<h1>" + title_ + "</h1>\n"; }

void Page::heading(const std::string& text, const std::string& anchor) {
  body_ += fmt::format("<h2 id=\"{}\">{}</h2>\n", escape_html(anchor), escape_html(text));
}

void Page::paragraph(const std::string& text) { body_ += "<p>" + escape_html(text) + "</p>\n"; }

void Page::verdict(const std::string& verdict, const std::string& text) {
  body_ +=
      fmt::format("<p><strong{}>{}</strong>: {}</p>\n", class_of(verdict), escape_html(verdict), escape_html(text));
}

void Page::preformatted(const std::string& text) { body_ += "<pre>" + escape_html(text) + "</pre>\n"; }

void Page::text_table(const std::string& text) { body_ += "<pre class=\"table\">" + escape_html(text) + "</pre>\n"; }

void Page::picture(const Picture& picture, const std::string& drawing) {
  body_ += fmt::format("<figure id=\"{}\">\n{}\n<figcaption>{}</figcaption>\n</figure>\n", picture.name,
                       with_page_colours(drawing), escape_html(picture.caption));
}

void Page::table(const Rows& rows) {
  body_ += "<div class=\"scroll\"><table>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    body_ += "<tr>";
    for (const std::string& text : rows[i]) body_ += html_of({text}, i == 0 ? "th" : "td");
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void Page::cards(const std::vector<std::string>& heading, const std::vector<std::vector<Cell>>& rows) {
  body_ += "<table class=\"cards\">\n<tr>";
  for (const std::string& text : heading) body_ += html_of({text}, "th");
  body_ += "</tr>\n";
  for (const auto& row : rows) {
    body_ += "<tr>";
    for (const Cell& cell : row) body_ += html_of(cell, "td");
    body_ += "</tr>\n";
  }
  body_ += "</table>\n";
}

void Page::folded(const std::string& summary, const std::string& preformatted) {
  body_ += "<details><summary>" + escape_html(summary) + "</summary>\n";
  this->preformatted(preformatted);
  body_ += "</details>\n";
}

void Page::folded_table(const std::string& summary, const Rows& rows) {
  body_ += "<details><summary>" + escape_html(summary) + "</summary>\n";
  table(rows);
  body_ += "</details>\n";
}

std::string Page::html() const {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}"
      "<footer>Made by initlaw {}. Blue: the log-Gaussian limit; orange: the Gaussian limit; green: the exact law; "
      "black or "
      "white: simulated, with standard errors.</footer>\n</body>\n</html>\n",
      title_, kStyle, body_, version());
}

}  // namespace initlaw
