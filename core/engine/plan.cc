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
#include "experiment/schema/path.h"
#include "train/built_in.h"
#include "train/loss_fit.h"
#include "train/same_replicates.h"

namespace descent::engine {
namespace {

constexpr std::size_t most_sources = 64;

// The largest plan that is run: each point is a row, and a few bytes of memory.
constexpr std::uint64_t most_points = 10'000'000;

std::string source_key(const experiment::Point& point, data::TargetKind kind) {
  const auto& settings = point.settings;
  const auto* csv =
      std::get_if<data::CsvSpec>(&settings.data);  // paths as resolved: files may share names
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}", point.configuration.at("data").dump(), int(kind),
                     int(settings.replicates.resample.scheme), settings.replicates.resample.parts,
                     settings.seed, csv ? csv->path : "", csv ? csv->test_path : "",
                     csv ? csv->validation_path : "", settings.replicates.vary_split);
}

std::vector<std::string> paths_of(const data::CsvSpec& csv) {
  std::vector<std::string> paths{csv.path};
  for (const auto& path : {csv.test_path, csv.validation_path, csv.labels_path,
                           csv.test_labels_path, csv.validation_labels_path})
    if (!path.empty()) paths.push_back(path);
  return paths;
}

// Missing data files, reported where the experiment names them.
void check_files(const experiment::Experiment& experiment, std::uint64_t index,
                 const data::CsvSpec& csv) {
  namespace fs = std::filesystem;
  std::vector<Problem> problems;
  for (const auto& [key, file] :
       {std::pair("data.csv.path", &csv.path), std::pair("data.csv.test.path", &csv.test_path),
        std::pair("data.csv.validation.path", &csv.validation_path),
        std::pair("data.csv.labels.path", &csv.labels_path),
        std::pair("data.csv.test.labels", &csv.test_labels_path),
        std::pair("data.csv.validation.labels", &csv.validation_labels_path)}) {
    std::error_code failed;
    if (file->empty() || fs::exists(*file, failed) || failed) continue;
    const fs::path whole = fs::absolute(*file).lexically_normal();
    problems.push_back({experiment.place(index, key),
                        fmt::format("{}: there is no file '{}' in the folder '{}'; a path is "
                                    "relative to the file that contains this key",
                                    key, whole.filename().string(), whole.parent_path().string())});
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

// How texts without a place begin, and the key that they are about.
constexpr std::pair<std::string_view, std::string_view> subjects[] = {
    {"features: ", "features"},   {"schedule: ", "train.schedule"}, {"noise: ", "data"},
    {"function '", "data"},       {"the loss wants ", "data"},      {"loss '", "loss"},
    {"optimizer '", "optimizer"}, {"regularizer '", "regularizer"}, {"the model", "model"},
};

// Where the file writes what a text without a place is about; else a key with a dot begins it.
Place place_of(const std::string& text, const experiment::Experiment& from, std::uint64_t index) {
  for (const auto& [beginning, key] : subjects)
    if (text.starts_with(beginning)) return from.place(index, std::string(key));
  const auto key = text.substr(0, text.find_first_of(": "));
  return key.find('.') != key.npos ? from.place(index, key) : Place{from.file(), 0, 0};
}

// What is to say of a number other than 0 that is 0 in this type, else "": with it as lr nothing is
// learnt.
std::string zero_warning(const std::string& path, double value, Element type) {
  if (value == 0 || std::abs(value) > smallest(type) / 2) return "";
  return fmt::format(
      "{} = {:g} is 0 in {} (its smallest number above 0 is {:.3g}); set dtype: float64, or write "
      "0",
      path, value, name(type), smallest(type));
}

// By path.
std::vector<std::pair<std::string, std::string>> zero_warnings(const experiment::Point& point) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto* section : {"optimizer", "loss", "regularizer", "model"}) {
    const auto& given = experiment::value_at(point.configuration, section);
    for (const auto& [path, value] : experiment::flatten({{section, given}})) {
      if (!value.is_number()) continue;
      if (auto text = zero_warning(path, value, point.settings.dtype); !text.empty())
        found.emplace_back(path, std::move(text));
    }
  }
  return found;
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

}  // namespace

