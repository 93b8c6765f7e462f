// SPDX-License-Identifier: MIT
// Combines stores of several machines or days into one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/records.h"

namespace descent::store {

struct MergeReport {
  std::uint64_t points = 0, runs = 0;  // that out did not have
};

// Merges every store of `in` into `out`, which is created if it does not exist; a second merge
// changes nothing. Experiments are matched by name, points by content; merged rows get new ids.
// - A point of the same configuration with other content supersedes what out has.
// - A point finished in one store is copied whole from there. Of points finished in neither, chunks
//   that overlap none of out's are copied; the next run trains the rest again.
// - A run that both have with different results is an error: StoreError with the count and the
//   first one, and nothing of that store is merged.
// Each store of `in` is merged in one transaction. It is only read, must have this schema version,
// and is not trusted: merging checks its pages, its tables, and that a store can hold its values.
MergeReport merge(const std::string& out, const std::vector<std::string>& in,
                  const StoreOptions& options = {});

// Merges parts (part.h) of a store into it, one by one. In contrast to merge():
// - REQUIRES: is_whole_part(): the pages of a part are not checked again.
// - The points must be there before, under the same ids and with the same content: StoreError.
// - All runs of unfinished points are copied, and scores of undecided rungs; of the rungs that a
//   part decided, nothing.
class PartMerger {
 public:
  explicit PartMerger(const std::string& out, const StoreOptions& options = {});
  ~PartMerger();

  MergeReport merge(const std::string& part);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace descent::store
