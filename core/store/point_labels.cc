// SPDX-License-Identifier: MIT
#include "store/point_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "record/task.h"
#include "store/bind.h"

namespace descent::store {
namespace {

constexpr std::size_t longest_text = 24;

std::string shortened(const std::string& text) {
  return text.size() <= longest_text ? text : text.substr(0, longest_text - 3) + "...";
}

bool is_long(const SweptColumn& column) {
  return std::ranges::any_of(column.texts, [](auto& text) { return text.size() > longest_text; });
}

// Partition of the points: the columns taken so far do not distinguish points of one class.
class Classes {
 public:
  explicit Classes(std::size_t points) : of_(points, 0) {}

  std::uint32_t count() const { return count_; }

  void split(const SweptColumn& column) {
    std::unordered_map<std::string, std::uint32_t> codes;
    std::unordered_map<std::uint64_t, std::uint32_t> made;
    for (std::size_t i = 0; i < of_.size(); ++i) {
      const auto code = codes.try_emplace(column.texts[i], codes.size()).first->second;
      const auto pair = std::uint64_t(of_[i]) << 32 | code;
      of_[i] = made.try_emplace(pair, made.size()).first->second;
    }
    count_ = std::uint32_t(made.size());
  }

 private:
  std::vector<std::uint32_t> of_;
  std::uint32_t count_ = 1;
};

std::uint32_t classes_of(const std::vector<SweptColumn>& columns, const std::set<std::size_t>& some,
                         std::size_t points) {
  Classes classes(points);
  for (const auto i : some) classes.split(columns[i]);
  return classes.count();
}

// Adds columns one by one while they distinguish more points, then removes those that later ones
// made unnecessary.
std::set<std::size_t> columns_needed(const std::vector<SweptColumn>& columns, std::size_t points) {
  std::vector<std::size_t> order(columns.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t i) { return !is_long(columns[i]); });
  std::set<std::size_t> needed;
  Classes classes(points);
  for (const auto i : order) {
    const auto before = classes.count();
    if (before == points) break;
    classes.split(columns[i]);
    if (classes.count() > before) needed.insert(i);
  }
  for (const auto i : std::vector(needed.rbegin(), needed.rend())) {
    auto without = needed;
    without.erase(i);
    if (classes_of(columns, without, points) == classes.count()) needed = without;
  }
  return needed;
}

// Adds the choice that a column belongs to, by which points without the column are known.
void add_owners(const std::vector<SweptColumn>& columns, std::set<std::size_t>& needed) {
  for (const auto i : std::vector(needed.begin(), needed.end())) {
    if (std::ranges::find(columns[i].texts, "") == columns[i].texts.end()) continue;
    for (std::size_t j = 0; j < columns.size(); ++j)
      if (columns[i].path.starts_with(columns[j].path + '.')) needed.insert(j);
  }
}

// The shortest end of the path, of whole segments, that is the end of no other.
std::string short_name(const std::string& path, const std::vector<SweptColumn>& columns) {
  for (auto dot = path.rfind('.'); dot != path.npos && dot > 0; dot = path.rfind('.', dot - 1)) {
    const auto end = path.substr(dot);
    const auto shares = [&](const auto& one) {
      return one.path != path && ('.' + one.path).ends_with(end);
    };
    const bool is_number = end.find_first_not_of(".0123456789") == end.npos;
    if (!is_number && std::ranges::none_of(columns, shares)) return end.substr(1);
  }
  return path;
}

// As in views, but for a whole number, which is written as one.
std::string text_of(const SQLite::Column& value) {
  return value.isFloat() ? fmt::format("{}", value.getDouble()) : value.getString();
}

}  // namespace

std::vector<std::string> point_labels(const std::vector<SweptColumn>& columns, std::size_t points) {
  std::vector<std::string> labels(points);
  auto needed = columns_needed(columns, points);
  add_owners(columns, needed);
  for (const auto c : needed) {
    const auto name = short_name(columns[c].path, columns);
    for (std::size_t i = 0; i < points; ++i) {
      const auto& text = columns[c].texts[i];
      if (text.empty()) continue;
      labels[i] += (labels[i].empty() ? "" : ", ") + name + "=" + shortened(text);
    }
  }
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& label : labels) ++seen[label];
  if (seen.size() < points && points > 1)
    for (std::size_t i = 0; i < points; ++i)
      if (seen.at(labels[i]) > 1) labels[i] += fmt::format(" ({})", i);
  return labels;
}

std::vector<std::string> point_tasks(const std::vector<SweptColumn>& columns, std::size_t points) {
  std::vector<std::string> tasks(points);
  for (const auto& [path, texts] : columns) {
    if (!record::decides_the_task(path)) continue;
    for (std::size_t i = 0; i < points; ++i)
      if (!texts[i].empty()) tasks[i] += (tasks[i].empty() ? "" : ", ") + path + "=" + texts[i];
  }
  return tasks;
}

void write_point_labels(SQLite::Database& database, std::int64_t experiment_id) {
  const std::string these =
      "FROM points p WHERE experiment_id = ?1 AND superseded_by IS NULL ORDER BY position, "
      "point_id";
  std::vector<std::int64_t> ids;
  SQLite::Statement points(database, "SELECT point_id " + these);
  Binder{points}(experiment_id);
  while (points.executeStep()) ids.push_back(points.getColumn(0).getInt64());
  std::vector<SweptColumn> columns;
  SQLite::Statement paths(database,
                          "SELECT j.value FROM experiments e JOIN json_each(e.swept) j "
                          "WHERE e.experiment_id = ? ORDER BY j.key");
  Binder{paths}(experiment_id);
  SQLite::Statement values(database,
                           "SELECT (SELECT value FROM swept_parameters s WHERE s.point_id = "
                           "p.point_id AND s.path = ?2) " +
                               these);
  while (paths.executeStep()) {
    SweptColumn column{paths.getColumn(0).getString(), {}};
    const Resetting resetting{values};
    Binder{values}(experiment_id)(column.path);
    while (values.executeStep()) column.texts.push_back(text_of(values.getColumn(0)));
    columns.push_back(std::move(column));
  }
  const auto labels = point_labels(columns, ids.size());
  const auto tasks = point_tasks(columns, ids.size());
  SQLite::Statement update(database,
                           "UPDATE points SET label = ?2, task = ?3 "
                           "WHERE point_id = ?1 AND (label <> ?2 OR task <> ?3)");
  for (std::size_t i = 0; i < ids.size(); ++i) Binder{update}(ids[i])(labels[i])(tasks[i]).exec();
}

}  // namespace descent::store
