// SPDX-License-Identifier: MIT
#include "experiment/language/dtype_rules.h"

#include <fmt/format.h>

#include <cmath>

#include "base/element.h"
#include "experiment/schema/path.h"

namespace descent::experiment {

void check_dtype(const nlohmann::json& c, const Node& tree, std::vector<Problem>& problems) {
  constexpr auto type = Element::float32;
  if (word(c, "dtype") != name(type)) return;
  for (const auto* section : {"optimizer", "loss", "regularizer", "model", "train"})
    for (const auto& [path, value] : flatten({{section, value_at(c, section)}})) {
      const double size = value.is_number() ? std::abs(value.get<double>()) : 0;
      if (!std::isfinite(size) || size <= largest(type)) continue;
      report(problems, locate(tree, path).place,
             fmt::format("{} = {:g} is too large for {} (its largest number is {:.3g}); set "
                         "dtype: float64",
                         path, value.get<double>(), name(type), largest(type)));
    }
}

}  // namespace descent::experiment
