#pragma once

#include <cstddef>
#include <optional>

namespace initlaw {

/// Makes a file that is too large for the process an error of its writer, and closed standard streams ones that cannot
/// be written, instead of numbers that the next file opened gets.
void prepare_process();

/// Columns of the terminal that standard error is; nothing if it is none that understands escape codes.
std::optional<std::size_t> terminal_columns();

/// From its construction on, the first Ctrl-C is only noted; one that comes seconds later ends the program. (Some
/// programs, such as timeout(1), send the same interrupt twice.)
class Interrupt {
 public:
  Interrupt();
  bool requested() const;
};

}  // namespace initlaw
