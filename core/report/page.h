// SPDX-License-Identifier: MIT
// The report: one HTML file that holds all it shows and asks for nothing.
#pragma once

#include <string>
#include <vector>

#include "report/sources.h"
#include "store/reader.h"

namespace descent::report {

struct PageOptions {
  std::string store_name;                // for title and hints
  std::vector<std::string> experiments;  // empty: all
  bool is_live = false;  // rewritten while a run goes on: the page reloads until all is finished
};

// Equal stores give equal pages. Throws Error for an experiment that the store does not have.
std::string page(store::Reader& reader, const PageOptions& options, const Sources& sources);

// Whether all planned runs of these experiments are there; empty: of all.
bool is_finished(store::Reader& reader, const std::vector<std::string>& experiments);

}  // namespace descent::report
