#include <initlaw/initlaw.hpp>
#include <iostream>

int main() {
  const auto network = initlaw::vanilla({.width = 100, .depth = 50, .outputs = 10});
  const auto ensemble = initlaw::simulate(network, {.samples = 2000});
  const auto fit = initlaw::compare(ensemble, initlaw::infinite_depth_and_width(network));
  std::cout << "The log-Gaussian limit: " << to_string(fit.verdict) << "\n";
}
