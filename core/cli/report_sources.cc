// SPDX-License-Identifier: MIT
#include "cli/report_sources.h"

#include <nlohmann/json.hpp>

#include "engine/comparison.h"
#include "nn/surface.h"

namespace descent::cli {
namespace {

// The surface that a stored configuration names:
// {"data": {"surface": {"name": "bowl", "bowl": {"condition": 10}}}}.
nn::SurfaceSpec surface_of(const std::string& configuration) {
  const auto all = nlohmann::json::parse(configuration);
  const auto stored = all.value("/data/surface"_json_pointer, nlohmann::json::object());
  const auto name = stored.value("name", std::string());
  nn::SurfaceSpec spec;
  for (const auto& known : nn::surfaces())
    if (known.name == name) spec.kind = known.kind;
  spec.condition = stored.value(name, nlohmann::json::object()).value("condition", spec.condition);
  return spec;
}

// A surface is made of elementwise operations, so the columns of a matrix are as many points.
std::vector<double> heights(const std::string& configuration, const std::vector<double>& x,
                            const std::vector<double>& y) {
  arma::mat points(2, x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    points(0, i) = x[i];
    points(1, i) = y[i];
  }
  Graph<double> graph;
  const auto height = nn::surface(surface_of(configuration),
                                  graph.constant(points.memptr(), points.n_rows, points.n_cols));
  graph.forward();
  return {height.value().begin(), height.value().end()};
}

}  // namespace

report::Sources report_sources() {
  return {[](store::Reader& reader, const std::string& experiment, std::int64_t point,
             const std::string& metric) {
            return engine::compare_with(reader, experiment, point, metric, {});
          },
          heights};
}

}  // namespace descent::cli
