// SPDX-License-Identifier: MIT
// What came out of an experiment, in a few sentences.
#pragma once

#include <string>

#include "report/experiment.h"
#include "report/sources.h"

namespace descent::report {

struct Answer {
  std::string text;
  bool is_warning = false;  // there is no result to rely on
};

// The least value with its interval and its point, how many points differ from it significantly
// (paired, p values adjusted for their number), and what it consists of.
Answer answer(store::Reader& reader, const Experiment& experiment, const Sources& sources);

}  // namespace descent::report
