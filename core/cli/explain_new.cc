// SPDX-License-Identifier: MIT
#include "cli/explain_new.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/hash.h"
#include "experiment/schema/path.h"
#include "store/stored_points.h"

namespace descent::cli {
namespace {

// Points of the store that are searched for the nearest one, and points it is searched for.
constexpr std::size_t most_searched = 5'000, most_placed = 1'000;
constexpr std::size_t most_keys = 3;  // points that differ in more are nothing alike

using Inputs = std::vector<engine::Input>;

std::string as_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string short_hash(const std::string& hash) { return hash.substr(0, 4) + ".."; }

// Configurations as rows of numbers, a column a path and a number a value, so that many pairs of
// them can be compared.
class Columns {
 public:
  using Row = std::vector<int>;  // -1, or shorter: no value

  Row row(const nlohmann::json& configuration) {
    Row values;
    for (const auto& [path, value] : experiment::flatten(configuration)) {
      const auto column = numbered(columns_, path);
      if (column == paths_.size()) paths_.push_back(path);
      const auto text = as_text(value);
      const auto number = numbered(values_, text);
      if (number == texts_.size()) texts_.push_back(text);
      if (values.size() <= column) values.resize(column + 1, -1);
      values[column] = int(number);
    }
    return values;
  }

  // Once all rows are made: the column of the nearest path above each, or its own number.
  void relate() {
    for (std::size_t c = parents_.size(); c < paths_.size(); ++c) {
      parents_.push_back(c);
      const auto& path = paths_[c];
      for (auto end = path.rfind('.'); end != path.npos && end > 0; end = path.rfind('.', end - 1))
        if (const auto above = columns_.find(path.substr(0, end)); above != columns_.end()) {
          parents_.back() = above->second;
          break;
        }
    }
  }

  static int at(const Row& row, std::size_t column) {
    return column < row.size() ? row[column] : -1;
  }

  // Columns in which two rows differ; what another choice above brings with it is not counted.
  std::vector<std::size_t> differences(const Row& a, const Row& b, std::size_t most) const {
    std::vector<std::size_t> all;
    for (std::size_t c = 0; c < std::max(a.size(), b.size()) && all.size() <= most; ++c) {
      const auto parent = parents_[c];
      if (at(a, c) != at(b, c) && (parent == c || at(a, parent) == at(b, parent))) all.push_back(c);
    }
    return all;
  }

  Change change(std::size_t column, const Row& before, const Row& now) const {
    const auto text = [&](int value) { return value < 0 ? "" : texts_[std::size_t(value)]; };
    return {"key", paths_[column], text(at(before, column)), text(at(now, column))};
  }

 private:
  using Numbers = std::unordered_map<std::string, std::size_t>;
  static std::size_t numbered(Numbers& numbers, const std::string& text) {
    return numbers.emplace(text, numbers.size()).first->second;
  }

  Numbers columns_, values_;
  std::vector<std::string> paths_, texts_;
  std::vector<std::size_t> parents_;
};

// What a store holds of one experiment.
class Stored {
 public:
  Stored(store::Reader& reader, std::string experiment)
      : reader_(reader), experiment_(std::move(experiment)) {
    // Of one configuration the point that is not superseded comes last.
    store::for_each_row(
        reader_,
        "SELECT point_id, configuration_hash FROM points WHERE " + of_experiment() +
            " ORDER BY superseded_by IS NULL, point_id",
        [&](const auto& row) { by_configuration_[store::text_of(row[1])] = number(row[0]); });
  }

  bool empty() const { return by_configuration_.empty(); }

  std::optional<std::int64_t> same_configuration(const std::string& hash) const {
    const auto found = by_configuration_.find(hash);
    if (found == by_configuration_.end()) return {};
    return found->second;
  }

  const Inputs& inputs(std::int64_t point) {
    const auto [place, is_new] = inputs_.try_emplace(point);
    auto& known = place->second;
    if (!is_new) return known;
    const auto sql = fmt::format(
        "SELECT kind, name, hash FROM point_plugins JOIN plugins USING (hash) WHERE point_id = {0} "
        "UNION ALL SELECT kind, name, hash FROM point_inputs JOIN inputs USING (input_id) "
        "WHERE point_id = {0}",
        point);
    store::for_each_row(reader_, sql, [&](const auto& row) {
      known.push_back({store::text_of(row[0]), store::text_of(row[1]), store::text_of(row[2])});
    });
    return known;
  }

