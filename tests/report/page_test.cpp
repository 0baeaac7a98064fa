#include "report/page.hpp"

#include <gmock/gmock.h>

namespace initlaw {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Page, ShowsTextsAsTheyAre) {
  Page page("a < b & \"c\"");
  page.paragraph("<script>alert(1)</script>");
  page.preformatted("x && y > z");
  page.table({{"<th>"}, {"<td>"}});
  const std::string html = page.html();
  EXPECT_THAT(html, HasSubstr("<h1>a &lt; b &amp; &quot;c&quot;</h1>"));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("x &amp;&amp; y &gt; z"));
  EXPECT_THAT(html, HasSubstr("<th>&lt;th&gt;</th>"));
}

TEST(Page, ColoursVerdictsAlone) {
  Page page("t");
  page.table({{"verdict", "of"}, {"holds", "holds water"}, {"refuted", ""}});
  EXPECT_THAT(page.html(), HasSubstr("<td class=\"holds\">holds</td><td>holds water</td>"));
  EXPECT_THAT(page.html(), HasSubstr("<td class=\"refuted\">refuted</td>"));
}

TEST(Page, LinksACellToAHeading) {
  Page page("t");
  page.cards({"claim"}, {{{"first", "claim-1"}}});
  page.heading("First", "claim-1");
  EXPECT_THAT(page.html(), HasSubstr("<a href=\"#claim-1\">first</a>"));
  EXPECT_THAT(page.html(), HasSubstr("<h2 id=\"claim-1\">First</h2>"));
}

TEST(Page, NeedsNoOtherFile) {
  Page page("t");
  const Picture picture{.name = "p",
                        .caption = "c",
                        .x_label = "x",
                        .y_label = "y",
                        .series = {{"s", Role::kSimulated, Series::Style::kLine, {{1, 1}, {2, 2}}}}};
  page.picture(picture, draw_svg(picture));
  const std::string html = page.html();
  for (const char* reference : {"src=", "href=\"http", "url(http", "@import", "xlink:href='http"}) {
    EXPECT_THAT(html, Not(HasSubstr(reference)));
  }
}

}  // namespace
}  // namespace initlaw
