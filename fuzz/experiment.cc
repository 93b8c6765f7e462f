// SPDX-License-Identifier: MIT
// The experiment reader: any text is an experiment or an Error, and a point's identity is its
// configuration.
#include "experiment/experiment.h"
#include "experiment/schema/path.h"

#include "base/error.h"
#include "fuzz/input.h"

namespace {

void look_at(const descent::experiment::Experiment& experiment, std::uint64_t index) {
  using descent::fuzz::require;
  const auto point = experiment.point(index);
  require(experiment.identity(index) == point.configuration.dump());
  require(experiment.variant(index) < experiment.variants());
  require(!descent::experiment::flatten(point.configuration).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const descent::host::Catalog catalog({DESCENT_FUZZ_PLUGINS});
  try {
    const auto experiment = descent::experiment::Experiment::parse(
        "fuzz.yaml", std::string(descent::fuzz::text_of(data, size)), {}, catalog);
    if (experiment.size() == 0) return 0;
    look_at(experiment, 0);
    look_at(experiment, experiment.size() - 1);
  } catch (const descent::Error&) {
  }
  return 0;
}
