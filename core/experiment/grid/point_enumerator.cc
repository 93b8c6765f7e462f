// SPDX-License-Identifier: MIT
#include "experiment/grid/point_enumerator.h"

#include <algorithm>
#include <tuple>

#include "experiment/document/tree.h"

namespace descent::experiment {
namespace {

// Rows are keys that differ: value-dependent groups can multiply them. Beyond this, points are not
// counted exactly.
constexpr std::size_t most_rows = 10'000;

std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return std::min(a + b, max_points); }

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > max_points / b ? max_points : a * b;
}

}  // namespace

PointEnumerator::PointEnumerator(const Subgrid& root, std::vector<Group> groups)
    : groups_(std::move(groups)), root_(counted(root)) {
  // A row has its ways times the length of each group that it holds. A value-dependent group has a
  // row for each value instead.
  for (const auto& row : root_.table) {
    auto points = row.ways;
    for (std::size_t g = 0; g < groups_.size(); ++g)
      if (row.key[g] > 0 && !groups_[g].value_dependent) points = times(points, groups_[g].length);
    before_.push_back(count_);
    count_ = sum(count_, points);
  }
  if (!is_bounded_) count_ = max_points;
}

PointEnumerator::CountedPart PointEnumerator::counted(const Subgrid& part) {
  CountedPart counted{part.kind, part.group, {}, {}, {}};
  for (const auto& one : part.parts) counted.parts.push_back(this->counted(one));
  switch (part.kind) {
    case Subgrid::Kind::fixed:
      add(counted.table, Key(groups_.size()), 1, 0, 0);
      break;
    case Subgrid::Kind::axis:
      add_axis(counted, part.length);
      break;
    case Subgrid::Kind::sum:
      add_sum(counted);
      break;
    case Subgrid::Kind::product:
      add_product(counted);
  }
  return counted;
}

void PointEnumerator::add_axis(CountedPart& counted, std::uint64_t length) {
  if (!counted.group)
    add(counted.table, Key(groups_.size()), length, 0, 0);
  else if (!groups_[*counted.group].value_dependent)
    add(counted.table, held(*counted.group, 0), 1, 0, 0);
  else
    for (std::uint64_t i = 0; i < length && is_bounded_; ++i)
      add(counted.table, held(*counted.group, i), 1, 0, 0);
}

void PointEnumerator::add_sum(CountedPart& counted) {
  for (std::size_t choice = 0; choice < counted.parts.size() && is_bounded_; ++choice) {
    const auto& offered = counted.parts[choice].table;
    const auto own = counted.group ? held(*counted.group, choice) : Key(groups_.size());
    for (std::size_t i = 0; i < offered.size(); ++i)
      if (auto key = merged(own, offered[i].key))
        add(counted.table, std::move(*key), offered[i].ways, std::uint32_t(choice),
            std::uint32_t(i));
  }
}

// Folds the children from the last to the first: rests[i] is the product of those after child i, so
// that decode() can split a way into that of child i and that of the rest.
void PointEnumerator::add_product(CountedPart& counted) {
  auto& [kind, group, parts, table, rests] = counted;
  rests.resize(parts.size() - 1);
  for (auto i = parts.size(); i-- > 0;) {
    const bool is_last = i + 1 == parts.size();
    auto made = is_last ? parts[i].table : product(parts[i].table, rests[i]);
    (i == 0 ? table : rests[i - 1]) = std::move(made);
  }
}

PointEnumerator::Table PointEnumerator::product(const Table& first, const Table& rest) {
  Table table;
  for (std::size_t i = 0; i < first.size(); ++i)
    for (std::size_t j = 0; j < rest.size() && is_bounded_; ++j)
      if (auto key = merged(first[i].key, rest[j].key))
        add(table, std::move(*key), times(first[i].ways, rest[j].ways), std::uint32_t(i),
            std::uint32_t(j));
  return table;
}

void PointEnumerator::add(Table& table, Key key, std::uint64_t ways, std::uint32_t first,
                          std::uint32_t second) {
  auto row = std::ranges::find(table, key, &Row::key);
  if (row == table.end()) {
    is_bounded_ &= table.size() < most_rows;
    row = table.insert(table.end(), {std::move(key), 0, {}});
  }
  row->alternatives.push_back({first, second, row->ways});
  row->ways = sum(row->ways, ways);
  is_bounded_ &= row->ways < max_points;
}

PointEnumerator::Key PointEnumerator::held(std::size_t group, std::uint64_t value) const {
  Key key(groups_.size());
  key[group] = groups_[group].value_dependent ? 1 + std::uint32_t(value) : 1;
  return key;
}

std::optional<PointEnumerator::Key> PointEnumerator::merged(const Key& a, const Key& b) {
  Key both = a;
  for (std::size_t g = 0; g < b.size(); ++g) {
    if (both[g] > 0 && b[g] > 0 && both[g] != b[g]) return std::nullopt;
    both[g] = std::max(both[g], b[g]);
  }
  return both;
}

