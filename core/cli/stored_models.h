// SPDX-License-Identifier: MIT
// Which stored models a command means: options --experiment, --point and --replicate.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "deploy/trained_model.h"
#include "store/reader.h"

namespace descent::cli {

struct StoredModel {
  std::int64_t point = 0;
  std::string label;  // of the point
  std::uint64_t replicate = 0;
  deploy::TrainedModel model;
};

void add_model_options(boost::program_options::options_description& options,
                       const char* replicates);

// In the order of replicates, one at least, all of one point. Throws Error when the options name
// none, or several points.
std::vector<StoredModel> stored_models(store::Reader& reader,
                                       const boost::program_options::variables_map& values);

}  // namespace descent::cli
