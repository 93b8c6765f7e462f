// SPDX-License-Identifier: MIT
#include "cli/plot.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace descent::cli {
namespace {

using Marks = std::array<const char*, 6>;
constexpr Marks ascii_marks{"o", "x", "+", "*", "#", "@"};
constexpr Marks unicode_marks{"●", "▲", "■", "○", "△", "□"};
constexpr int label_width = 10;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void include(double value) { low = std::min(low, value), high = std::max(high, value); }
  bool is_empty() const { return low > high; }
};

class Plot {
 public:
  Plot(const std::vector<Curve>& curves, const PlotStyle& style)
      : style_(style), columns_(std::max(10, style.width - label_width - 2)), curves_(curves) {
    for (auto& curve : curves_)
      std::erase_if(curve.points, [&](const auto& point) {
        return !std::isfinite(point.first) || (style.log_x && point.first < 0);
      });
    find_ranges();
    if (y_.is_empty()) return;
    from_ = fmt::format("{:.6g}", x_.low);
    to_ = fmt::format("{:.6g}", x_.high);
    if (style.log_x) place_logarithmically();
    is_logarithmic_ = y_.low > 0 && style.log_y.value_or(y_.high / y_.low > 20);
    rows_.assign(std::size_t(style.height), std::vector<std::string>(std::size_t(columns_), " "));
    for (auto i = curves.size(); i-- > 0;) draw(curves_[i], mark(i));
  }

  std::string text(const std::vector<Curve>& curves) const {
    if (y_.is_empty()) return "";
    std::string all;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      all += label(row) + (style_.unicode ? " │" : " |");
      std::string line;
      for (const auto& cell : rows_[row]) line += cell;
      line.erase(line.find_last_not_of(' ') + 1);
      all += line + '\n';
    }
    all += std::string(label_width, ' ') + (style_.unicode ? " └" : " +");
    for (int i = 0; i < columns_; ++i) all += style_.unicode ? "─" : "-";
    all += fmt::format("\n{:{}}{}{:>{}}\n", "", label_width + 2, from_, to_,
                       columns_ - static_cast<int>(from_.size()));
    for (std::size_t i = 0; i < curves.size(); ++i)
      all += fmt::format("{:>{}} {}\n", mark(i), label_width, curves[i].name);
    if (is_logarithmic_) all += fmt::format("{:{}} logarithmic scale\n", "", label_width);
    if (style_.log_y.value_or(false) && !is_logarithmic_)
      all += fmt::format("{:{}} linear scale: not all values are above 0\n", "", label_width);
    if (style_.log_x) all += fmt::format("{:{}} logarithmic scale of x\n", "", label_width);
    return all;
  }

 private:
  const char* mark(std::size_t i) const {
    return (style_.unicode ? unicode_marks : ascii_marks)[i % ascii_marks.size()];
  }

  void find_ranges() {
    x_ = y_ = {};
    for (const auto& curve : curves_)
      for (const auto& [x, y] : curve.points)
        if (std::isfinite(y)) x_.include(x), y_.include(y);
  }

  // Replaces each x by its logarithm, and 0 by a place of its own.
  void place_logarithmically() {
    Range positive;
    for (const auto& curve : curves_)
      for (const auto& [x, y] : curve.points)
        if (x > 0) positive.include(std::log10(x));
    const double zero =
        positive.is_empty() ? 0 : positive.low - std::max(0.3, (positive.high - positive.low) / 12);
    for (auto& curve : curves_)
      for (auto& [x, y] : curve.points) x = x > 0 ? std::log10(x) : zero;
    find_ranges();
  }

  double height_of(double value) const { return is_logarithmic_ ? std::log10(value) : value; }

  // 0: the uppermost. Of halves, for the difference of the largest numbers is infinite.
  int row_of(double value) const {
    const double low = height_of(y_.low), high = height_of(y_.high);
    const double share = high > low ? (height_of(value) / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
    return style_.height - 1 - static_cast<int>(std::lround(share * (style_.height - 1)));
  }

  double x_of(int column) const {
    return x_.low + (x_.high - x_.low) * column / std::max(1, columns_ - 1);
  }

  // The curve at x, straight between its points as they are drawn; NaN outside them and in gaps.
  double at(const Curve& curve, double x) const {
    const auto right =
        std::ranges::lower_bound(curve.points, x, {}, &std::pair<double, double>::first);
    if (right == curve.points.end()) return std::nan("");
    if (right->first == x || right == curve.points.begin())
      return right->first == x ? right->second : std::nan("");
    const auto left = std::prev(right);
    const double part = (x - left->first) / (right->first - left->first);
    if (!is_logarithmic_) return (1 - part) * left->second + part * right->second;
    return std::exp(std::log(left->second) + part * std::log(right->second / left->second));
  }

  int column_of(double x) const {
    const double share = x_.high > x_.low ? (x - x_.low) / (x_.high - x_.low) : 0;
    return static_cast<int>(std::lround(share * (columns_ - 1)));
  }

  void draw(const Curve& curve, const char* with) {
    if (!curve.is_line || x_.low == x_.high) return draw_points(curve.points, with);
    for (std::size_t i = 0; i < curve.points.size(); ++i)
      if (is_alone(curve, i)) draw_points({curve.points[i]}, with);
    for (int column = 0; column < columns_; ++column)
      if (const double value = at(curve, x_of(column)); std::isfinite(value))
        rows_[std::size_t(std::clamp(row_of(value), 0, style_.height - 1))][std::size_t(column)] =
            with;
  }

  // Between gaps there is no line to be seen.
  static bool is_alone(const Curve& curve, std::size_t i) {
    const auto is_gap = [&](std::size_t k) {
      return k >= curve.points.size() || !std::isfinite(curve.points[k].second);
    };
    return (i == 0 || is_gap(i - 1)) && is_gap(i + 1);
  }

  void draw_points(const std::vector<std::pair<double, double>>& points, const char* with) {
    for (const auto& [x, y] : points)
      if (std::isfinite(y))
        rows_[std::size_t(std::clamp(row_of(y), 0, style_.height - 1))][std::size_t(column_of(x))] =
            with;
  }

  // Of the top, the middle and the bottom row.
  std::string label(std::size_t row) const {
    const auto last = rows_.size() - 1;
    if (row != 0 && row != last && row != last / 2) return std::string(label_width, ' ');
    const double low = height_of(y_.low), high = height_of(y_.high);
    const double share = double(row) / double(std::max<std::size_t>(1, last));
    const double at_row = (1 - share) * high + share * low;
    return fmt::format("{:>{}.4g}", is_logarithmic_ ? std::pow(10, at_row) : at_row, label_width);
  }

  PlotStyle style_;
  int columns_;
  std::vector<Curve> curves_;  // as they are placed along x
  Range x_, y_;
  std::string from_, to_;
  bool is_logarithmic_ = false;
  std::vector<std::vector<std::string>> rows_;
};

bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* value = std::getenv(name); value && *value) {
      const std::string_view locale(value);
      return locale.find("UTF-8") != locale.npos || locale.find("utf8") != locale.npos;
    }
  return false;
}

}  // namespace

std::string plot(const std::vector<Curve>& curves, const PlotStyle& style) {
  return Plot(curves, style).text(curves);
}

PlotStyle terminal_style() {
  PlotStyle style;
  style.unicode = is_utf8_locale();
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = size.ws_col;
  else if (const char* columns = std::getenv("COLUMNS"); columns && std::atoi(columns) > 0)
    style.width = std::atoi(columns);
  style.width = std::clamp(style.width, 40, 200);
  return style;
}

}  // namespace descent::cli
