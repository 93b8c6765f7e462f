// SPDX-License-Identifier: MIT
#include "report/figures.h"

namespace descent::report {

std::vector<Figure> figures_of(store::Reader& reader, const Experiment& experiment,
                               const Sources& sources) {
  std::vector<Figure> all;
  const auto add = [&](Figure figure) {
    std::erase_if(figure, [](const Picture& one) { return one.rows.empty(); });
    if (!figure.empty()) all.push_back(std::move(figure));
  };
  add(surface_paths(reader, experiment, sources));
  const bool is_surface = !all.empty();  // its heights at the end say less than the paths
  add(fit(reader, experiment));
  if (!is_surface) add(points_reached(reader, experiment));
  for (const auto question : {stages, decomposition, comparisons, curves, over_training,
                              variance_sources, weights, profile})
    add(question(reader, experiment));
  return all;
}

}  // namespace descent::report
