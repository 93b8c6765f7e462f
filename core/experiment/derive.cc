// SPDX-License-Identifier: MIT
#include "experiment/derive.h"

#include <cstdint>

#include "experiment/look.h"

namespace descent::yaml {

using nlohmann::json;

namespace {

void derive_test_inputs(json& c) {
  if (!has(c, "data.synthetic.test.count")) return;
  auto& test = c["data"]["synthetic"]["test"];
  if (test["count"] == 0)
    test.erase("x");
  else if (!test.contains("x") && has(c, "data.synthetic.x"))
    test["x"] = c["data"]["synthetic"]["x"];
}

}  // namespace

bool redraws(const json& c) {
  return has(c, "data.synthetic") ||
         (has(c, "data.csv.truth") && word(c, "data.csv.noise.name") != "none");
}

void derive(json& c) {
  derive_test_inputs(c);
  auto& replicates = c["replicates"];
  if (replicates.is_object() && !replicates.contains("resample"))
    replicates["resample"] = redraws(c) ? "fresh" : "none";
  auto& record = c["record"];
  const auto& epochs = look(c, "train.epochs");
  if (record.is_object() && !record.contains("every") && epochs.is_number())
    record["every"] = (epochs.get<std::uint64_t>() + 19) / 20;
}

}  // namespace descent::yaml
