// SPDX-License-Identifier: MIT
// descent show: what a store holds; of one experiment its table and its curves.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/error.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/plot.h"
#include "cli/report.h"
#include "cli/units.h"
#include "store/query.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

using Rows = std::vector<std::vector<store::Value>>;

Rows all_rows(store::Reader& reader, const std::string& sql,
              const std::vector<store::Value>& values = {}) {
  Rows all;
  store::for_each_row(
      reader, sql, [&](const auto& row) { all.push_back(row); }, values);
  return all;
}

std::string text(const store::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.7g}", *real);
  const auto* words = std::get_if<std::string>(&value);
  return words ? *words : "-";
}

std::vector<std::string> names(store::Reader& reader, const std::string& sql,
                               const std::vector<store::Value>& values = {}) {
  std::vector<std::string> all;
  for (const auto& row : all_rows(reader, sql, values)) all.push_back(text(row.at(0)));
  return all;
}

std::string size_on_disk(const std::string& path) {
  double bytes = 0;
  for (const char* end : {"", "-wal", "-shm", "-scratch"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path + end, error);
    if (!error) bytes += static_cast<double>(size);
  }
  for (const char* unit : {"B", "kB", "MB", "GB"}) {
    if (bytes < 1000 || std::string_view(unit) == "GB")
      return fmt::format("{:.3g} {}", bytes, unit);
    bytes /= 1000;
  }
  return "";
}

std::string fact(store::Reader& reader, const store::Value& invocation, const char* key) {
  const auto found = names(reader, "SELECT value FROM provenance WHERE invocation = ? AND key = ?",
                           {invocation, std::string(key)});
  return found.empty() ? "-" : found[0];
}

void print_file(store::Reader& reader, const std::string& path) {
  std::cout << fmt::format("{}: {}, schema {}\n", path, size_on_disk(path),
                           text(all_rows(reader, "PRAGMA user_version").at(0).at(0)));
  const auto last = all_rows(reader,
                             "SELECT max(invocation), count(DISTINCT invocation) FROM "
                             "provenance HAVING count(*) > 0");
  if (last.empty()) return;
  const auto& id = last[0].at(0);
  const auto count = text(last[0].at(1));
  std::cout << printable_lines(fmt::format(
      "{} invocation{}; the last: {} to {} on {}, descent {}\n  {}\n", count,
      count == "1" ? "" : "s", fact(reader, id, "started_at"), fact(reader, id, "finished_at"),
      fact(reader, id, "host"), fact(reader, id, "version"), fact(reader, id, "command")));
}

// A row an experiment, a column for every status that occurs.
void print_experiments(store::Reader& reader) {
  const auto statuses = names(reader,
                              "SELECT status FROM (SELECT status, count(*) AS n FROM runs "
                              "GROUP BY status) ORDER BY status <> 'done', status");
  std::string counts;
  std::vector<store::Value> bound;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    counts += fmt::format(", sum(n) FILTER (WHERE status = ?) AS s{}", i);
    bound.emplace_back(statuses[i]);
  }
  store::Table table{{"experiment", "points", "finished", "superseded", "runs"}, {}};
  table.columns.insert(table.columns.end(), statuses.begin(), statuses.end());
  table.columns.emplace_back("last registered");
  table.rows = all_rows(
      reader,
      "SELECT e.name, (SELECT count(*) FROM points p WHERE p.experiment_id = e.experiment_id AND "
      "superseded_by IS NULL), (SELECT count(*) FROM points p WHERE p.experiment_id = "
      "e.experiment_id AND superseded_by IS NULL AND finished), (SELECT count(*) FROM points p "
      "WHERE p.experiment_id = e.experiment_id AND superseded_by IS NOT NULL), coalesce(sum(n), "
      "0)" +
          counts +
          ", e.updated_at FROM experiments e LEFT JOIN (SELECT experiment_id, status, count(*) AS "
          "n "
          "FROM runs JOIN points USING (point_id) WHERE superseded_by IS NULL GROUP BY 1, 2) r "
          "USING (experiment_id) GROUP BY e.experiment_id ORDER BY e.experiment_id",
      bound);
  for (auto& row : table.rows)
    for (auto& value : row)
      if (std::holds_alternative<std::monostate>(value)) value = std::int64_t{0};
  if (table.rows.empty())
    std::cout << "no experiments yet; descent run FILE --db ... stores one\n";
  else
    store::print(table, store::Format::table, std::cout);
}

