// SPDX-License-Identifier: MIT
// An experiment's files read into one tree: `include: base.yaml`, or a list of files, at the top of
// a file lays its keys over those of the files it names (deep_merge.h), a later one of a list over
// an earlier. Keys that begin with `x-` are there for their anchors and are left out.
#pragma once

#include <string>
#include <vector>

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

inline constexpr std::size_t most_files = 100;  // that one experiment includes

struct Document {
  Tree tree;                       // a map in the name of the first file; null: there is none
  std::vector<std::string> files;  // the file itself, then what it includes, those missing last
  std::string source;              // all their texts, and the overrides as comments
  bool is_whole = true;            // no included file is missing or refused
};

// Merge keys are carried out. Of the overrides only those of `include` and of keys that begin with
// `x-` are applied; the latter change every place that aliases what they change. A place in an
// included file has that file's name. What an include names is relative to the file that names it.
Document read_document(const std::string& file, const std::string& text, const Schema& schema,
                       const std::vector<std::string>& overrides, std::vector<Problem>& problems);

// Whether read_document applies an override.
bool is_of_document(const std::string& override_text);

}  // namespace descent::experiment
