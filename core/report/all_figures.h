// SPDX-License-Identifier: MIT
// The pictures of an experiment's page, and the names by which a command line asks for them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/draw.h"
#include "report/experiment.h"
#include "report/picture.h"
#include "report/sources.h"

namespace descent::report {

// Those that follow from what was swept, how runs ended, and those that the experiment's file asks
// for.
std::vector<Figure> all_figures(store::Reader& reader, const Experiment& experiment,
                                const Sources& sources, Renderer& renderer);

using NamedPicture = std::pair<std::string, Picture>;

// "learning-curves" for the first picture of a figure, "learning-curves/test-loss" for the others;
// a name that is taken gets a number.
std::vector<NamedPicture> named_pictures(const std::vector<Figure>& figures);

}  // namespace descent::report