// "9/10, 1 diverged".
std::string counted(store::Reader& reader, const store::Value& point,
                    const store::Value& replicates) {
  std::string done = "0", others;
  for (const auto& row : all_rows(
           reader, "SELECT status, count(*) FROM runs WHERE point_id = ? GROUP BY status", {point}))
    if (text(row[0]) == "done")
      done = text(row[1]);
    else
      others += fmt::format(", {} {}", text(row[1]), text(row[0]));
  return fmt::format("{}/{}{}", done, text(replicates), others);
}

// As many as asked for, the best of every task first; by rank within each.
Rows ranked(store::Reader& reader, const std::string& experiment, std::int64_t points) {
  return all_rows(reader,
                  "SELECT rank, point_id, metric, mean, reach, mean_done, replicates FROM "
                  "(SELECT rank, point_id, metric, task, mean, (hi - lo) / 2 AS reach, mean_done, "
                  "replicates FROM scores WHERE experiment = ? "
                  "ORDER BY row_number() OVER (PARTITION BY metric, task ORDER BY rank, point_id), "
                  "metric, task LIMIT ?) ORDER BY metric, task, rank, point_id",
                  {experiment, points});
}

// Their rows by unit, with a heading for each if there are several.
std::vector<std::pair<std::string, Rows>> grouped_by_unit(store::Reader& reader,
                                                          const Rows& points) {
  std::vector<std::int64_t> ids;
  for (const auto& point : points) ids.push_back(std::get<std::int64_t>(point[1]));
  std::vector<std::pair<std::string, Rows>> units;
  for (const auto& group : by_unit(reader, ids)) {
    auto& [heading, rows] = units.emplace_back();
    if (!group.name.empty()) heading = printable(group.name) + ":\n";
    for (const auto& point : points)
      if (std::ranges::count(group.points, std::get<std::int64_t>(point[1])) > 0)
        rows.push_back(point);
  }
  return units;
}

std::string label_of(store::Reader& reader, const store::Value& point) {
  return names(reader, "SELECT label FROM points WHERE point_id = ?", {point}).at(0);
}

void print_points(store::Reader& reader, const std::string& experiment, const Rows& points) {
  const auto paths = names(reader,
                           "SELECT j.value FROM experiments e JOIN json_each(e.swept) j WHERE "
                           "e.name = ? ORDER BY j.key",
                           {experiment});
  const bool labelled = paths.size() > most_point_columns;
  store::Table table{{"rank", "point"}, {}};
  if (labelled)
    table.columns.emplace_back("label");
  else
    table.columns.insert(table.columns.end(), paths.begin(), paths.end());
  for (const auto* name : {"done", "metric", "mean", "+-", "mean_done"})
    table.columns.emplace_back(name);
  for (const auto& point : points) {
    std::vector<store::Value> row{point[0], point[1]};
    if (labelled) row.emplace_back(label_of(reader, point[1]));
    for (const auto& path : labelled ? std::vector<std::string>() : paths) {
      const auto value =
          all_rows(reader, "SELECT value FROM swept_parameters WHERE point_id = ? AND path = ?",
                   {point[1], path});
      row.push_back(value.empty() ? store::Value() : value[0][0]);
    }
    row.insert(row.end(),
               {counted(reader, point[1], point[6]), point[2], point[3], point[4], point[5]});
    table.rows.push_back(row);
  }
  store::print(table, store::Format::table, std::cout);
}

void print_legend() {
  std::cout << "+-: half the 95 % interval; a mean over runs that are not all done is NULL\n";
}

// The mean over the runs that are done, by epoch.
Curve curve_of(store::Reader& reader, const store::Value& point, const std::string& metric) {
  Curve curve{printable(fmt::format("point {} {}", text(point), label_of(reader, point))), {}};
  for (const auto& row : all_rows(reader,
                                  "SELECT c.epoch, avg(c.value) FROM runs r JOIN curve_rows c "
                                  "USING (run_id) JOIN metrics m USING (metric_id) WHERE "
                                  "r.point_id = ? AND r.status = 'done' AND m.name = ? GROUP BY "
                                  "c.epoch ORDER BY c.epoch",
                                  {point, metric}))
    if (const auto* value = std::get_if<double>(&row[1]))
      curve.points.emplace_back(double(std::get<std::int64_t>(row[0])), *value);
  return curve;
}

