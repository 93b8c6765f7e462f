// SPDX-License-Identifier: MIT
// Bias and variance by epoch, of the best points: where training should have stopped.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr std::size_t most_points = 6;
constexpr std::int64_t fewest_epochs = 5;

double real(const store::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return double(*whole);
  const auto* number = std::get_if<double>(&value);
  return number ? *number : not_recorded;
}

// Epochs that are evenly spaced on a logarithmic axis, the last one, and one to keep.
std::string thinning(std::int64_t point, std::int64_t epochs, std::int64_t keep) {
  if (epochs <= most_epochs) return "";
  return fmt::format(
      "\n AND (epoch IN (SELECT min(epoch) FROM bias_variance WHERE point_id = {0}\n"
      "                  GROUP BY CAST(69 * log10(epoch + 1) AS INTEGER))\n"
      "      OR epoch = {1} OR epoch = (SELECT max(epoch) FROM bias_variance WHERE point_id = "
      "{0}))",
      point, keep);
}

// The epoch of the least total, and what the last epoch has instead.
struct Least {
  std::int64_t epoch = -1, last = -1, epochs = 0;
  double total = not_recorded, hi = not_recorded, total_at_last = not_recorded;

  bool is_passed() const { return epoch < last && total_at_last > hi; }
};

Least least_of(store::Reader& reader, std::int64_t point) {
  Least least;
  store::for_each_row(
      reader,
      "SELECT epoch, total, total_hi FROM bias_variance JOIN points USING (point_id) "
      "WHERE point_id = ? AND metric = primary_metric AND bias2 IS NOT NULL ORDER BY epoch",
      [&](const auto& row) {
        ++least.epochs;
        const double total = real(row.at(1));
        least.last = std::get<std::int64_t>(row.at(0));
        least.total_at_last = total;
        if (least.last == 0 || std::isnan(total) || total >= least.total) return;
        least.epoch = least.last;
        least.total = total;
        least.hi = real(row.at(2));
      },
      {point});
  return least;
}

std::string least_text(const Least& least) {
  const auto start = fmt::format("The least total, {}, is at epoch {}", number_text(least.total),
                                 count_text(least.epoch));
  if (least.epoch == least.last) return start + ", the last one: training longer may help.";
  return fmt::format(
      "{}; at the end it is {}, {}.", start, number_text(least.total_at_last),
      least.is_passed() ? "above the interval of the least" : "within the interval of the least");
}

Picture of_point(store::Reader& reader, const Experiment& e, std::size_t point, const Least& least,
                 const std::string& label) {
  Picture p;
  p.title = "Bias² and variance over training";
  p.view = label;
  p.mark = "line";
  p.band = true;
  p.x.label = "epoch";
  p.y.label = "expected error";
  p.sql = fmt::format(
      "SELECT epoch AS x, total, total_lo, total_hi, bias2, bias2_lo, bias2_hi,\n"
      "       variance, variance_lo, variance_hi, b.replicates AS done\n"
      "FROM bias_variance b JOIN points USING (point_id)\n"
      "WHERE point_id = {} AND metric = primary_metric{}\nORDER BY epoch",
      e.point_id(point), thinning(e.point_id(point), least.epochs, least.epoch));
  if (least.is_passed())
    p.references.push_back({double(least.epoch), {}, "least at " + count_text(least.epoch)});
  p.note = sentences({least_text(least), first_of(most_points, e.grid.size())});
  return with_rows(reader, p);
}

}  // namespace

Figure over_training(store::Reader& reader, const Experiment& e) {
  if (!e.is_decomposed || e.ranked.empty()) return {};
  const auto count = std::min(most_points, e.ranked.size());
  const Points points(e.ranked.begin(), e.ranked.begin() + std::ptrdiff_t(count));
  const auto names = point_names_with_runs(reader, e, points);
  Figure figure;
  for (const auto point : points) {
    const auto least = least_of(reader, e.point_id(point));
    if (least.epochs < fewest_epochs || least.epoch < 0) continue;
    figure.push_back(
        of_point(reader, e, point, least, names.at(std::to_string(e.point_id(point)))));
  }
  return figure;
}

}  // namespace descent::report
