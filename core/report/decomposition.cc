// SPDX-License-Identifier: MIT
// Bias and variance over what was swept: lines over one number, or rows.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

constexpr const char* estimates =
    "v.total, v.total_lo, v.total_hi, v.bias2, v.bias2_lo, v.bias2_hi,\n"
    "       v.variance, v.variance_lo, v.variance_hi";

// What is known of the noise of an experiment's points.
struct Noise {
  bool is_in_bias = false;  // as the truth is unknown
  bool is_shown = false;    // a separate term that is not 0 everywhere
};

Noise noise_of(store::Reader& reader, const Experiment& e) {
  Noise noise;
  store::for_each_row(
      reader,
      "SELECT max(bias_includes_noise), coalesce(max(noise), 0) > 0 FROM bias_variance JOIN points "
      "USING (point_id) WHERE experiment_id = ? AND superseded_by IS NULL",
      [&](const auto& row) {
        noise.is_in_bias = row.at(0) == store::Value(std::int64_t(1));
        noise.is_shown = row.at(1) == store::Value(std::int64_t(1));
      },
      {e.id});
  return noise;
}

std::string intervals(const Noise& noise) {
  return noise.is_in_bias
             ? "95 % intervals of the jackknife over replicates. The truth is unknown, so bias² "
               "includes the noise."
             : "95 % intervals of the jackknife over replicates.";
}

Picture over_axis(store::Reader& reader, const Experiment& e, std::size_t x, const Key& facet) {
  const auto noise = noise_of(reader, e);
  Picture p;
  p.title = "Bias² and variance over " + e.path_name(x);
  p.mark = "line";
  p.x.label = e.path_name(x);
  p.y.label = noise.is_in_bias ? "expected error" : "expected squared error";
  p.names = facet.names;
  p.ring = "total";
  p.sql = fmt::format("SELECT v.{} AS x{}, {}{}, v.done, v.runs\nFROM {} v\nORDER BY {}x",
                      sql_name(e.grid.paths()[x].path), facet.as("facet"), estimates,
                      noise.is_shown ? ", v.noise" : "", sql_name(e.view), facet.first_in_order());
  p.note = sentences({intervals(noise), "The ring is the least total.",
                      "Hollow: the interval reaches 0, which a logarithmic axis cannot show."});
  return with_rows(reader, p);
}

constexpr std::size_t most_decomposed = 20;

Picture best_points(store::Reader& reader, const Experiment& e) {
  Picture p;
  p.title = "Bias² and variance, the least total first";
  p.mark = "rows";
  p.sql = fmt::format(
      "SELECT v.point_id AS label, {}, v.done, v.runs\nFROM {} v\n"
      "JOIN scores s ON s.point_id = v.point_id\n"
      "ORDER BY s.metric, s.task, s.rank, v.point_id LIMIT {}",
      estimates, sql_name(e.view), most_decomposed);
  const auto count = std::min(most_decomposed, e.ranked.size());
  p.names = point_names(e, Points(e.ranked.begin(), e.ranked.begin() + std::ptrdiff_t(count)));
  p.note = sentences({intervals(noise_of(reader, e)), "Hollow: some runs are not done.",
                      first_of(most_decomposed, e.grid.size())});
  return with_rows(reader, p);
}

}  // namespace

Figure decomposition(store::Reader& reader, const Experiment& e) {
  if (!e.is_decomposed || e.has_selections || e.grid.size() < 2 || is_heat_map(e)) return {};
  const auto x = line_axis(e.grid, e.axes);
  if (x && !e.axes.is_drawn && e.axes.numbers.size() <= 1) {
    const auto facet = key_of(reader, e, without(e.axes.all(), *x));
    if (facet.count <= most_facets) return {over_axis(reader, e, *x, facet)};
  }
  return {best_points(reader, e)};
}

}  // namespace descent::report
