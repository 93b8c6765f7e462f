// SPDX-License-Identifier: MIT
#include "data/spec_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "data/target_kind.h"

namespace descent::data {
namespace {

class CsvProblems {
 public:
  CsvProblems(const CsvSpec& spec, std::optional<TargetKind> kind, const std::string& loss)
      : spec_(spec), kind_(kind), loss_(loss) {}

  std::vector<Problem> all() && {
    splits();
    truth();
    targets();
    columns();
    standardized();
    return std::move(found_);
  }

 private:
  void report(const std::string& key, const std::string& text) {
    found_.push_back(Problem::about("data.csv." + key, text));
  }

  void splits() {
    part("test", spec_.test_fraction, spec_.test_path);
    part("validation", spec_.validation_fraction, spec_.validation_path);
    if (!spec_.group.empty() && !spec_.time.empty())
      report("group", "data.csv.group and data.csv.time both say how rows are split; give one");
  }

  void part(const char* set, double fraction, const std::string& path) {
    if (!(fraction >= 0 && fraction < 1))
      report(set, fmt::format("data.csv.{}: the fraction {} must lie in (0, 1)", set, fraction));
    if (fraction > 0 && !path.empty())
      report(set, fmt::format("data.csv.{}: give a fraction or a path, not both", set));
  }

  void truth() {
    const auto truths = spec_.truth.size(), targets = spec_.target.size();
    if (truths == 0 && spec_.noise.kind != NoiseSpec::Kind::none)
      report("noise", "data.csv.noise needs truth: COLUMN, to which the noise is added");
    if (truths == 0) return;
    if (truths != targets)
      report("truth", fmt::format("data.csv.truth names {} {} for {} {}; name one for each target",
                                  truths, truths == 1 ? "column" : "columns", targets,
                                  targets == 1 ? "target" : "targets"));
    if (kind_ == TargetKind::signs && !redraws(spec_))
      report("truth", "data.csv.truth: with a loss of signs it needs noise: bernoulli");
  }

  void targets() {
    for (auto one = spec_.target.begin(); one != spec_.target.end(); ++one)
      if (std::find(spec_.target.begin(), one, *one) != one)
        report("target",
               fmt::format("data.csv.target names the column '{}' twice; name it once", *one));
    if (kind_ == TargetKind::classes && spec_.target.size() > 1)
      report("target", fmt::format("{} reads classes, which stand in one target column, not in {}",
                                   loss_, spec_.target.size()));
  }

  void columns() {
    for (const auto& [column, values] : spec_.columns.ordinal) {
      for (auto one = values.begin(); one != values.end(); ++one)
        if (std::find(values.begin(), one, *one) != one)
          report("columns.ordinal",
                 fmt::format("data.csv.columns.ordinal: column '{}' has the value '{}' twice; each "
                             "has one place in the order",
                             column, *one));
      if (std::ranges::count(spec_.columns.categorical, column) > 0)
        report("columns.categorical",
               fmt::format("data.csv.columns: column '{}' is both ordinal and categorical; name it "
                           "in one of them",
                           column));
    }
  }

  void standardized() {
    const std::string key = "standardize_target";
    if (!spec_.standardize_target) return;
    if (kind_ && kind_ != TargetKind::numbers)
      report(key,
             fmt::format("{} reads {}; only numbers can be standardized", loss_, noun(*kind_)));
    if (spec_.noise.kind == NoiseSpec::Kind::bernoulli)
      report(key, "data.csv.standardize_target does not go with noise: bernoulli");
    if (spec_.truth.size() > 1)
      report(key, "data.csv.standardize_target does not go with several columns of truth");
  }

  const CsvSpec& spec_;
  std::optional<TargetKind> kind_;
  const std::string& loss_;
  std::vector<Problem> found_;
};

}  // namespace

std::optional<Problem> problem_of_inputs(const std::string& path, InputSpec::Kind kind,
                                         std::uint64_t dims) {
  if (kind != InputSpec::Kind::midpoints || dims == 1) return {};
  return Problem::at(path,
                     fmt::format("midpoints need dims: 1, not {}; use uniform or normal", dims));
}

std::optional<Problem> problem_of_resampling(const Resampling& resampling, bool redraws,
                                             std::uint64_t samples) {
  const auto [scheme, parts] = resampling;
  if ((scheme == Resample::fresh || scheme == Resample::noise) && !redraws)
    return Problem::at("replicates.resample",
                       fmt::format("{} needs targets that can be redrawn, and this file's are "
                                   "fixed; use another scheme, such as bootstrap, or give data.csv "
                                   "both truth and noise",
                                   name(scheme)));
  if (scheme == Resample::subsample && samples < 2)
    return Problem::at("replicates.resample", "subsample needs at least 2 training samples");
  if ((scheme == Resample::disjoint || scheme == Resample::kfold) && samples < parts)
    return Problem::at(
        "replicates.parts",
        fmt::format("{} training samples cannot be cut into {} parts", samples, parts));
  return {};
}

std::vector<Problem> problems_of_csv(const CsvSpec& spec, std::optional<TargetKind> kind,
                                     const std::string& loss) {
  return CsvProblems(spec, kind, loss).all();
}

bool redraws(const CsvSpec& spec) {
  return !spec.truth.empty() && spec.noise.kind != NoiseSpec::Kind::none;
}

}  // namespace descent::data
