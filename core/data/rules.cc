// SPDX-License-Identifier: MIT
#include "data/rules.h"

#include <fmt/format.h>

namespace descent::data {

std::optional<Fault> fault_of_inputs(const std::string& path, InputSpec::Kind kind,
                                     std::uint64_t dims) {
  if (kind != InputSpec::Kind::midpoints || dims == 1) return {};
  return Fault{
      path, fmt::format("{}: midpoints need dims: 1, not {}; use uniform or normal", path, dims)};
}

std::optional<Fault> fault_of_resampling(const Resampling& resampling, bool redraws,
                                         std::uint64_t samples) {
  const auto [scheme, parts] = resampling;
  if ((scheme == Resample::fresh || scheme == Resample::noise) && !redraws)
    return Fault{"replicates.resample",
                 fmt::format("replicates.resample: {} needs targets that can be redrawn, and this "
                             "file's are fixed; use another scheme, as bootstrap, or give data.csv "
                             "both truth and noise",
                             name(scheme))};
  if (scheme == Resample::subsample && samples < 2)
    return Fault{"replicates.resample",
                 "replicates.resample: subsample needs at least 2 training samples"};
  if ((scheme == Resample::disjoint || scheme == Resample::kfold) && samples < parts)
    return Fault{"replicates.parts",
                 fmt::format("replicates.parts: {} training samples cannot be cut into {} parts",
                             samples, parts)};
  return {};
}

}  // namespace descent::data
