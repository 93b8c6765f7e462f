// SPDX-License-Identifier: MIT
#include "store/foreign_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "store/database.h"

namespace descent::store {
namespace {

bool is_lower_or_digit(char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9'); }

// As an experiment file may name an experiment.
bool is_experiment(const std::string& name) {
  return !name.empty() && is_lower_or_digit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_word(const std::string& name) { return !name.empty() && printable(name) == name; }

struct NameColumn {
  const char* column;
  const char* table;
  bool (*is_valid)(const std::string&);
};

// Free text is not here: descriptions, reasons, and the facts of provenance. What shows it escapes
// it.
constexpr NameColumn name_columns[] = {
    {"name", "source.experiments", is_experiment},
    {"view_name", "source.experiments", is_word},
    {"value", "source.experiments, json_each(swept)", is_word},
    {"value", "source.experiments, json_each(measures)", is_word},
    {"content_hash", "source.points", is_word},
    {"configuration_hash", "source.points", is_word},
    {"primary_metric", "source.points", is_word},
    {"name", "source.plugins", is_word},
    {"kind", "source.plugins", is_word},
    {"hash", "source.plugins", is_word},
    {"name", "source.inputs", is_word},
    {"kind", "source.inputs", is_word},
    {"hash", "source.inputs", is_word},
    {"name", "source.weights", is_word},
    {"metric", "source.bias_variance", is_word},
    {"metric", "source.effects", is_word},
    {"definition || '.' || term", "source.effects", is_word},
    {"metric", "source.jackknife", is_word},
    {"metric", "source.point_groups", is_word},
    {"metric", "source.rungs", is_word},
    {"key", "source.provenance", is_word},
};

}  // namespace

void check_names(SQLite::Database& database, const std::string& path) {
  for (const auto& [column, table, is_valid] : name_columns)
    for (const auto& name :
         texts(database, fmt::format("SELECT DISTINCT {} FROM {}", column, table)))
      if (!is_valid(name))
        throw StoreError(
            {path, 0, 0},
            fmt::format("has the name '{}' in its table '{}', which no run of descent writes; "
                        "nothing of it was merged",
                        printable(shortened(name)), std::string(table).substr(7)));
}

}  // namespace descent::store
