// SPDX-License-Identifier: MIT
// Stores of several machines or days brought into one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/records.h"

namespace descent {

struct MergeReport {
  std::uint64_t points = 0, runs = 0;  // that out did not have
};

// Brings every store of `in` into `out`, which is made when it does not exist; a second merge
// changes nothing. Experiments are the same by name, points by their content; ids are given anew.
// - A point of the same configuration with other content supersedes what out has.
// - A point finished in one store is taken whole from there. Of points finished in neither, the
//   chunks that overlap none of out's are taken; the rest is trained again by the next run.
// - A run that both have with different results is an error: StoreError with the count and the
//   first one, and nothing of that store is merged.
// Each store of `in` is one transaction, only read, and of this schema version. It is not trusted:
// its pages are checked, and that it has the tables of a store, with values that a store can hold.
MergeReport merge(const std::string& out, const std::vector<std::string>& in,
                  const StoreOptions& options = {});

}  // namespace descent
