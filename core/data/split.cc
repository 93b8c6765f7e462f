// SPDX-License-Identifier: MIT
#include "data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/error.h"

namespace descent::data {
namespace {

Rows shuffled(Rows rows, Random& random) {
  random.shuffle(rows);
  return rows;
}

// Rows of each class, in the order given; classes in ascending order.
std::map<std::int64_t, Rows> by_class(const Rows& rows, const std::vector<std::int64_t>& classes) {
  std::map<std::int64_t, Rows> parts;
  for (const auto row : rows) parts[classes[row]].push_back(row);
  return parts;
}

std::map<std::int32_t, Rows> by_group(const Table& table, const Rows& rows) {
  std::map<std::int32_t, Rows> parts;
  for (const auto row : rows) parts[table.groups[row]].push_back(row);
  return parts;
}

// How many of each class are held out: floors, and one more for the largest remainders.
std::vector<std::uint64_t> shares(const std::map<std::int64_t, Rows>& parts, std::uint64_t count,
                                  std::uint64_t n) {
  std::vector<std::uint64_t> held;
  std::vector<std::pair<double, std::size_t>> remainders;
  for (const auto& [label, rows] : parts) {
    const double exact = double(rows.size()) * double(count) / double(n);
    held.push_back(std::uint64_t(exact));
    remainders.emplace_back(-(exact - std::floor(exact)), held.size() - 1);
  }
  std::ranges::sort(remainders);
  const auto given = std::accumulate(held.begin(), held.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < remainders.size() && i < count - given; ++i)
    ++held[remainders[i].second];
  return held;
}

Rows held_by_class(const Rows& rows, const std::vector<std::int64_t>& classes, std::uint64_t count,
                   Random& random) {
  const auto parts = by_class(shuffled(rows, random), classes);
  const auto held = shares(parts, count, rows.size());
  Rows chosen;
  std::size_t k = 0;
  for (const auto& [label, members] : parts)
    chosen.insert(chosen.end(), members.begin(), members.begin() + std::ptrdiff_t(held[k++]));
  return chosen;
}

Rows held_groups(const Table& table, const Rows& rows, std::uint64_t count, Random& random,
                 const char* key) {
  const auto parts = by_group(table, rows);
  if (parts.size() < 2)
    throw Error(
        Place{table.path},
        fmt::format("a single group cannot be split; drop data.csv.{} or data.csv.group", key));
  Rows order;
  for (const auto& [group, members] : parts) order.push_back(std::uint64_t(group));
  order = shuffled(std::move(order), random);
  order.pop_back();  // one group is left at least
  Rows chosen;
  for (const auto group : order) {
    const auto& members = parts.at(std::int32_t(group));
    if (!chosen.empty() && double(chosen.size()) + double(members.size()) / 2 > double(count))
      break;
    chosen.insert(chosen.end(), members.begin(), members.end());
  }
  return chosen;
}

Rows in_time(const Table& table, Rows rows) {
  std::ranges::stable_sort(rows, {}, [&](std::uint64_t row) { return table.time[row]; });
  return rows;
}

Rows held_rows(const Table& table, const Rows& rows, std::uint64_t count, const CsvSpec& spec,
               const std::vector<std::int64_t>& classes, Random& random, const char* key) {
  if (!spec.time.empty()) {
    const auto order = in_time(table, rows);
    return {order.end() - std::ptrdiff_t(count), order.end()};
  }
  if (!spec.group.empty()) return held_groups(table, rows, count, random, key);
  if (!classes.empty()) return held_by_class(rows, classes, count, random);
  const auto order = shuffled(rows, random);
  return {order.begin(), order.begin() + std::ptrdiff_t(count)};
}

std::vector<Rows> cut(const Rows& order, std::uint64_t count) {
  std::vector<Rows> parts;
  for (std::uint64_t i = 0; i < count; ++i)
    parts.emplace_back(order.begin() + std::ptrdiff_t(i * order.size() / count),
                       order.begin() + std::ptrdiff_t((i + 1) * order.size() / count));
  return parts;
}

// Each row, or each group, to the part that has the fewest so far.
std::vector<Rows> dealt(const std::vector<Rows>& groups, std::uint64_t count) {
  std::vector<Rows> parts(count);
  for (const auto& group : groups) {
    auto& least = *std::ranges::min_element(parts, {}, &Rows::size);
    least.insert(least.end(), group.begin(), group.end());
  }
  return parts;
}

}  // namespace

std::pair<Rows, Rows> split(const Table& table, const Rows& rows, double fraction,
                            const CsvSpec& spec, const std::vector<std::int64_t>& classes,
                            Random random, const char* key) {
  const auto n = rows.size();
  if (n < 2)
    throw Error(Place{table.path},
                fmt::format("a single row cannot be split; drop data.csv.{}", key));
  const auto wanted = std::uint64_t(std::floor(fraction * double(n) + 0.5));
  const auto count = std::clamp<std::uint64_t>(wanted, 1, n - 1);
  auto held = held_rows(table, rows, count, spec, classes, random, key);
  std::ranges::sort(held);
  Rows rest;
  std::ranges::set_difference(rows, held, std::back_inserter(rest));
  return {rest, held};
}

std::vector<Rows> folds(const Table& table, const Rows& rows, std::uint64_t count,
                        const CsvSpec& spec, const std::vector<std::int64_t>& classes,
                        Random random) {
  std::vector<Rows> parts;
  if (!spec.time.empty()) {
    parts = cut(in_time(table, rows), count);
  } else if (!spec.group.empty()) {
    std::vector<Rows> groups;
    for (auto& [group, members] : by_group(table, rows)) groups.push_back(members);
    std::vector<std::uint64_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::uint64_t{0});
    random.shuffle(order);
    std::vector<Rows> mixed;
    for (const auto i : order) mixed.push_back(groups[i]);
    std::ranges::stable_sort(mixed, std::greater<>(), &Rows::size);
    parts = dealt(mixed, count);
  } else if (!classes.empty()) {
    std::vector<Rows> singles;
    for (const auto& [label, members] : by_class(shuffled(rows, random), classes))
      for (const auto row : members) singles.push_back({row});
    parts.resize(count);
    for (std::size_t i = 0; i < singles.size(); ++i) parts[i % count].push_back(singles[i].front());
  } else {
    parts = cut(shuffled(rows, random), count);
  }
  for (auto& part : parts) {
    if (part.empty())
      throw Error::at(
          "data.csv.test.kfold",
          fmt::format("{} rows{} of {} cannot be cut into {} folds", rows.size(),
                      spec.group.empty() ? "" : " in so few groups", table.path, count));
    std::ranges::sort(part);
  }
  return parts;
}

}  // namespace descent::data