void print_curves(store::Reader& reader, const Rows& points, const std::string& metric) {
  constexpr std::size_t most = 6;  // as many as there are marks
  std::vector<Curve> curves;
  for (const auto& point : points)
    if (curves.size() < most)
      if (auto curve = curve_of(reader, point[1], metric); !curve.points.empty())
        curves.push_back(std::move(curve));
  const auto drawn = plot(curves, terminal_style());
  if (drawn.empty())
    std::cout << fmt::format("no completed run recorded a curve of {}\n", metric);
  else
    std::cout << fmt::format("{} by epoch, mean over the runs that are done\n", metric) << drawn;
}

std::string metric_of(store::Reader& reader, const std::string& experiment,
                      const std::string& asked) {
  if (asked.empty())
    return names(reader,
                 "SELECT iif(objective = 'train_loss', 'train_loss', 'test_loss') FROM objectives "
                 "WHERE experiment = ?",
                 {experiment})
        .at(0);
  const auto known = names(reader, "SELECT name FROM metrics ORDER BY metric_id");
  if (std::ranges::count(known, asked) == 0)
    throw Error(
        fmt::format("metric '{}' is not known{}", asked, did_you_mean(asked, known, "metric")));
  return asked;
}

void show_experiment(store::Reader& reader, const std::string& experiment, const std::string& asked,
                     std::int64_t most) {
  const auto known = names(reader, "SELECT name FROM experiments ORDER BY experiment_id");
  if (std::ranges::count(known, experiment) == 0)
    throw Error(fmt::format("experiment '{}' is not in this store{}", experiment,
                            did_you_mean(experiment, known)));
  const auto metric = metric_of(reader, experiment, asked);
  const auto description =
      names(reader, "SELECT description FROM experiments WHERE name = ?", {experiment});
  std::cout << printable(experiment + (description[0].empty() ? "" : ": " + description[0]))
            << '\n';
  for (const auto& warning :
       names(reader,
             "SELECT place || ': warning: ' || text FROM warnings JOIN experiments USING "
             "(experiment_id) WHERE name = ? ORDER BY place, text",
             {experiment}))
    std::cout << printable(warning) << '\n';
  const auto points = ranked(reader, experiment, most);
  const auto units = grouped_by_unit(reader, points);
  for (const auto& [heading, rows] : units) {
    std::cout << heading;
    print_points(reader, experiment, rows);
  }
  print_legend();
  const auto all =
      all_rows(reader, "SELECT count(*) FROM scores WHERE experiment = ?", {experiment});
  if (const auto count = std::get<std::int64_t>(all[0][0]); count > most)
    std::cout << fmt::format("... {} more points: --points {}\n", count - most, count);
  for (const auto& [heading, rows] : units) {
    std::cout << '\n' << heading;
    print_curves(reader, rows, metric);
  }
}

int show(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()(
      "metric", po::value<std::string>()->default_value("")->value_name("NAME"),
      "metric of the curves (default: test_loss, or train_loss without a test set)")(
      "points", po::value<std::int64_t>()->default_value(20)->value_name("N"),
      "number of points to print, the best first; the first six are drawn");
  po::variables_map values;
  Arguments words;
  const Help help{
      "show DB [EXPERIMENT] [--metric NAME] [--points N]",
      "Summarizes a store: experiments, points, runs by status, size, last activity. For an\n"
      "experiment it prints the points, the best first, and draws their loss curves.",
      "descent show results.db rate-sweep --metric train_loss"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.empty() || words.size() > 2)
    throw Error("show takes a store and optionally an experiment; see descent show --help");
  const auto most = values["points"].as<std::int64_t>();
  if (most < 1) throw Error("--points takes a whole number >= 1; see descent show --help");
  auto reader = store::Reader::open(words[0]);
  if (words.size() == 2)
    return show_experiment(reader, words[1], values["metric"].as<std::string>(), most), all_done;
  print_file(reader, words[0]);
  print_experiments(reader);
  return all_done;
}

}  // namespace

const Command show_command{"show", "summarize a store, or draw an experiment's curves", show};

}  // namespace descent::cli
