// SPDX-License-Identifier: MIT
// The CSV reader, and the data of a table: any bytes are samples or an Error. The last column
// is the target, a column named t the truth, one named w the weight.
#include "data/csv.h"

#include <algorithm>
#include <cmath>

#include "data/replicate_sampler.h"
#include "fuzz/input.h"

namespace {

using namespace descent;

data::CsvSpec spec_of(const std::string& path, const std::vector<std::string>& header) {
  data::CsvSpec spec;
  spec.path = path;
  spec.target = {header.back()};
  for (const auto& name : header) {
    if (name == "t") spec.truth = {name};
    if (name == "w") spec.weight = name;
  }
  if (!spec.truth.empty()) spec.noise = {data::NoiseSpec::Kind::normal, 0.5};
  return spec;
}

void load(data::CsvSpec spec, data::TargetKind kind, data::Resample scheme, double test_fraction) {
  spec.test_fraction = test_fraction;
  spec.standardize_target = kind == data::TargetKind::numbers;
  try {
    const data::ReplicateSampler source(spec, kind, scheme, 1);
    const auto data = source.training(1);
    fuzz::require(data.features.is_finite() && data.features.n_rows == source.inputs());
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::text_of(data, size));
  std::vector<std::string> header;
  try {
    data::CsvReader reader(file.path());
    header = reader.header();
    while (reader.next()) fuzz::require(reader.record().size() == header.size());
  } catch (const Error&) {
    if (header.empty()) return 0;
  }
  const auto spec = spec_of(file.path(), header);
  load(spec, data::TargetKind::numbers, data::Resample::bootstrap, 0.3);
  load(spec, data::TargetKind::classes, data::Resample::subsample, 0);
  load(spec, data::TargetKind::probabilities, data::Resample::none, 0.5);
  return 0;
}
