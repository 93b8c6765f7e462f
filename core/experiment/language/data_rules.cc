// SPDX-License-Identifier: MIT
// Rules of data: what a formula, a CSV file and the noise of targets need.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "data/function_text.h"
#include "data/spec_problems.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/language/keys.h"
#include "experiment/language/rule_context.h"
#include "experiment/schema/path.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

class DataRules : RuleContext {
 public:
  DataRules(const RuleContext& context, Formulas& formulas)
      : RuleContext(context), formulas_(formulas) {}

  void all() {
    one_source();
    function();
    inputs();
    size();
    csv();
    if (loss_kind_) drawn_targets(word(c_, "loss.name"));
  }

 private:
  void one_source() {
    const auto& data = value_at(c_, "data");
    if (!data.is_object() || data.size() == 1) return;
    std::vector<std::string> given;
    for (const auto& [source, spec] : data.items()) given.push_back(source);
    if (!given.empty())
      problem("data", fmt::format("data gives {}, and an experiment has one source; leave out all "
                                  "but one",
                                  fmt::join(given, " and ")));
    else
      problem("data",
              "data needs one of synthetic, csv and surface, as in `data: {csv: {path: ..., "
              "target: ...}}`");
  }

  void function() {
    const auto& given = value_at(c_, "data.synthetic.function");
    if (given.is_string()) function(given, "data.synthetic.function");
    for (std::size_t i = 0; given.is_array() && i < given.size(); ++i)
      if (given[i].is_string()) function(given[i], fmt::format("data.synthetic.function.{}", i));
  }

  void function(const std::string& text, const std::string& path) {
    const auto& dims = value_at(c_, "data.synthetic.dims");
    if (text.empty() || !dims.is_number()) return;
    const std::pair formula(text, dims.get<std::uint64_t>());
    if (formulas_.contains(formula)) return;
    try {
      data::compile_function(formula.first, formula.second);
      formulas_.insert(formula);
    } catch (const Error& error) {
      for (const auto& one : error.problems()) problem(path, one.text);
    }
  }

  // What is drawn is held in memory.
  void size() {
    constexpr double most = 1e9;
    const auto& dims = value_at(c_, "data.synthetic.dims");
    for (const std::string set :
         {"data.synthetic.train", "data.synthetic.test.count", "data.synthetic.validation.count"})
      if (const auto& count = value_at(c_, set); count.is_number() && dims.is_number())
        if (const double values = count.get<double>() * dims.get<double>(); values > most)
          problem(set, fmt::format("{}: {} samples of {} inputs are {:.3g} numbers, more than the "
                                   "10^9 that are held in memory",
                                   set, count.dump(), dims.dump(), values));
  }

  void inputs() {
    using enum data::InputSpec::Kind;
    const auto& dims = value_at(c_, "data.synthetic.dims");
    if (!dims.is_number()) return;
    for (const std::string x :
         {"data.synthetic.x", "data.synthetic.test.x", "data.synthetic.validation.x"}) {
      const auto kind = word(c_, x + ".name") == "midpoints" ? midpoints : uniform;
      if (auto found = data::problem_of_inputs(x, kind, dims.get<std::uint64_t>()))
        problem(found->key, std::move(found->text));
    }
  }

  void csv() {
    const auto& given = value_at(c_, "data.csv");
    if (given.is_null()) return;
    if (has(given, "test.kfold") && !varies_split(c_))
      problem("data.csv.test.kfold",
              fmt::format("data.csv.test.kfold needs a split for each replicate, as in "
                          "`replicates: {{count: {}, vary: [split]}}`",
                          value_at(given, "test.kfold").dump()));
    if (!parts_are_chosen_once(given) || has_problem(given)) return;
    data::CsvSpec spec;
    const std::filesystem::path no_folder;
    Fields in(given, no_folder);
    describe(in, spec);
    const auto loss = fmt::format("loss '{}'", word(c_, "loss.name"));
    for (auto& found : data::problems_of_csv(spec, loss_kind_, loss))
      problem(found.key, std::move(found.text));
  }

  // Whether the rows of each set are chosen in one way.
  bool parts_are_chosen_once(const json& csv) {
    bool all = true;
    for (const std::string set : {"test", "validation"})
      if (const auto& given = value_at(csv, set); given.is_object()) {
        const auto ways = given.size() - given.contains("labels");
        if (ways == 1) continue;
        all = false;
        problem("data.csv." + set,
                fmt::format("data.csv.{} needs one of {}", set,
                            set == "test" ? "fraction, path and kfold" : "fraction and path"));
      }
    return all;
  }

  // What has a problem of its own is null.
  static bool has_problem(const json& value) {
    if (!value.is_structured()) return value.is_null();
    return std::ranges::any_of(value, has_problem);
  }

  static bool is_added(const std::string& noise) {
    return noise == "normal" || noise == "student_t" || noise == "contaminated";
  }

  void drawn_targets(const std::string& loss) {
    const bool classes = loss_kind_ == data::TargetKind::classes;
    const bool numbers = loss_kind_ == data::TargetKind::numbers;
    for (const std::string data : {"data.synthetic", "data.csv"}) {
      const auto noise = word(c_, data + ".noise.name");
      if (noise.empty() || (data == "data.csv" && !has(c_, "data.csv.truth"))) continue;
      if (classes && noise != "bernoulli")
        problem("loss", fmt::format("loss '{}' reads classes, but {} with noise: {} draws numbers; "
                                    "use noise: bernoulli, or a loss that reads numbers",
                                    loss, data, noise));
      if (!classes && !numbers && is_added(noise))
        problem("loss", fmt::format("loss '{}' reads {}, but {} with noise: {} leaves {}; use "
                                    "noise: bernoulli or none",
                                    loss, noun(*loss_kind_), data, noise, values(*loss_kind_)));
    }
  }

  Formulas& formulas_;
};

}  // namespace

void check_data(const RuleContext& context, Formulas& formulas) {
  DataRules(context, formulas).all();
}

}  // namespace descent::experiment
