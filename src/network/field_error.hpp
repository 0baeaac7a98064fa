#pragma once

#include <stdexcept>
#include <string>

namespace initlaw {

/// A wrong value of one of a network's fields. It carries the field's name so that a reader of files can add the line.
class FieldError : public std::invalid_argument {
 public:
  FieldError(std::string field, const std::string& reason)
      : std::invalid_argument(field + ": " + reason), field_(std::move(field)) {}
  const std::string& field() const { return field_; }

 private:
  std::string field_;
};

}  // namespace initlaw