// Index = before_[row] + (the groups' values as a mixed-radix number) * ways + way. The digits are
// taken from the last: first the way, then the last group.
void PointEnumerator::coordinates(std::uint64_t index, Coordinates& coordinates) const {
  const auto after = std::ranges::upper_bound(before_, index);
  const auto row = std::size_t(after - before_.begin()) - 1;
  const auto& [key, ways, alternatives] = root_.table[row];
  index -= before_[row];
  auto way = index % ways;
  index /= ways;
  Coordinates values(groups_.size());
  for (auto g = groups_.size(); g-- > 0;) {
    if (key[g] == 0) continue;
    values[g] = groups_[g].value_dependent ? key[g] - 1 : index % groups_[g].length;
    if (!groups_[g].value_dependent) index /= groups_[g].length;
  }
  coordinates.clear();
  decode(root_, row, way, values, coordinates);
}

const PointEnumerator::Alternative& PointEnumerator::alternative(const Row& row,
                                                                 std::uint64_t way) {
  return *std::prev(std::ranges::upper_bound(row.alternatives, way, {}, &Alternative::before));
}

void PointEnumerator::decode(const CountedPart& counted, std::size_t row, std::uint64_t way,
                             const Coordinates& values, Coordinates& coordinates) const {
  switch (counted.kind) {
    case Subgrid::Kind::fixed:
      return;
    case Subgrid::Kind::axis:
      coordinates.push_back(counted.group ? values[*counted.group] : way);
      return;
    case Subgrid::Kind::sum: {
      const auto& chosen = alternative(counted.table[row], way);
      coordinates.push_back(chosen.first);
      return decode(counted.parts[chosen.first], chosen.second, way - chosen.before, values,
                    coordinates);
    }
    case Subgrid::Kind::product:
      // Within an alternative, way = (way of child i) * (ways of the rest) + way of the rest.
      for (std::size_t i = 0; i + 1 < counted.parts.size(); ++i) {
        const auto& chosen = alternative((i == 0 ? counted.table : counted.rests[i - 1])[row], way);
        const auto others = counted.rests[i][chosen.second].ways;
        way -= chosen.before;
        decode(counted.parts[i], chosen.first, way / others, values, coordinates);
        way %= others;
        row = chosen.second;
      }
      decode(counted.parts.back(), row, way, values, coordinates);
  }
}

std::optional<std::uint64_t> PointEnumerator::index(const Coordinates& coordinates) const {
  std::size_t at = 0;
  Coordinates values(groups_.size());
  const auto place = encode(root_, coordinates, at, values);
  if (!place) return std::nullopt;
  const auto& row = root_.table[place->row];
  std::uint64_t outer = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (row.key[g] > 0 && !groups_[g].value_dependent)
      outer = outer * groups_[g].length + values[g];
  return before_[place->row] + outer * row.ways + place->way;
}

std::optional<PointEnumerator::Found> PointEnumerator::found(const Table& table, const Key& a,
                                                             const Key& b, std::uint32_t first,
                                                             std::uint32_t second) {
  const auto key = merged(a, b);
  if (!key) return std::nullopt;
  const auto row = std::ranges::find(table, *key, &Row::key);
  const auto chosen = std::ranges::lower_bound(
      row->alternatives, std::pair(first, second), {},
      [](const Alternative& one) { return std::pair(one.first, one.second); });
  return Found{std::size_t(row - table.begin()), chosen->before};
}

std::optional<PointEnumerator::Found> PointEnumerator::encode(const CountedPart& counted,
                                                              const Coordinates& coordinates,
                                                              std::size_t& at,
                                                              Coordinates& values) const {
  switch (counted.kind) {
    case Subgrid::Kind::fixed:
      return Found{0, 0};
    case Subgrid::Kind::axis: {
      const auto coordinate = coordinates[at++];
      if (!counted.group) return Found{0, coordinate};
      values[*counted.group] = coordinate;
      return Found{groups_[*counted.group].value_dependent ? coordinate : 0, 0};
    }
    case Subgrid::Kind::sum: {
      const auto choice = std::uint32_t(coordinates[at++]);
      const auto& chosen = counted.parts[choice];
      const auto below = encode(chosen, coordinates, at, values);
      if (!below) return std::nullopt;
      auto place =
          found(counted.table, counted.group ? held(*counted.group, choice) : Key(groups_.size()),
                chosen.table[below->row].key, choice, std::uint32_t(below->row));
      if (place) place->way += below->way;
      return place;
    }
    case Subgrid::Kind::product:
      break;
  }
  // All children are encoded first, in the order of the coordinates; then they are combined from
  // the last to the first, as add_product() does.
  std::vector<Found> children;
  for (const auto& child : counted.parts) {
    const auto place = encode(child, coordinates, at, values);
    if (!place) return std::nullopt;
    children.push_back(*place);
  }
  auto all = children.back();
  for (auto i = children.size() - 1; i-- > 0;) {
    const auto& [table, rest] =
        std::tie(i == 0 ? counted.table : counted.rests[i - 1], counted.rests[i]);
    const auto place = found(table, counted.parts[i].table[children[i].row].key, rest[all.row].key,
                             std::uint32_t(children[i].row), std::uint32_t(all.row));
    if (!place) return std::nullopt;
    all = {place->row, place->way + children[i].way * rest[all.row].ways + all.way};
  }
  return all;
}

}  // namespace descent::experiment
