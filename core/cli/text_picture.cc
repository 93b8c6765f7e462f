// SPDX-License-Identifier: MIT
#include "cli/text_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "cli/plot.h"
#include "store/query.h"

namespace descent::cli {
namespace {

using report::Picture;
using report::Row;

std::optional<double> number(const store::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return double(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return {};
}

// What is written for a value of series, facet or label.
std::string name_of(const Picture& picture, const store::Value& value) {
  const auto key = report::name_key(value);
  const auto found = picture.names.find(key);
  return found == picture.names.end() ? key : found->second;
}

class PictureColumns {
 public:
  explicit PictureColumns(const Picture& picture) : picture_(picture) {}

  // Null if there is no such column.
  const store::Value* cell(const Row& row, const std::string& name) const {
    const auto found = std::ranges::find(picture_.columns, name);
    if (found == picture_.columns.end()) return nullptr;
    return &row[std::size_t(found - picture_.columns.begin())];
  }
  std::string name(const Row& row, const std::string& column) const {
    const auto* value = cell(row, column);
    return value ? name_of(picture_, *value) : "";
  }

 private:
  const Picture& picture_;
};

// In the order of the rows.
Curve& curve_named(std::vector<Curve>& curves, const std::string& name) {
  for (auto& curve : curves)
    if (curve.name == name) return curve;
  curves.push_back({name, {}});
  return curves.back();
}

struct Panel {
  std::string facet;
  std::vector<Curve> curves;
};

std::vector<Panel> panels_of(const Picture& picture, const std::vector<std::string>& values) {
  const PictureColumns columns(picture);
  std::vector<Panel> panels;
  for (const auto& row : picture.rows) {
    const auto facet = columns.name(row, "facet"), series = columns.name(row, "series");
    auto panel = std::ranges::find(panels, facet, &Panel::facet);
    if (panel == panels.end()) panel = panels.insert(panels.end(), Panel{facet, {}});
    const auto x = number(*columns.cell(row, "x"));
    for (const auto& value : values) {
      const auto name = series.empty()      ? value
                        : values.size() > 1 ? fmt::format("{} {}", series, value)
                                            : series;
      const auto y = number(*columns.cell(row, value));
      auto& curve = curve_named(panel->curves, name);
      curve.is_line = picture.mark != "scatter";
      if (x) curve.points.emplace_back(*x, y ? *y : std::numeric_limits<double>::quiet_NaN());
    }
  }
  for (auto& panel : panels)
    for (auto& curve : panel.curves)
      std::ranges::stable_sort(curve.points, {}, &std::pair<double, double>::first);
  return panels;
}

bool has_words(const Picture& picture) {
  const PictureColumns columns(picture);
  return std::ranges::any_of(picture.rows, [&](const Row& row) {
    return std::holds_alternative<std::string>(*columns.cell(row, "x"));
  });
}

bool is_curve(const Picture& picture) {
  return (picture.mark == "line" || picture.mark == "steps" || picture.mark == "scatter") &&
         !has_words(picture);
}

// As the renderer decides: positive values, of which the largest is more than 20 times the least.
bool wants_log(const Picture& picture) {
  if (picture.x.log) return *picture.x.log;
  const PictureColumns columns(picture);
  double least = std::numeric_limits<double>::infinity(), largest = 0;
  for (const auto& row : picture.rows) {
    const auto x = number(*columns.cell(row, "x"));
    if (x && *x < 0) return false;
    if (x && *x > 0) least = std::min(least, *x), largest = std::max(largest, *x);
  }
  return largest / least > 20;
}

void print_table(const Picture& picture, std::ostream& out) {
  store::Table table{picture.columns, picture.rows};
  for (auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (picture.names.count(report::name_key(row[i])) &&
          (table.columns[i] == "series" || table.columns[i] == "facet" ||
           table.columns[i] == "label"))
        row[i] = name_of(picture, row[i]);
  store::print(table, store::Format::table, out);
}

// Values that leave no gap in a curve, as one that is not recorded does, but are no numbers to
// draw.
std::size_t undrawn(const Picture& picture, const std::vector<std::string>& values) {
  const PictureColumns columns(picture);
  std::size_t count = 0;
  for (const auto& row : picture.rows)
    for (const auto& name : values) {
      const auto& value = *columns.cell(row, name);
      const auto y = number(value);
      count += y ? std::isinf(*y) : std::holds_alternative<std::string>(value);
    }
  return count;
}

void print_curves(const Picture& picture, const std::vector<std::string>& values,
                  std::ostream& out) {
  auto style = terminal_style();
  style.log_x = wants_log(picture);
  style.log_y = picture.y.log;
  std::string all;
  for (const auto& panel : panels_of(picture, values)) {
    const auto drawn = plot(panel.curves, style);
    if (!drawn.empty()) all += (panel.facet.empty() ? "" : panel.facet + '\n') + drawn;
  }
  if (all.empty())
    out << "there is no value to draw\n";
  else if (picture.x.label.empty())
    out << all;
  else
    out << all << fmt::format("{:>11}{}\n", "x: ", picture.x.label);
  if (const auto n = undrawn(picture, values); n > 0)
    out << fmt::format("not drawn: {} value{} infinite or text\n", n,
                       n == 1 ? " that is" : "s that are");
}

}  // namespace

void print(const Picture& picture, const std::vector<std::string>& values, std::ostream& out) {
  if (!picture.title.empty()) out << picture.title << '\n';
  if (is_curve(picture))
    print_curves(picture, values, out);
  else
    print_table(picture, out);
  if (!picture.note.empty()) out << picture.note << '\n';
}

}  // namespace descent::cli
