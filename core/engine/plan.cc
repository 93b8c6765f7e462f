// SPDX-License-Identifier: MIT
#include "engine/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/build.h"
#include "base/element.h"
#include "base/error.h"
#include "base/hash.h"
#include "engine/blas_memory.h"
#include "engine/decomposer.h"
#include "engine/underflow.h"
#include "engine/without_effect.h"
#include "experiment/schema/path.h"
#include "train/exact_optimizer.h"
#include "train/loss_fit.h"
#include "train/same_replicates.h"

namespace descent::engine {
namespace {

constexpr std::size_t most_sources = 64;

// The largest plan that is run: each point is a row, and a few bytes of memory.
constexpr std::uint64_t most_points = 10'000'000;

std::string source_key(const experiment::Point& point, data::TargetKind kind) {
  const auto& settings = point.settings;
  auto key =
      fmt::format("{}|{}|{}|{}|{}|{}", point.configuration.at("data").dump(), int(kind),
                  int(settings.replicates.resample.scheme), settings.replicates.resample.parts,
                  settings.seed, settings.replicates.vary_split);
  if (const auto* csv = std::get_if<data::CsvSpec>(&settings.data))
    for (const auto& file : files_of(*csv)) key += "|" + file.path;  // as resolved: names may agree
  return key;
}

void add_once(std::vector<Problem>& problems, const Problem& problem) {
  if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(problem);
}

// Whole groups, where more may follow.
std::uint64_t first_goal(const train::ReplicateSettings& replicates) {
  if (!replicates.until) return replicates.count;
  const auto block = train::block_size(replicates);
  return whole_groups(std::max(replicates.count, least_growing * block), replicates.most, block);
}

// The store would take them for versions of one experiment.
std::vector<Problem> equal_names(const std::vector<experiment::Experiment>& experiments) {
  std::vector<Problem> problems;
  std::map<std::string, std::string> files;
  for (const auto& one : experiments)
    if (const auto [other, is_new] = files.emplace(one.name(), one.file()); !is_new)
      problems.push_back(
          {one.place(0, "experiment"),
           fmt::format("experiment '{}' is also in {}; name the file once, or give each its own "
                       "name",
                       one.name(), other->second)});
  return problems;
}

VariantPlan plan_of(const train::Training& training) {
  const auto& replicates = training.settings().replicates;
  const auto& settings = training.settings().train;
  VariantPlan plan;
  plan.replicates = first_goal(replicates);
  plan.first = replicates.first;
  plan.most = replicates.most;
  plan.block = train::block_size(replicates);
  plan.until = replicates.until;
  plan.timeout_seconds = settings.timeout_seconds;
  plan.memory_bytes = settings.memory_bytes;
  plan.epochs = settings.epochs;
  const auto of_number =
      training.settings().dtype == Element::float32 ? sizeof(float) : sizeof(double);
  plan.model_bytes = 2 * training.model().size() * of_number;
  plan.is_decomposed = is_decomposed(training);
  if (!plan.is_decomposed) return plan;
  const auto epochs = training.recorded_epochs().size();
  plan.chunk_bytes = epochs * Decomposer(training).state_bytes(largest_chunk(plan));
  plan.prediction_bytes =
      epochs * training.source().test().data.size() * training.model().outputs() * sizeof(double);
  return plan;
}

}  // namespace

Plan::Plan(std::vector<experiment::Experiment> experiments, const host::Catalog& catalog)
    : experiments_(std::move(experiments)),
      catalog_(catalog),
      runs_(experiments_.size()),
      most_runs_(experiments_.size()),
      prunes_(experiments_.size()),
      variants_(experiments_.size()),
      measures_(experiments_.size()),
      warnings_(experiments_.size()),
      notes_(experiments_.size()) {
  reserve_blas_memory();
  std::vector<Problem> problems = equal_names(experiments_);
  for (std::size_t e = 0; e < experiments_.size(); ++e) {
    size_ += experiments_[e].size();
    for (std::uint64_t v = 0; v < experiments_[e].variants(); ++v) check_variant(e, v, problems);
    if (problems.empty()) warn_of_free_zeros(e);
    if (problems.empty() && prunes_[e] && prunes_[e]->min_epochs >= longest(e))
      throw Error(experiments_[e].place(0, "prune.asha.min_epochs"),
                  fmt::format("prune.asha.min_epochs = {} leaves no rung: the longest point trains "
                              "{} epochs; give fewer, or leave prune out",
                              prunes_[e]->min_epochs, longest(e)));
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

// Those that differ within a variant; add_variant() sees the others.
void Plan::warn_of_free_zeros(std::size_t experiment) {
  const auto& from = experiments_[experiment];
  if (from.size() == 0) return;
  const bool is_swept = std::ranges::count(from.swept(), "dtype") > 0;
  const auto type = is_swept ? Element::float32 : from.point(0).settings.dtype;
  for (const auto& [path, value, place] : from.free_numbers())
    if (const auto text = underflow_warning(path, value, type); !text.empty())
      add_once(warnings_[experiment], {place, text});
}

// Variants often have the same problem: it is reported once.
void Plan::check_variant(std::size_t experiment, std::uint64_t variant,
                         std::vector<Problem>& problems) {
  const auto& from = experiments_[experiment];
  const auto index = from.member(variant);
  try {
    add_variant(experiment, variant, from.point(index));
  } catch (const Error& error) {
    for (auto problem : error.problems()) {
      if (problem.place.file.empty())
        problem.place =
            problem.key.empty() ? Place{from.file(), 0, 0} : from.place(index, problem.key);
      add_once(problems, problem);
    }
  }
}

void Plan::add_variant(std::size_t experiment, std::uint64_t variant,
                       const experiment::Point& point) {
  const auto& from = experiments_[experiment];
  const auto& settings = point.settings;
  if (const auto* csv = std::get_if<data::CsvSpec>(&settings.data))
    if (auto missing = missing_files(*csv); !missing.empty()) throw Error(std::move(missing));
  check_fit(experiment, from.member(variant), point);
  for (const auto& [path, text] : underflow_warnings(point))
    add_once(warnings_[experiment], {from.place(from.member(variant), path), text});
  const auto ready = training(point);
  if (const auto why = train::why_same(ready); !why.empty())
    add_once(warnings_[experiment], {from.place(from.member(variant), "replicates"), why});
  const bool is_file = std::holds_alternative<data::CsvSpec>(settings.data);
  const auto kind = is_file ? train::target_kind(settings, catalog_) : data::TargetKind::numbers;
  for (const auto& [path, text] : settings_without_effect(ready.settings(), kind))
    add_once(warnings_[experiment], {from.place(from.member(variant), path), text});
  decomposed_metrics(ready);  // throws where they do not fit
  const auto& replicates = settings.replicates;
  if (replicates.until && !is_decomposed(ready))
    throw Error::at("replicates.until",
                    "there is no test set on which to find the errors, or the loss estimates "
                    "nothing to decompose; give a test set, or leave until out");
  const Variant planned{plan_of(ready), input_hashes(point)};
  variants_[experiment].push_back(planned);
  for (const auto set : {record::Set::train, record::Set::validation, record::Set::test})
    for (const auto measure : ready.measures(set))
      measures_[experiment].insert(record::metric_of(measure, set));
  prunes_[experiment] = settings.prune;
  runs_[experiment] += planned.replicates * from.variant_size(variant);
  most_runs_[experiment] += replicates.most * from.variant_size(variant);
}

void Plan::check_fit(std::size_t experiment, std::uint64_t index, const experiment::Point& point) {
  const auto& settings = point.settings;
  if (settings.model.surface) return;
  const auto& from = experiments_[experiment];
  const auto& loss = catalog_.get(DESCENT_LOSS, settings.loss.plugin.name);
  std::vector<Problem> errors;
  for (const auto& [key, text, is_error] : train::misfits(settings, loss, *source(point)))
    is_error ? errors.push_back({from.place(index, key), text})
             : add_once(warnings_[experiment], {from.place(index, key), text});
  const bool is_file = std::holds_alternative<data::CsvSpec>(settings.data);
  const auto data = from.place(index, is_file ? "data.csv.path" : "data");
  for (const auto& warning : source(point)->warnings())
    add_once(warnings_[experiment], {data, warning});
  for (const auto& note : source(point)->notes()) add_once(notes_[experiment], {data, note});
  if (!errors.empty()) throw Error(std::move(errors));
}

std::string Plan::too_large() const {
  if (size_ <= most_points) return "";
  return fmt::format(
      "{} points are more than the {} that one run takes; ask for fewer by where, draws or "
      "shorter "
      "axes, or run parts of the grid with --set",
      size_, most_points);
}

std::uint64_t Plan::runs() const {
  return std::accumulate(runs_.begin(), runs_.end(), std::uint64_t{0});
}

std::vector<std::string> Plan::measures(std::size_t experiment) const {
  std::vector<std::string> names;
  for (const auto metric : measures_[experiment]) names.emplace_back(record::metric_name(metric));
  return names;
}

std::uint64_t Plan::first(std::size_t experiment) const {
  std::uint64_t position = 0;
  for (std::size_t e = 0; e < experiment; ++e) position += experiments_[e].size();
  return position;
}

std::uint64_t Plan::longest(std::size_t experiment) const {
  return std::ranges::max_element(variants_[experiment], {}, &Variant::epochs)->epochs;
}

std::optional<train::Prune> Plan::prune(std::size_t experiment) const {
  return prunes_[experiment];
}

Plan::At Plan::at(std::uint64_t position) const {
  std::size_t e = 0;
  while (position >= experiments_.at(e).size()) position -= experiments_[e++].size();
  return {e, position};
}

const Plan::Variant& Plan::variant(const At& at) const {
  return variants_[at.first][experiments_[at.first].variant(at.second)];
}

PlannedPoint Plan::planned(std::uint64_t position) const {
  const auto found = at(position);
  return planned(found, experiments_[found.first].variant(found.second));
}

PlannedPoint Plan::planned(const At& at, std::uint64_t variant) const {
  return {variants_[at.first][variant], at.first, at.second, variant};
}

std::vector<PlannedPoint> Plan::variants() const {
  std::vector<PlannedPoint> all;
  for (std::size_t e = 0; e < variants_.size(); ++e)
    for (std::uint64_t v = 0; v < variants_[e].size(); ++v)
      all.push_back(planned(At(e, experiments_[e].member(v)), v));
  return all;
}

experiment::Point Plan::point(std::uint64_t position) const {
  const auto [experiment, index] = at(position);
  return experiments_[experiment].point(index);
}

train::Training Plan::training(const experiment::Point& point) const {
  return {point.settings, source(point), catalog_};
}

std::shared_ptr<const data::ReplicateSampler> Plan::source(const experiment::Point& point) const {
  const auto& settings = point.settings;
  const auto kind = train::target_kind(settings, catalog_);
  const auto key = source_key(point, kind);
  if (const auto found = sources_.find(key); found != sources_.end()) return found->second;
  if (sources_.size() == most_sources) sources_.clear();  // those in use live on
  const auto* csv = std::get_if<data::CsvSpec>(&settings.data);
  std::shared_ptr<const data::ReplicateSampler> made;
  files_.read(csv ? files_of(*csv) : std::vector<NamedFile>(), [&] {
    made =
        std::make_shared<data::ReplicateSampler>(settings.data, kind, settings.replicates.resample,
                                                 settings.seed, settings.replicates.vary_split);
  });
  return sources_[key] = std::move(made);
}

std::string Plan::configuration(std::uint64_t position) const {
  const auto [experiment, index] = at(position);
  return experiments_[experiment].identity(index);
}

std::string Plan::content_hash(std::uint64_t position) const {
  return content_hash(position, configuration(position));
}

std::string Plan::content_hash(std::uint64_t position, const std::string& configuration) const {
  return hash128(configuration + input_hashes_[variant(at(position)).input_hashes]);
}

std::vector<Input> Plan::inputs(const experiment::Point& point) const {
  const auto& settings = point.settings;
  std::vector<Input> all = {{"build", "descent", build_id()}};
  const auto add_plugin = [&](descent_kind kind, const std::string& name) {
    all.push_back({host::kind_name(kind), name, catalog_.get(kind, name).hash()});
  };
  if (!settings.model.surface) add_plugin(DESCENT_LOSS, settings.loss.plugin.name);
  if (!train::is_exact(settings)) {
    const auto rule = host::rule_of(settings.optimizer, catalog_);
    for (const auto* one : rule.chain()) add_plugin(DESCENT_OPTIMIZER, one->plugin->name);
  }
  for (const auto& regularizer : settings.regularizers)
    add_plugin(DESCENT_REGULARIZER, regularizer.plugin.name);
  if (const auto* csv = std::get_if<data::CsvSpec>(&settings.data)) {
    for (const auto& [key, path] : files_of(*csv))
      all.push_back({"data", experiment::word(point.configuration, key), files_.hash(path)});
  }
  return all;
}

std::uint32_t Plan::input_hashes(const experiment::Point& point) {
  std::string hashes;
  for (const auto& input : inputs(point)) hashes += input.hash;
  const auto known = std::find(input_hashes_.begin(), input_hashes_.end(), hashes);
  if (known == input_hashes_.end()) {
    input_hashes_.push_back(hashes);
    return std::uint32_t(input_hashes_.size() - 1);
  }
  return std::uint32_t(known - input_hashes_.begin());
}

}  // namespace descent::engine
