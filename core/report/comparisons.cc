// SPDX-License-Identifier: MIT
// What `descent compare` found: paired differences to a baseline with adjusted verdicts.
#include <fmt/format.h>

#include <algorithm>

#include "base/quotes.h"
#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

struct Family {
  std::int64_t id = 0;
  std::string baseline;
  double level = 0;
  std::string metric, quantity;
  bool is_fresh = false;  // a confirmation

  std::string what() const { return quantity == "mean" ? metric : quantity; }
};

std::vector<Family> families_of(store::Reader& reader, const Experiment& e) {
  std::vector<Family> all;
  store::for_each_row(
      reader,
      "SELECT DISTINCT f.family_id, f.baseline, f.ci_level, c.metric, c.quantity, "
      "c.fresh_replicates > 0 AS fresh FROM contrast_families f JOIN contrasts c USING (family_id) "
      "WHERE f.experiment_id = ? ORDER BY f.family_id, fresh, c.metric, c.quantity",
      [&](const auto& row) {
        const auto text = [&](std::size_t i) { return std::get<std::string>(row.at(i)); };
        all.push_back({std::get<std::int64_t>(row.at(0)), text(1), std::get<double>(row.at(2)),
                       text(3), text(4), std::get<std::int64_t>(row.at(5)) != 0});
      },
      {e.id});
  return all;
}

// A confirmation compares points of an experiment of its own, which have no labels here.
Names names_of(store::Reader& reader, const Experiment& e, const Picture& p, const Family& family) {
  Points points;
  for (const auto& row : p.rows) {
    const auto id = std::get<std::int64_t>(row.at(0));
    if (const auto place = e.grid.place(id); place < e.grid.size() && e.point_id(place) == id)
      points.push_back(place);
  }
  if (points.size() == p.rows.size()) return point_names(e, points);
  Names names;
  store::for_each_row(
      reader, "SELECT a, point FROM contrasts WHERE family_id = ? AND point IS NOT NULL",
      [&](const auto& row) { names[name_key(row.at(0))] = std::get<std::string>(row.at(1)); },
      {family.id});
  return names;
}

Picture forest(store::Reader& reader, const Experiment& e, const Family& family) {
  Picture p;
  const auto fresh = family.is_fresh ? ", on fresh replicates" : "";
  p.title = "Differences to a baseline";
  p.view = fmt::format("{} against {}{}", family.what(), family.baseline, fresh);
  p.mark = "rows";
  p.zero = true;
  p.values = {"diff"};
  p.x.label = "difference in " + family.what() + ": point minus baseline";
  const auto where = fmt::format(
      "WHERE family_id = {} AND quantity = {} AND metric = {} AND fresh_replicates {}", family.id,
      sql_text(family.quantity), sql_text(family.metric), family.is_fresh ? "> 0" : "= 0");
  p.sql = fmt::format(
      "SELECT a AS label, diff, lo AS diff_lo, hi AS diff_hi, verdict AS note, p_holm,\n"
      "       replicates, dropped\nFROM contrasts\n{}\nORDER BY diff LIMIT {}",
      where, most_listed);
  p = with_rows(reader, p);
  p.names = names_of(reader, e, p, family);
  const auto all = first_integer(reader, "SELECT count(*) FROM contrasts " + where);
  const auto dropped = first_integer(reader, "SELECT sum(dropped) FROM contrasts " + where);
  p.note = sentences(
      {fmt::format(
           "Baseline: {}. Paired differences with {:g} % intervals. Filled: "
           "significant by p values adjusted for all comparisons (Holm); hollow: not significant.",
           family.baseline, 100 * family.level),
       dropped > 0 ? counted(dropped, "replicate") + " without a partner left out." : "",
       first_of(most_listed, std::size_t(all), "comparisons")});
  return p;
}

}  // namespace

Figure comparisons(store::Reader& reader, const Experiment& e) {
  Figure figure;
  for (const auto& family : families_of(reader, e)) figure.push_back(forest(reader, e, family));
  return figure;
}

}  // namespace descent::report