  // The nearest of those that are searched; columns of the keys in which it differs.
  std::pair<std::int64_t, std::vector<std::size_t>> nearest(const Columns::Row& row) const {
    std::pair<std::int64_t, std::vector<std::size_t>> best{0, {}};
    auto most = std::size_t(-2);
    for (const auto& [point, other] : rows_) {
      auto differing = columns_.differences(other, row, most);
      if (differing.size() > most) continue;
      most = differing.size() - (differing.empty() ? 0 : 1);  // only a nearer one is better
      best = {point, std::move(differing)};
      if (most == 0) break;
    }
    return best;
  }

  Columns::Row row(const nlohmann::json& configuration) {
    if (rows_.empty()) read_rows();
    auto made = columns_.row(configuration);
    columns_.relate();
    return made;
  }

  Change change(std::int64_t point, std::size_t column, const Columns::Row& now) const {
    const auto found =
        std::ranges::find(rows_, point, &std::pair<std::int64_t, Columns::Row>::first);
    return columns_.change(column, found->second, now);
  }

 private:
  std::string of_experiment() const {
    return fmt::format("experiment_id = (SELECT experiment_id FROM experiments WHERE name = '{}')",
                       experiment_);
  }

  static std::int64_t number(const store::Value& value) { return std::get<std::int64_t>(value); }

  void read_rows() {
    store::for_each_row(
        reader_,
        fmt::format("SELECT point_id, configuration FROM points WHERE {} AND superseded_by IS NULL "
                    "ORDER BY point_id LIMIT {}",
                    of_experiment(), most_searched),
        [&](const auto& row) {
          rows_.emplace_back(number(row[0]),
                             columns_.row(nlohmann::json::parse(store::text_of(row[1]))));
        });
  }

  store::Reader& reader_;
  std::string experiment_;
  std::unordered_map<std::string, std::int64_t> by_configuration_;
  std::map<std::int64_t, Inputs> inputs_;
  std::vector<std::pair<std::int64_t, Columns::Row>> rows_;
  Columns columns_;
};

// Inputs of the same name with other bytes.
std::vector<Change> changed_inputs(const Inputs& before, const Inputs& now) {
  std::vector<Change> all;
  for (const auto& one : now) {
    const auto is_same_name = [&](const engine::Input& other) {
      return other.kind == one.kind && other.name == one.name;
    };
    const auto old = std::ranges::find_if(before, is_same_name);
    if (old != before.end() && old->hash != one.hash)
      all.push_back({one.kind, one.name, old->hash, one.hash});
  }
  return all;
}

std::string text_of(const Change& change) {
  const auto or_none = [](const std::string& text) { return text.empty() ? "none" : text; };
  if (change.kind == "key")
    return fmt::format("{} {} -> {}", change.name, or_none(change.before), or_none(change.now));
  if (change.kind == "replicates")
    return fmt::format("more replicates, {} -> {}", change.before, change.now);
  const auto hashes = fmt::format("({} -> {})", short_hash(change.before), short_hash(change.now));
  if (change.kind == "build") return "the program was rebuilt " + hashes;
  if (change.kind == "data") return fmt::format("data file '{}' changed {}", change.name, hashes);
  return fmt::format("plugin {} '{}' was rebuilt {}", change.kind, change.name, hashes);
}

std::string text_of(const std::vector<Change>& changes) {
  std::vector<std::string> all;
  all.reserve(changes.size());
  for (const auto& change : changes) all.push_back(text_of(change));
  return fmt::format("{}", fmt::join(all, ", "));
}

class Explanation {
 public:
  Explanation(const engine::Plan& plan, Stored& stored) : plan_(plan), stored_(stored) {}

  void add(std::uint64_t position) {
    const auto planned = plan_.planned(position);
    const auto& experiment = plan_.experiments()[planned.experiment];
    if (stored_.empty()) return add({}, "no results of this experiment are stored", 0);
    const auto hash = hash128(experiment.identity(planned.index));
    if (const auto point = stored_.same_configuration(hash)) return add_changed(*point, position);
    if (placed_ == most_placed)
      return add(
          {}, fmt::format("not compared: only the first {} with other values are", most_placed), 0);
    ++placed_;
    add_other(position);
  }

