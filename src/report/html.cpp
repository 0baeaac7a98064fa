#include "report/html.hpp"

#include <fmt/core.h>

#include "report/angle_pictures.hpp"
#include "report/network_pictures.hpp"
#include "report/page.hpp"
#include "result/text.hpp"

namespace initlaw {

std::string to_html(const Comparison& comparison, const std::string& command) {
  const Network& network = comparison.ensemble().network;
  Page page(fmt::format("A {} network of depth {} at initialization", to_string(network.family()), network.depth()));
  page.paragraph(
      "The law of its output over random weights: simulated exactly, and predicted at finite width, in the "
      "limit of infinite width (Gaussian) and in that of infinite depth and width (log-Gaussian). Made by");
  page.preformatted(command);
  page.text_table(to_text(comparison));
  for (const Picture& picture : network_pictures(comparison)) page.picture(picture, draw_svg(picture));
  page.heading("The network", "network");
  page.preformatted(to_toml(network));
  return page.html();
}

std::string to_html(const JointComparison& comparison, const std::string& command) {
  const Network& network = comparison.ensemble.network;
  Page page(fmt::format("The angles of {} inputs in a {} network of depth {}", comparison.ensemble.growth.size(),
                        to_string(network.family()), network.depth()));
  page.paragraph(
      "The angle of two inputs' pre-activations over random weights, layer by layer: simulated exactly, and predicted "
      "at "
      "finite depth and width and at infinite width. Made by");
  page.preformatted(command);
  page.text_table(to_text(comparison));
  for (const Picture& picture : angle_pictures(comparison)) page.picture(picture, draw_svg(picture));
  page.heading("The network", "network");
  page.preformatted(to_toml(network));
  return page.html();
}

}  // namespace initlaw
