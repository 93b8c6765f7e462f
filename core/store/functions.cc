// SPDX-License-Identifier: MIT
#include "store/functions.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <vector>

#include "statistics/summary.h"
#include "store/database.h"

namespace descent::store {
namespace {

// The numbers of a group or window, in the order of its rows, and the second argument of the call.
struct Group {
  std::deque<double> values;
  std::optional<double> option;
};

// An aggregate of one column, and perhaps an option that lies between two bounds.
struct Aggregate {
  const char* name;
  bool takes_option, needs_option;
  const char* option;     // its name
  bool bounds_are_valid;  // [0, 1] or (0, 1)
  double (*value)(const std::vector<double>& values, double option);
};

double geometric_mean(const std::vector<double>& values, double) {
  double logarithms = 0;
  for (const double value : values) {
    if (!(value > 0)) return not_recorded;
    logarithms += std::log(value);
  }
  return std::exp(logarithms / static_cast<double>(values.size()));
}

constexpr double usual_level = 0.95;

const std::array<Aggregate, 6> aggregates{{
    {"median", false, false, "", false,
     [](const auto& values, double) { return statistics::median(values); }},
    {"quantile", true, true, "q", true,
     [](const auto& values, double q) { return statistics::quantile(values, q); }},
    {"stddev", false, false, "", false,
     [](const auto& values, double) { return statistics::summarize(values).sd; }},
    {"ci_low", true, false, "level", false,
     [](const auto& values, double level) { return statistics::summarize(values, level).lo; }},
    {"ci_high", true, false, "level", false,
     [](const auto& values, double level) { return statistics::summarize(values, level).hi; }},
    {"geomean", false, false, "", false, geometric_mean},
}};

const Aggregate& aggregate_of(sqlite3_context* context) {
  return *static_cast<const Aggregate*>(sqlite3_user_data(context));
}

void fail(sqlite3_context* context, const std::string& text) {
  sqlite3_result_error(context, (std::string(aggregate_of(context).name) + ": " + text).c_str(),
                       -1);
}

// SQLite gives zeroed memory, the same at every call for one group, and takes it back after the
// last; the group is made in it at the first.
class Slot {
 public:
  Group& group() {
    if (!is_made_) std::construct_at(address());
    is_made_ = 1;
    return *address();
  }
  void drop() {
    if (is_made_) std::destroy_at(address());
    is_made_ = 0;
  }

 private:
  Group* address() { return reinterpret_cast<Group*>(bytes_); }

  std::uint64_t is_made_;
  alignas(8) std::byte bytes_[sizeof(Group)];
};
static_assert(std::is_trivially_default_constructible_v<Slot> && alignof(Group) <= 8);

bool is_number(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

std::string shown(sqlite3_value* value) {
  if (sqlite3_value_type(value) == SQLITE_NULL) return "NULL";
  if (sqlite3_value_type(value) == SQLITE_BLOB) return "a blob";
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return sqlite3_value_type(value) == SQLITE_TEXT ? fmt::format("'{}'", text) : text;
}

// "", or the problem of the option.
std::string take_option(const Aggregate& aggregate, sqlite3_value* given, Group& group) {
  const bool closed = aggregate.bounds_are_valid;
  const double x = is_number(given) ? sqlite3_value_double(given) : not_recorded;
  if (!(closed ? 0 <= x && x <= 1 : 0 < x && x < 1))
    return fmt::format("{} = {} is no number {}", aggregate.option, shown(given),
                       closed ? "from 0 to 1" : "between 0 and 1");
  if (group.option && *group.option != x)
    return fmt::format("{} is {} in one row and {} in another; it must be the same in all rows",
                       aggregate.option, *group.option, x);
  group.option = x;
  return "";
}

// Errors must not cross SQLite as exceptions.
template <class F>
void within(sqlite3_context* context, F&& f) {
  try {
    f();
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& error) {
    fail(context, error.what());
  }
}

void step(sqlite3_context* context, int count, sqlite3_value** arguments) {
  within(context, [&] {
    auto* slot = static_cast<Slot*>(sqlite3_aggregate_context(context, sizeof(Slot)));
    if (!slot) throw std::bad_alloc();
    auto& group = slot->group();
    const auto& aggregate = aggregate_of(context);
    if (count == 2)
      if (const auto wrong = take_option(aggregate, arguments[1], group); !wrong.empty())
        return fail(context, wrong);
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
    if (!is_number(arguments[0]))
      return fail(context, "takes numbers, but a value is " + shown(arguments[0]));
    group.values.push_back(sqlite3_value_double(arguments[0]));
  });
}

// A window loses its rows in the order in which they came.
void inverse(sqlite3_context* context, int, sqlite3_value** arguments) {
  auto* slot = static_cast<Slot*>(sqlite3_aggregate_context(context, sizeof(Slot)));
  if (slot && is_number(arguments[0])) slot->group().values.pop_front();
}

void tell(sqlite3_context* context, const Group& group) {
  if (group.values.empty()) return sqlite3_result_null(context);
  const std::vector<double> values(group.values.begin(), group.values.end());
  const double result = aggregate_of(context).value(values, group.option.value_or(usual_level));
  sqlite3_result_double(context, result);  // NaN: NULL
}

Slot* slot_of(sqlite3_context* context) {
  return static_cast<Slot*>(sqlite3_aggregate_context(context, 0));  // null: there was no row
}

void value(sqlite3_context* context) {
  auto* slot = slot_of(context);
  if (slot) within(context, [&] { tell(context, slot->group()); });
}

void finish(sqlite3_context* context) {
  value(context);
  if (auto* slot = slot_of(context)) slot->drop();
}

void log10_of(sqlite3_context* context, int, sqlite3_value** arguments) {
  const bool numeric =
      sqlite3_value_numeric_type(arguments[0]) != SQLITE_TEXT && is_number(arguments[0]);
  const double x = numeric ? sqlite3_value_double(arguments[0]) : 0;
  if (x > 0) sqlite3_result_double(context, std::log10(x));
}

void check(SQLite::Database& database, int code) {
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
}

void add(SQLite::Database& database, const Aggregate& aggregate, int arguments) {
  check(database, sqlite3_create_window_function(
                      database.getHandle(), aggregate.name, arguments,
                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                      const_cast<Aggregate*>(&aggregate), step, finish, value, inverse, nullptr));
}

}  // namespace

void register_functions(SQLite::Database& database) {
  for (const auto& aggregate : aggregates) {
    if (!aggregate.needs_option) add(database, aggregate, 1);
    if (aggregate.takes_option) add(database, aggregate, 2);
  }
  if (integer(database, "SELECT count(*) FROM pragma_function_list WHERE name = 'log10'") == 0)
    check(database,
          sqlite3_create_function_v2(database.getHandle(), "log10", 1,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                     log10_of, nullptr, nullptr, nullptr));
}

}  // namespace descent::store
