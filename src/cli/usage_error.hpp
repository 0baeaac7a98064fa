#pragma once

#include <stdexcept>

namespace initlaw {

/// The command line or a file named on it is wrong: exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace initlaw
