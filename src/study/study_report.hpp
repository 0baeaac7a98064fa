#pragma once

#include <string>
#include <vector>

#include "report/picture.hpp"
#include "study/store.hpp"

namespace initlaw {

/// All cells that are finished, with what made them and what they measured, as JSON. It depends on nothing but the
/// study: not on machines, interruptions or time.
std::string study_json(const Store& store);
/// A view, `result` or `angles`, as comma-separated values, the columns' names first.
std::string study_csv(const Store& store, const std::string& view);
/// The finished cells in aligned columns: those of one input, then pairs of several in their last layer.
std::string study_table(const Store& store);

/// What a study shows: which limit holds over width and depth, the deviation of both against d/n, the variance of G
/// against d/n, angles against their law. Only pictures with something on them.
std::vector<Picture> study_pictures(const Store& store);
/// The pictures in one HTML file.
std::string study_html(const Store& store, const std::string& command);

}  // namespace initlaw