  void add(const Grown& grown) {
    const std::vector<Change> changes = {{"replicates", "replicates.count",
                                          std::to_string(grown.before), std::to_string(grown.now)}};
    add(changes, text_of(changes), 0);
  }

  void add_rest(std::uint64_t points) {
    if (points == 0) return;
    add({}, fmt::format("not explained: only the first {} are", most_explained), 0);
    reasons_.back().points = points;
  }

  std::vector<Reason> reasons() const { return reasons_; }

 private:
  // Same keys and values: what it was made by is another.
  void add_changed(std::int64_t point, std::uint64_t position) {
    const auto changes = changed_inputs(stored_.inputs(point), inputs(position));
    add(changes,
        changes.empty() ? "data or the program changed; this store is too old to say which"
                        : text_of(changes),
        0);
  }

  void add_other(std::uint64_t position) {
    const auto row = stored_.row(plan_.point(position).configuration);
    const auto [point, columns] = stored_.nearest(row);
    if (point == 0 || columns.size() > most_keys) return add({}, "no similar point is stored", 0);
    std::vector<Change> changes;
    for (const auto column : columns) changes.push_back(stored_.change(point, column, row));
    for (auto& change : changed_inputs(stored_.inputs(point), inputs(position)))
      changes.push_back(std::move(change));
    add(changes, text_of(changes), point);
  }

  // The points of a variant have them in common.
  const Inputs& inputs(std::uint64_t position) {
    const auto planned = plan_.planned(position);
    const auto variant = plan_.experiments()[planned.experiment].variant(planned.index);
    auto [known, is_new] = inputs_.try_emplace(variant);
    if (is_new) known->second = plan_.inputs(plan_.point(position));
    return known->second;
  }

  void add(const std::vector<Change>& changes, const std::string& text, std::int64_t nearest) {
    const auto [known, is_new] = by_text_.emplace(text, reasons_.size());
    if (is_new) reasons_.push_back({0, changes, {}, text});
    auto& reason = reasons_[known->second];
    ++reason.points;
    const auto is_there = std::ranges::count(reason.nearest, nearest) > 0;
    if (nearest > 0 && reason.nearest.size() < 4 && !is_there) reason.nearest.push_back(nearest);
  }

  const engine::Plan& plan_;
  Stored& stored_;
  std::size_t placed_ = 0;
  std::map<std::uint64_t, Inputs> inputs_;
  std::unordered_map<std::string, std::size_t> by_text_;
  std::vector<Reason> reasons_;
};

void name_nearest(Reason& reason) {
  if (reason.nearest.empty()) return;
  const bool more = reason.nearest.size() == 4;
  if (more) reason.nearest.pop_back();
  std::vector<std::string> names;
  for (const auto point : reason.nearest) names.push_back(fmt::format("#{}", point));
  reason.text += fmt::format(" (nearest stored point{} {}{})", names.size() > 1 ? "s" : "",
                             fmt::join(names, ", "), more ? ", ..." : "");
}

}  // namespace

std::vector<Reason> explain_new(const engine::Plan& plan, store::Reader& reader,
                                const std::string& experiment,
                                const std::vector<std::uint64_t>& new_points,
                                const std::vector<Grown>& grown) {
  Stored stored(reader, experiment);
  Explanation explanation(plan, stored);
  for (const auto& one : grown) explanation.add(one);
  const auto looked_at = std::min(new_points.size(), most_explained);
  for (std::size_t i = 0; i < looked_at; ++i) explanation.add(new_points[i]);
  explanation.add_rest(new_points.size() - looked_at);
  auto reasons = explanation.reasons();
  for (auto& reason : reasons) name_nearest(reason);
  return reasons;
}

nlohmann::json as_json(const std::vector<Reason>& reasons) {
  auto all = nlohmann::json::array();
  for (const auto& reason : reasons) {
    auto changes = nlohmann::json::array();
    for (const auto& change : reason.changes)
      changes.push_back({{"kind", change.kind},
                         {"name", change.name},
                         {"before", change.before},
                         {"now", change.now}});
    all.push_back({{"points", reason.points},
                   {"reason", reason.text},
                   {"changes", changes},
                   {"nearest", reason.nearest}});
  }
  return all;
}

}  // namespace descent::cli
