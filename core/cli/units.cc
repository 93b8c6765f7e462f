// SPDX-License-Identifier: MIT
#include "cli/units.h"

#include <algorithm>

#include "record/task.h"
#include "store/query.h"
#include "store/stored_points.h"

namespace descent::cli {
namespace {

std::string unit_of(store::Reader& reader, std::int64_t point) {
  std::string unit;
  store::for_each_row(
      reader,
      "SELECT v.path, v.value FROM points p JOIN experiments e USING (experiment_id) "
      "JOIN json_each(e.swept) j JOIN swept_parameters v ON v.point_id = p.point_id AND "
      "v.path = j.value WHERE p.point_id = ? ORDER BY j.key",
      [&](const auto& row) {
        const auto path = store::text_of(row[0]);
        if (record::decides_the_unit(path))
          unit += (unit.empty() ? "" : ", ") + path + "=" + store::text_of(row[1]);
      },
      {point});
  return unit;
}

}  // namespace

std::vector<UnitGroup> by_unit(store::Reader& reader, const std::vector<std::int64_t>& points) {
  std::vector<UnitGroup> groups;
  for (const auto point : points) {
    const auto unit = unit_of(reader, point);
    auto group = std::ranges::find(groups, unit, &UnitGroup::name);
    if (group == groups.end()) group = groups.insert(groups.end(), {unit, {}});
    group->points.push_back(point);
  }
  if (groups.size() == 1) groups.front().name.clear();
  return groups;
}

}  // namespace descent::cli
