// SPDX-License-Identifier: MIT
#include "data/preparation.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"
#include "data/table.h"

namespace descent::data {
namespace {

using nlohmann::json;

template <class Value>
void get(const json& from, const char* key, Value& value) {
  from.at(key).get_to(value);
}
template <class Enum>
void get_enum(const json& from, const char* key, Enum& value) {
  value = static_cast<Enum>(from.at(key).get<int>());
}

json as_json(const DialectSpec& s) {
  return {{"separator", s.separator}, {"decimal", s.decimal},    {"thousands", s.thousands},
          {"comment", s.comment},     {"header", int(s.header)}, {"names", s.names}};
}
void read(const json& from, DialectSpec& s) {
  get(from, "separator", s.separator);
  get(from, "decimal", s.decimal);
  get(from, "thousands", s.thousands);
  get(from, "comment", s.comment);
  get_enum(from, "header", s.header);
  get(from, "names", s.names);
}

json as_json(const ColumnSpec& s) {
  auto ordinal = json::array();
  for (const auto& one : s.ordinal)
    ordinal.push_back({{"column", one.column}, {"order", one.order}});
  return {{"use", s.use},
          {"leave", s.leave},
          {"date", s.date},
          {"categorical", s.categorical},
          {"date_format", s.date_format},
          {"ordinal", ordinal}};
}
void read(const json& from, ColumnSpec& s) {
  get(from, "use", s.use);
  get(from, "leave", s.leave);
  get(from, "date", s.date);
  get(from, "categorical", s.categorical);
  get(from, "date_format", s.date_format);
  for (const auto& one : from.at("ordinal"))
    s.ordinal.push_back({one.at("column"), one.at("order").get<std::vector<std::string>>()});
}

json as_json(const MissingSpec& s) {
  return {{"is_given", s.is_given},
          {"values", s.values},
          {"numbers", int(s.numbers)},
          {"categories", int(s.categories)},
          {"drop_targets", s.drop_targets}};
}
void read(const json& from, MissingSpec& s) {
  get(from, "is_given", s.is_given);
  get(from, "values", s.values);
  get_enum(from, "numbers", s.numbers);
  get_enum(from, "categories", s.categories);
  get(from, "drop_targets", s.drop_targets);
}

json as_json(const ColumnCoding& c) {
  return {{"name", c.name},
          {"kind", int(c.kind)},
          {"categories", c.categories},
          {"drop_first", c.drop_first},
          {"unknown_zero", c.unknown_zero},
          {"fill", std::isnan(c.fill) ? json() : json(c.fill)},
          {"own_category", c.own_category},
          {"indicator", c.indicator},
          {"date_order", int(c.date_order)},
          {"unseen", c.unseen},
          {"has_unseen_missing", c.has_unseen_missing}};
}
ColumnCoding column_of(const json& from) {
  ColumnCoding c;
  get(from, "name", c.name);
  get_enum(from, "kind", c.kind);
  get(from, "categories", c.categories);
  get(from, "drop_first", c.drop_first);
  get(from, "unknown_zero", c.unknown_zero);
  if (!from.at("fill").is_null()) get(from, "fill", c.fill);
  get(from, "own_category", c.own_category);
  get(from, "indicator", c.indicator);
  if (from.contains("date_order")) get_enum(from, "date_order", c.date_order);
  get(from, "unseen", c.unseen);
  get(from, "has_unseen_missing", c.has_unseen_missing);
  return c;
}

std::vector<double> numbers(const arma::vec& v) { return {v.begin(), v.end()}; }

Preparation read_preparation(const json& from) {
  Preparation p;
  auto& spec = p.spec;
  read(from.at("dialect"), spec.dialect);
  read(from.at("columns"), spec.columns);
  read(from.at("missing"), spec.missing);
  get(from, "label_strip", spec.label_strip);
  get(from, "target", spec.target);
  get(from, "truth", spec.truth);
  get(from, "weight", spec.weight);
  get(from, "group", spec.group);
  get(from, "time", spec.time);
  std::vector<ColumnCoding> columns;
  for (const auto& one : from.at("inputs")) columns.push_back(column_of(one));
  p.inputs = Coding(std::move(columns));
  get_enum(from, "kind", p.kind);
  get(from, "targets", p.targets);
  get(from, "classes", p.classes);
  if (from.contains("labels")) get(from, "labels", p.labels);
  p.shift = arma::vec(from.at("shift").get<std::vector<double>>());
  p.scale = arma::vec(from.at("scale").get<std::vector<double>>());
  return p;
}

}  // namespace

arma::mat Preparation::read(const std::string& path) const {
  auto reading = spec;
  // Rows are neither left out nor refused before the coding has said what is missing in them.
  reading.missing.is_given = true;
  // The columns of training had names. What looks like a sample has not, and is said to lack them.
  if (reading.dialect.header == DialectSpec::Header::automatic)
    reading.dialect.header = DialectSpec::Header::present;
  std::vector<Column> expected;
  for (const auto& column : inputs.columns()) {
    expected.push_back({column.name, column.kind});
    expected.back().date_order = column.date_order;
    if (column.kind == ColumnKind::ordinal) expected.back().values = column.categories;
  }
  const auto table = read_table(path, reading, "", &expected, Reading::inputs);
  std::vector<std::uint64_t> rows(table.size());
  std::iota(rows.begin(), rows.end(), std::uint64_t{0});
  return inputs.apply(table, rows);
}

arma::mat Preparation::unstandardized(arma::mat values) const {
  if (scale.is_empty()) return values;
  values.each_col() %= scale;
  values.each_col() += shift;
  return values;
}

std::string Preparation::text() const {
  auto columns = json::array();
  for (const auto& column : inputs.columns()) columns.push_back(as_json(column));
  const json all = {{"dialect", as_json(spec.dialect)},
                    {"columns", as_json(spec.columns)},
                    {"missing", as_json(spec.missing)},
                    {"label_strip", spec.label_strip},
                    {"target", spec.target},
                    {"truth", spec.truth},
                    {"weight", spec.weight},
                    {"group", spec.group},
                    {"time", spec.time},
                    {"inputs", columns},
                    {"kind", int(kind)},
                    {"targets", targets},
                    {"classes", classes},
                    {"labels", labels},
                    {"shift", numbers(shift)},
                    {"scale", numbers(scale)}};
  return all.dump();
}

Preparation Preparation::from_text(const std::string& text) {
  try {
    return read_preparation(json::parse(text));
  } catch (const json::exception& error) {
    throw Error(fmt::format("the preparation of a model's data cannot be read: {}", error.what()));
  }
}

}  // namespace descent::data
