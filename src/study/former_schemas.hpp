#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <optional>

namespace initlaw {

/// A cell of an earlier schema that is not what was written, if there is one.
std::optional<std::int64_t> damaged_former_cell(SQLite::Database& database, int schema);

/// Brings all tables and views of an earlier schema to this one, with what they hold. To be done in a transaction.
void convert_from(SQLite::Database& database, int schema);

}  // namespace initlaw
