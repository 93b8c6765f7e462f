// SPDX-License-Identifier: MIT
// Rules of data: what a formula, a CSV file and the noise of targets need.
#include <fmt/format.h>

#include "data/function_text.h"
#include "data/rules.h"
#include "experiment/language/derived_defaults.h"
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
    targets();
  }

 private:
  void one_source() {
    const auto& data = value_at(c_, "data");
    if (data.is_object() && data.size() != 1)
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
      if (auto fault = data::fault_of_inputs(x, kind, dims.get<std::uint64_t>()))
        problem(fault->path, std::move(fault->text));
    }
  }

  void csv() {
    if (!has(c_, "data.csv")) return;
    for (const std::string set : {"data.csv.test", "data.csv.validation"})
      if (const auto& given = value_at(c_, set); given.is_object()) {
        const auto ways = given.size() - given.contains("labels");
        if (ways != 1)
          problem(set, set + (set == "data.csv.test" ? " needs one of fraction, path and kfold"
                                                     : " needs one of fraction and path"));
      }
    const auto noise = word(c_, "data.csv.noise.name");
    const bool truth = has(c_, "data.csv.truth");
    const auto& target = value_at(c_, "data.csv.target");
    if (!truth && !noise.empty() && noise != "none")
      problem("data.csv.noise", "data.csv.noise needs truth: COLUMN, to which the noise is added");
    const auto& truths = value_at(c_, "data.csv.truth");
    const auto count = [](const json& names) { return names.is_array() ? names.size() : 1; };
    if (truth && !target.is_null() && count(truths) != count(target))
      problem("data.csv.truth",
              fmt::format("data.csv.truth names {} {} for {} {}; name one for each target",
                          count(truths), count(truths) == 1 ? "column" : "columns", count(target),
                          count(target) == 1 ? "target" : "targets"));
    if (count(truths) > 1 && value_at(c_, "data.csv.standardize_target") == true)
      problem("data.csv.standardize_target",
              "data.csv.standardize_target does not go with several columns of truth");
    if (has(c_, "data.csv.group") && has(c_, "data.csv.time"))
      problem("data.csv.group",
              "data.csv.group and data.csv.time both say how rows are split; "
              "give one");
    if (has(c_, "data.csv.test.kfold") && !varies_split(c_))
      problem("data.csv.test.kfold",
              fmt::format("data.csv.test.kfold needs a split for each replicate, as in "
                          "`replicates: {{count: {}, vary: [split]}}`",
                          value_at(c_, "data.csv.test.kfold").dump()));
    if (noise == "bernoulli" && value_at(c_, "data.csv.standardize_target") == true)
      problem("data.csv.standardize_target",
              "data.csv.standardize_target does not go with noise: bernoulli");
  }

  // Of what shows without reading the data; the rest is train/loss_fit.h.
  void targets() {
    if (!loss_kind_) return;
    const auto& target = value_at(c_, "data.csv.target");
    const bool several = target.is_array() && target.size() > 1;
    const bool classes = loss_kind_ == data::TargetKind::classes;
    const auto name = word(c_, "loss.name");
    if (several && classes)
      problem("data.csv.target", fmt::format("loss '{}' reads classes, which stand in one target "
                                             "column, not in {}",
                                             name, target.size()));
    if (loss_kind_ != data::TargetKind::numbers &&
        value_at(c_, "data.csv.standardize_target") == true)
      problem("data.csv.standardize_target",
              fmt::format("loss '{}' reads {}; only numbers can be standardized", name,
                          noun(*loss_kind_)));
    drawn_targets(name);
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
