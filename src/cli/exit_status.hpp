#pragma once

namespace initlaw {

/// What the command exits with.
enum ExitStatus { kDone = 0, kFailed = 1, kWrongUsage = 2, kInterrupted = 130 };

}  // namespace initlaw
