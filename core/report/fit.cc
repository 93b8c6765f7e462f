// SPDX-License-Identifier: MIT
// What a line learned: the fitted lines of all replicates, from the stored weights, and the truth.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/figures.h"
#include "report/key.h"
#include "report/text.h"

namespace descent::report {
namespace {

// Whether SQL computes the same as the experiment: only numbers, x, and what both write alike.
bool is_plain_sql(const std::string& function) {
  return function.find_first_not_of("-+*/(). 0123456789x") == function.npos &&
         function.find("--") == function.npos && function.find("/*") == function.npos;
}

bool is_line(store::Reader& reader, const Experiment& e) {
  const auto names =
      texts(reader,
            "SELECT DISTINCT name || '[' || \"row\" || ',' || col || ']' FROM weights "
            "WHERE run_id = (SELECT min(run_id) FROM runs WHERE point_id = ?) "
            "ORDER BY 1",
            {e.point_id(0)});
  return names == std::vector<std::string>{"linear0.bias[0,0]", "linear0.weight[0,0]"};
}

// The data of a point of one input, as far as the picture needs them.
struct Data {
  std::string function;
  double lo = 0, hi = 1;
  bool is_known = false;
};

Data data_of(store::Reader& reader, const Experiment& e) {
  const auto text =
      first_value(reader, "SELECT configuration FROM points WHERE point_id = ?", {e.point_id(0)});
  const auto all = nlohmann::json::parse(std::get<std::string>(text));
  const auto synthetic = all.value("/data/synthetic"_json_pointer, nlohmann::json());
  if (!synthetic.is_object() || !synthetic.contains("function")) return {};
  if (all.contains("features") && !all["features"].empty()) return {};
  Data data;
  data.is_known = synthetic["function"].is_string();
  if (data.is_known) data.function = synthetic["function"];
  const auto range = synthetic.value("/x/uniform"_json_pointer, nlohmann::json());
  if (range.is_array() && range.size() == 2 && range[0].is_number() && range[1].is_number()) {
    data.lo = range[0];
    data.hi = range[1];
  }
  return data;
}

}  // namespace

Figure fit(store::Reader& reader, const Experiment& e) {
  if (e.grid.size() != 1 || !is_line(reader, e)) return {};
  const auto data = data_of(reader, e);
  if (!data.is_known) return {};
  const bool has_truth = is_plain_sql(data.function);
  Picture p;
  p.title = "Fitted lines";
  p.mark = "line";
  p.band = true;
  p.x = {"x", false, {}};
  p.y = {"y", false, {}};
  p.sql = fmt::format(
      "WITH RECURSIVE\n"
      "  steps(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM steps WHERE i < 20),\n"
      "  grid AS (SELECT {0} + ({1} - ({0})) * i / 20.0 AS x FROM steps),\n"
      "  line AS (SELECT run_id, max(value) FILTER (WHERE name = 'linear0.weight') AS w,\n"
      "                  max(value) FILTER (WHERE name = 'linear0.bias') AS b\n"
      "           FROM runs JOIN weights USING (run_id)\n"
      "           WHERE point_id = {2} AND status = 'done' GROUP BY run_id)\n"
      "SELECT x, avg(w * x + b) AS fit, quantile(w * x + b, 0.025) AS fit_lo,\n"
      "       quantile(w * x + b, 0.975) AS fit_hi{3}, count(*) AS done\n"
      "FROM grid JOIN line GROUP BY x ORDER BY x",
      data.lo, data.hi, e.point_id(0),
      has_truth ? fmt::format(",\n       {} AS truth", data.function) : "");
  p.note = sentences({"The mean of the fitted lines and the band that holds 95 % of them.",
                      has_truth ? fmt::format("The truth is {}.", data.function) : "",
                      e.runs > e.done ? fmt::format("{} of {} are not done.", e.runs - e.done,
                                                    counted(e.runs, "run"))
                                      : ""});
  return {with_rows(reader, p)};
}

}  // namespace descent::report