Plan::Plan(const std::vector<experiment::Experiment>& experiments, const host::Catalog& catalog)
    : experiments_(experiments),
      catalog_(catalog),
      runs_(experiments.size()),
      most_runs_(experiments.size()),
      prunes_(experiments.size()),
      variants_(experiments.size()),
      measures_(experiments.size()),
      warnings_(experiments.size()),
      notes_(experiments.size()) {
  reserve_blas_memory();
  std::vector<Problem> problems;
  for (std::size_t e = 0; e < experiments.size(); ++e) {
    size_ += experiments[e].size();
    for (std::uint64_t f = 0; f < experiments[e].variants(); ++f) add(e, f, problems);
    if (problems.empty()) warn_of_free_zeros(e);
    if (problems.empty() && prunes_[e] && prunes_[e]->min_epochs >= longest(e))
      throw Error(experiments[e].place(0, "prune.asha.min_epochs"),
                  fmt::format("prune.asha.min_epochs = {} leaves no rung: the longest point trains "
                              "{} epochs; give fewer, or leave prune out",
                              prunes_[e]->min_epochs, longest(e)));
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

// Those that differ within a variant; add() sees the others.
void Plan::warn_of_free_zeros(std::size_t experiment) {
  const auto& from = experiments_[experiment];
  if (from.size() == 0) return;
  const bool is_swept = std::ranges::count(from.swept(), "dtype") > 0;
  const auto type = is_swept ? Element::float32 : from.point(0).settings.dtype;
  for (const auto& [path, value, place] : from.free_numbers())
    if (const auto text = zero_warning(path, value, type); !text.empty())
      add_once(warnings_[experiment], {place, text});
}

void Plan::measure(Variant& variant, const train::Training& training) {
  PlannedPoint point;
  point.replicates = variant.replicates;
  point.first = variant.first;
  point.most = variant.most;
  point.until = variant.until;
  point.block = variant.block;
  const auto largest = largest_chunk(point);
  const auto epochs = training.recorded_epochs().size();
  variant.chunk_bytes = epochs * Decomposer(training).state_bytes(largest);
  variant.prediction_bytes =
      epochs * training.source().test().data.size() * training.model().outputs() * sizeof(double);
}

// Variants often have the same problem: it is reported once.
void Plan::add(std::size_t experiment, std::uint64_t variant, std::vector<Problem>& problems) {
  const auto& from = experiments_[experiment];
  const auto index = from.member(variant);
  try {
    add(experiment, variant, from.point(index));
  } catch (const Error& error) {
    for (auto problem : error.problems()) {
      if (problem.place.file.empty()) problem.place = place_of(problem.text, from, index);
      add_once(problems, problem);
    }
  }
}

void Plan::add(std::size_t experiment, std::uint64_t variant, const experiment::Point& point) {
  const auto& from = experiments_[experiment];
  const auto& settings = point.settings;
  if (const auto* csv = std::get_if<data::CsvSpec>(&settings.data))
    check_files(from, from.member(variant), *csv);
  check_fit(experiment, from.member(variant), point);
  for (const auto& [path, text] : zero_warnings(point))
    add_once(warnings_[experiment], {from.place(from.member(variant), path), text});
  const auto ready = training(point);
  if (const auto why = train::why_same(ready); !why.empty())
    add_once(warnings_[experiment], {from.place(from.member(variant), "replicates"), why});
  decomposed_metrics(ready);  // throws where they do not fit
  const auto& replicates = settings.replicates;
  if (replicates.until && !is_decomposed(ready))
    throw Error(
        "replicates.until: there is no test set on which to find the errors, or the loss estimates "
        "nothing to decompose; give a test set, or leave until out");
  const auto first = first_goal(replicates);
  variants_[experiment].push_back(
      {first, replicates.first, replicates.most, train::block_size(replicates), replicates.until,
       settings.train.timeout_seconds, settings.train.memory_bytes, ready.settings().train.epochs,
       is_decomposed(ready), 0, 0, input_hashes(point)});
  if (is_decomposed(ready)) measure(variants_[experiment].back(), ready);
  for (const auto set : {record::Set::train, record::Set::validation, record::Set::test})
    for (const auto measure : ready.measures(set))
      measures_[experiment].insert(record::metric_of(measure, set));
  prunes_[experiment] = settings.prune;
  runs_[experiment] += first * from.variant_size(variant);
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
  for (const auto& warning : source(point)->warnings())
    add_once(warnings_[experiment], {from.place(index, "data.csv.path"), warning});
  for (const auto& note : source(point)->notes())
    add_once(notes_[experiment], {from.place(index, "data.csv.path"), note});
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
  const auto& shared = variants_[at.first][variant];
  return {at.first,
          at.second,
          variant,
          shared.replicates,
          shared.first,
          shared.most,
          shared.until,
          shared.block,
          shared.timeout_seconds,
          shared.memory_bytes,
          shared.epochs,
          shared.is_decomposed,
          shared.chunk_bytes,
          shared.prediction_bytes};
}

std::vector<PlannedPoint> Plan::variants() const {
  std::vector<PlannedPoint> all;
  for (std::size_t e = 0; e < variants_.size(); ++e)
    for (std::uint64_t f = 0; f < variants_[e].size(); ++f)
      all.push_back(planned(At(e, experiments_[e].member(f)), f));
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
  files_.read(csv ? paths_of(*csv) : std::vector<std::string>(), [&] {
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
  return hash128(build_id() + configuration + input_hashes_[variant(at(position)).input_hashes]);
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
    const auto& written = point.configuration.at("data").at("csv");
    all.push_back({"data", written.at("path"), files_.hash(csv->path)});
    for (const auto& [set, path] :
         {std::pair("test", &csv->test_path), std::pair("validation", &csv->validation_path)})
      if (!path->empty()) all.push_back({"data", written.at(set).at("path"), files_.hash(*path)});
  }
  return all;
}

std::uint32_t Plan::input_hashes(const experiment::Point& point) {
  const auto& settings = point.settings;
  std::string hashes;
  if (!settings.model.surface)
    hashes += catalog_.get(DESCENT_LOSS, settings.loss.plugin.name).hash();
  if (!train::is_exact(settings)) {
    const auto rule = host::rule_of(settings.optimizer, catalog_);
    for (const auto* one : rule.chain()) hashes += one->plugin.hash();
  }
  for (const auto& regularizer : settings.regularizers)
    hashes += catalog_.get(DESCENT_REGULARIZER, regularizer.plugin.name).hash();
  if (const auto* csv = std::get_if<data::CsvSpec>(&settings.data)) {
    for (const auto& path : paths_of(*csv)) hashes += files_.hash(path);
  }
  const auto known = std::find(input_hashes_.begin(), input_hashes_.end(), hashes);
  if (known == input_hashes_.end()) {
    input_hashes_.push_back(hashes);
    return std::uint32_t(input_hashes_.size() - 1);
  }
  return std::uint32_t(known - input_hashes_.begin());
}

std::uint64_t growing_group(std::uint64_t replicates, std::uint64_t block) {
  return statistics::growing_group_size((replicates + block - 1) / block) * block;
}

std::uint64_t whole_groups(std::uint64_t replicates, std::uint64_t most, std::uint64_t block) {
  const auto group = growing_group(replicates, block);
  return std::min(most, (replicates + group - 1) / group * group);
}

std::vector<statistics::ReplicateRange> chunks_of(const PlannedPoint& point, std::uint64_t goal) {
  std::vector<statistics::ReplicateRange> chunks;
  if (point.until) {
    for (std::uint64_t first = 0; first < goal; first += chunks.back().count)
      chunks.push_back({point.first + first,
                        std::min(growing_group(first + point.block, point.block), goal - first)});
    return chunks;
  }
  for (const auto& group : statistics::groups_of(goal / point.block))
    chunks.push_back({point.first + group.first * point.block, group.count * point.block});
  return chunks;
}

bool continues_group(const PlannedPoint& point, std::uint64_t goal,
                     const statistics::ReplicateRange& chunk) {
  return point.until && (chunk.first - point.first) % growing_group(goal, point.block) != 0;
}

std::uint64_t largest_chunk(const PlannedPoint& point) {
  return std::ranges::max(chunks_of(point, point.most), {}, &statistics::ReplicateRange::count)
      .count;
}

}  // namespace descent::engine
