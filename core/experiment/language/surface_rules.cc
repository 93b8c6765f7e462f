// SPDX-License-Identifier: MIT
#include "experiment/language/surface_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/schema/path.h"

namespace descent::experiment {
namespace {

constexpr const char* made_for_layers[] = {"torch", "xavier", "he"};

bool is_written(const Node& tree, const std::string& path) {
  return locate(tree, path).depth == segments(path).size();
}

// As what is written out of a resolved configuration does.
bool says_nothing(const nlohmann::json& value) { return value.empty() || value == "none"; }

}  // namespace

void check_surface(const nlohmann::json& c, const Node& tree, std::vector<Problem>& problems) {
  const auto problem = [&](const std::string& path, std::string text) {
    report(problems, locate(tree, path).place, std::move(text));
  };
  const auto init = word(c, "model.init.name");
  if (!has(c, "data.surface")) {
    if (init == "point")
      problem("model.init", "init: point is the start on a surface; use another init for layers");
    return;
  }
  for (const std::string key :
       {"features", "model.layers", "loss", "replicates.resample", "record.decompose"})
    if (is_written(tree, key) && !says_nothing(value_at(c, key)))
      problem(key,
              fmt::format(
                  "data.surface has no samples and no layers, so {} does not apply; leave it out",
                  key));
  if (std::ranges::count(made_for_layers, init) > 0)
    problem("model.init", fmt::format("init: {} is made for layers; on a surface use point, "
                                      "uniform, normal or zeros",
                                      init));
}

}  // namespace descent::experiment
