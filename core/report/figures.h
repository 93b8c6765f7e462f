// SPDX-License-Identifier: MIT
// Which pictures an experiment gets. Each function below is one question; it gives no pictures
// where the question does not arise. docs/pictures.md describes them.
#pragma once

#include <vector>

#include "report/experiment.h"
#include "report/picture.h"
#include "report/sources.h"

namespace descent::report {

// All figures of an experiment but that of its failures, in the order of the page.
std::vector<Figure> figures_of(store::Reader& reader, const Experiment& experiment,
                               const Sources& sources);

// Whether points_reached() draws heat maps: two or more numbers on a grid, and room for its cells.
bool is_heat_map(const Experiment&);

Figure fit(store::Reader&, const Experiment&);  // data, truth and mean fit
Figure surface_paths(store::Reader&, const Experiment&, const Sources&);  // over contour lines
Figure points_reached(store::Reader&, const Experiment&);  // the objective over what was swept
Figure stages(store::Reader&, const Experiment&);          // tuning and its choice
Figure decomposition(store::Reader&, const Experiment&);   // bias and variance over what was swept
Figure comparisons(store::Reader&, const Experiment&);     // differences to a baseline
Figure curves(store::Reader&, const Experiment&);          // learning curves
Figure over_training(store::Reader&, const Experiment&);   // bias and variance by epoch
Figure variance_sources(store::Reader&, const Experiment&);  // parts of the variance
Figure weights(store::Reader&, const Experiment&);           // weights and sparsity
Figure profile(store::Reader&, const Experiment&);           // performance profiles
Figure failures(store::Reader&, const Experiment&);          // how runs ended

}  // namespace descent::report
