// SPDX-License-Identifier: MIT
#include "experiment/schema/resolve_scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <span>

#include "base/element.h"
#include "base/number.h"
#include "base/suggestion.h"
#include "experiment/document/axis.h"
#include "experiment/schema/hints.h"

namespace descent::experiment {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr double longest_duration = 8760 * 3600.0;  // seconds

struct Unit {
  const char* name;
  double size;
};
constexpr Unit time_units[] = {{"ms", 0.001}, {"s", 1}, {"min", 60}, {"h", 3600}};
constexpr Unit memory_units[] = {{"B", 1},        {"kB", 1e3},     {"MB", 1e6},     {"GB", 1e9},
                                 {"TB", 1e12},    {"KB", 1e3},     {"KiB", 0x1p10}, {"kiB", 0x1p10},
                                 {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}};

// "2min" as 120; nothing unless it is a finite number that one of the units follows.
std::optional<double> measured(const Node& node, std::span<const Unit> units) {
  if (node.kind != Node::Kind::scalar) return std::nullopt;
  double value = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [rest, error] = std::from_chars(node.text.data(), end, value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  const auto unit = std::ranges::find(units, std::string(rest, end), &Unit::name);
  return unit == units.end() ? std::nullopt : std::optional(value * unit->size);
}

class ScalarResolver {
 public:
  ScalarResolver(const Schema& schema, const Node& node, const std::string& path,
                 std::vector<Problem>& problems)
      : schema_(schema), node_(node), path_(path), problems_(problems) {}

  json number() {
    double value = 0;
    if (is_word()) return node_.text;
    if (is_too_large(node_))
      return problem(fmt::format("{} = {} is too large for float64 (its largest number is {:.3g})",
                                 path_, node_.text, largest(Element::float64)));
    if (is_too_small(node_))
      return problem(
          fmt::format("{} = {} is too small for float64 (its smallest number above 0 is "
                      "{:.3g}); write 0 if 0 is meant",
                      path_, node_.text, smallest(Element::float64)));
    if (!read_number(node_, value)) return wrong_type();
    const bool is_whole = schema_.kind == Schema::Kind::whole;
    if (is_whole && value != std::floor(value)) return node_.number ? fractions() : wrong_type();
    if (!in_range(schema_, value))
      return problem(
          is_drawn() ? fmt::format("{}: {} draws values outside {}", path_, axis(), range(schema_))
                     : fmt::format("{} = {} is outside {}", path_, node_.text, range(schema_)));
    if (!is_whole) return value;
    if (std::abs(value) > largest_whole || !read_whole(node_, value))
      return problem(
          fmt::format("{} = {} is not a whole number that can be represented exactly; "
                      "whole numbers go up to 2^53",
                      path_, node_.text));
    return value < 0 ? json(std::int64_t(value)) : json(std::uint64_t(value));
  }

  json flag() {
    const auto is = [&](auto... words) { return ((node_.text == words) || ...); };
    if (node_.kind == Node::Kind::scalar && !node_.quoted) {
      if (is("true", "True", "TRUE")) return true;
      if (is("false", "False", "FALSE")) return false;
    }
    return wrong_type();
  }

  json text(const std::string& experiment_file) {
    if (node_.kind != Node::Kind::scalar) return wrong_type();
    if (schema_.is_path) return path_from(experiment_file);
    if (schema_.words.empty() || is_word()) return node_.text;
    if (const auto refused = schema_.refused.find(node_.text); refused != schema_.refused.end())
      return problem(fmt::format("{}: {} {}", path_, node_.text, refused->second));
    return problem(fmt::format("{}: '{}' is not known{}", path_, node_.text,
                               did_you_mean(node_.text, schema_.words, path_)));
  }

  json duration() {
    const auto seconds = measured(node_, time_units);
    if (!seconds || !(*seconds > 0)) return wrong_type();
    if (*seconds <= longest_duration) return *seconds;
    return problem(fmt::format("{} = {} is more than a year, 8760h; for no limit leave it out",
                               path_, node_.text));
  }

  json memory() {
    constexpr double least = 1e6, most = 0x1p53 - 1;
    const auto bytes = measured(node_, memory_units);
    if (!bytes || *bytes < least || *bytes > most) return wrong_type();
    return static_cast<std::uint64_t>(*bytes);
  }

 private:
  json problem(std::string text) {
    report(problems_, node_.place, std::move(text));
    return nullptr;
  }

  json wrong_type() {
    const bool has_one_value = path_ == "experiment" || path_ == "description";
    return problem(fmt::format("{}: expected {}, found {}{}", path_, expected(schema_),
                               found(node_), has_one_value ? "" : axis_hint(schema_, node_)));
  }

  bool is_word() const {
    return node_.kind == Node::Kind::scalar && std::ranges::count(schema_.words, node_.text) > 0;
  }

  bool is_drawn() const { return node_.picked_from >= Node::Kind::uniform; }

  std::string axis() const {
    return fmt::format("{{{}: [{}, {}{}]}}", axis_word(node_.picked_from), node_.from, node_.to,
                       is_drawn() ? "" : fmt::format(", {}", node_.steps));
  }

  // One problem of an axis, however many of its values have it.
  json fractions() {
    const auto kind = node_.picked_from;
    const bool is_log = kind == Node::Kind::loguniform || kind == Node::Kind::logspace;
    const auto [least, most] = std::minmax(node_.from, node_.to);
    const bool rises = node_.from < node_.to;
    const double low = std::ceil(least), high = std::floor(most);
    const auto steps = std::min(double(node_.steps), high - low + 1);
    const auto meant = low >= high
                           ? "{grid: [1, 2]}"
                           : fmt::format("{{{}: [{}, {}{}]}}", is_log ? "logintegers" : "integers",
                                         rises ? low : high, rises ? high : low,
                                         is_drawn() ? "" : fmt::format(", {}", steps));
    return problem(fmt::format("{}: expected {}, and {} has fractions; for whole numbers write {}",
                               path_, expected(schema_), axis(), meant));
  }

  // As the experiment's own file would write it.
  std::string path_from(const std::string& experiment_file) const {
    const auto from = fs::path(node_.place.file).parent_path();
    const auto to = fs::path(experiment_file).parent_path();
    if (node_.place.line == 0 || from == to || fs::path(node_.text).is_absolute())
      return node_.text;
    const auto whole = (from / node_.text).lexically_normal();
    const auto relative = whole.lexically_relative(to.empty() ? "." : to);
    return (relative.empty() ? fs::absolute(whole) : relative).generic_string();
  }

  const Schema& schema_;
  const Node& node_;
  const std::string& path_;
  std::vector<Problem>& problems_;
};

}  // namespace

json resolve_scalar(const Schema& schema, const Node& node, const std::string& path,
                    const std::string& experiment_file, std::vector<Problem>& problems) {
  ScalarResolver scalar(schema, node, path, problems);
  switch (schema.kind) {
    case Schema::Kind::flag:
      return scalar.flag();
    case Schema::Kind::text:
      return scalar.text(experiment_file);
    case Schema::Kind::duration:
      return scalar.duration();
    case Schema::Kind::memory:
      return scalar.memory();
    default:
      return scalar.number();
  }
}

}  // namespace descent::experiment
