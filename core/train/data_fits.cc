// SPDX-License-Identifier: MIT
#include "train/data_fits.h"

#include <algorithm>
#include <variant>

#include "data/table.h"

namespace descent::train {
namespace {

bool is_beyond(const arma::mat& values, Element type) {
  return !values.is_empty() && std::max(values.max(), -values.min()) > largest(type);
}

}  // namespace

void check_data_fits(const Settings& settings, const data::ReplicateSampler& source) {
  const auto* csv = std::get_if<data::CsvSpec>(&settings.data);
  if (!csv || settings.dtype == Element::float64) return;
  const auto refuse = [&](bool inputs, arma::mat data::Dataset::*values) {
    bool beyond = false;
    for (const auto* set : {&source.pool(), &source.validation(), &source.test().data})
      beyond |= is_beyond(set->*values, settings.dtype);
    if (!beyond) return;
    for (const auto& path : {csv->path, csv->validation_path, csv->test_path})
      if (!path.empty()) data::refuse_beyond(path, *csv, inputs, settings.dtype);
  };
  if (settings.features.empty()) refuse(true, &data::Dataset::features);
  if (!csv->standardize_target) refuse(false, &data::Dataset::targets);
}

}  // namespace descent::train
