// SPDX-License-Identifier: MIT
// Rules of replicates: what varies, resampling, blocks, and when enough are trained.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "data/spec_problems.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/language/rule_context.h"
#include "experiment/schema/path.h"
#include "train/settings.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

class ReplicateRules : RuleContext {
 public:
  explicit ReplicateRules(const RuleContext& context) : RuleContext(context) {}

  void all() {
    splits();
    resampling();
    cut();
    layout();
    until();
    replicates();
  }

 private:
  void splits() {
    if (!varies_split(c_)) return;
    const auto& fraction = value_at(c_, "data.csv.test.fraction");
    const auto& validation = value_at(c_, "data.csv.validation.fraction");
    const bool splits = (fraction.is_number() && fraction > 0) ||
                        (validation.is_number() && validation > 0) ||
                        value_at(c_, "data.csv.test").contains("kfold");  // also with a problem
    if (!splits && has(c_, "data"))
      problem("replicates.vary",
              "replicates.vary: split needs rows that are split off, such as "
              "data.csv.test: 0.2 or data.csv.test: {kfold: 5}");
    if (!word(c_, "data.csv.time").empty())
      problem("replicates.vary",
              "replicates.vary: split does not go with data.csv.time, by which the rows are split "
              "in the same way every time; leave one of the two out");
    multiples("data.csv.test.kfold", value_at(c_, "data.csv.test.kfold"));
    if (word(c_, "replicates.layout") != "single")
      problem("replicates.vary", "replicates.vary: split goes with layout: single");
    if (has(c_, "replicates.until"))
      problem("replicates.until",
              "replicates.until: the test sets of vary: [split] differ, so that nothing is "
              "decomposed; use count");
  }

  void resampling() {
    const auto scheme = resample_scheme();
    if (!scheme || !(has(c_, "data.synthetic") || has(c_, "data.csv"))) return;
    const auto &train = value_at(c_, "data.synthetic.train"),
               &parts = value_at(c_, "replicates.parts");
    constexpr auto unknown = std::numeric_limits<std::uint64_t>::max();  // enough
    const auto samples = train.is_number() ? train.get<std::uint64_t>() : unknown;
    const data::Resampling resampling(*scheme, parts.is_number() ? parts.get<std::uint64_t>() : 1);
    if (auto found = data::problem_of_resampling(resampling, redraws(c_), samples))
      problem(found->key, std::move(found->text));
  }

  std::optional<data::Resample> resample_scheme() const {
    const auto name = word(c_, "replicates.resample");
    for (int i = 0; i <= int(data::Resample::none); ++i)
      if (name == data::name(data::Resample(i))) return data::Resample(i);
    return {};
  }

  // The parts of disjoint and kfold: as many as the scheme has, and replicates for all of them.
  void cut() {
    const auto scheme = word(c_, "replicates.resample");
    const bool is_cut = scheme == "disjoint" || scheme == "kfold";
    const auto& parts = value_at(c_, "replicates.parts");
    if (is_cut && parts.is_null())
      problem("replicates.resample", fmt::format("replicates.resample: {0} needs `parts`, as in "
                                                 "`replicates: {{count: 100, resample: {0}, "
                                                 "parts: 10}}`",
                                                 scheme));
    if (!is_cut && !parts.is_null() && !scheme.empty())
      problem("replicates.parts",
              fmt::format("replicates.parts is for resample disjoint and kfold, not {}", scheme));
    if (!is_cut || !parts.is_number()) return;
    multiples("parts", parts);
  }

  // A cut or a block that is not whole could not be accounted for.
  void multiples(const std::string& of, const json& size) {
    for (const std::string key : {"replicates.count", "replicates.max"}) multiple(key, of, size);
    const auto& first = value_at(c_, "replicates.first");
    if (first.is_number() && size.is_number() &&
        first.get<std::uint64_t>() % size.get<std::uint64_t>())
      problem("replicates.first", fmt::format("replicates.first is {}, not a multiple of {}: {}",
                                              first.dump(), of, size.dump()));
  }

  void multiple(const std::string& key, const std::string& of, const json& size) {
    const auto& count = value_at(c_, key);
    if (!count.is_number() || !size.is_number()) return;
    const auto n = count.get<std::uint64_t>(), b = size.get<std::uint64_t>();
    if (n >= b && n % b == 0) return;
    problem(key, fmt::format("{} is {}, not a multiple of {}: {}; use {}", key, n, of, b,
                             std::max<std::uint64_t>(1, (n + b / 2) / b) * b));
  }

  void layout() {
    const auto layout = word(c_, "replicates.layout");
    const auto& seeds = value_at(c_, "replicates.seeds");
    const auto& vary = value_at(c_, "replicates.vary");
    if (layout == "single" && !seeds.is_null())
      problem("replicates.seeds",
              "replicates.seeds is for layout nested and crossed; give layout, or leave seeds out");
    if (layout != "nested" && layout != "crossed") return;
    if (seeds.is_null())
      problem("replicates.layout",
              fmt::format("replicates.layout: {0} needs `seeds`, replicates of a block, as in "
                          "`replicates: {{count: 64, layout: {0}, seeds: 8}}`",
                          layout));
    if (vary.is_array() && vary.size() < 2)
      problem("replicates.vary", fmt::format("replicates.layout: {} splits the variance by source; "
                                             "vary two or three of data, init, order",
                                             layout));
    const auto scheme = word(c_, "replicates.resample");
    if (scheme == "disjoint" || scheme == "kfold")
      problem("replicates.layout", fmt::format("replicates.resample: {} has blocks of its own; use "
                                               "layout: single, or another scheme",
                                               scheme));
    if (scheme == "none" && vary.is_array() && std::ranges::count(vary, "data") > 0)
      problem("replicates.vary",
              "replicates.resample: none draws no data; leave data out of vary, or resample");
    multiples("seeds", seeds);
  }

  void until() {
    const auto& until = value_at(c_, "replicates.until");
    const auto& most = value_at(c_, "replicates.max");
    const auto& count = value_at(c_, "replicates.count");
    if (until.is_null()) {
      const bool is_given = value_at(c_, "replicates").contains("until");  // with a problem
      if (!most.is_null() && !is_given)
        problem("replicates.max",
                "replicates.max is for until; give `until: {total_se: ...}`, or "
                "count instead of max");
      return;
    }
    const std::string form = "as in `replicates: {until: {total_se: 0.01}, max: 2000}`";
    if (until.empty())
      problem("replicates.until",
              fmt::format("replicates.until needs total_se, bias2_se or variance_se, {}", form));
    if (most.is_null())
      problem("replicates.until", fmt::format("replicates.until needs `max`, {}", form));
    if (most.is_number() && count.is_number() && most < count)
      problem("replicates.max",
              fmt::format("replicates.max is {}, less than count: {}", most.dump(), count.dump()));
    if (const auto& metrics = value_at(c_, "record.decompose");
        metrics == "none" || metrics == json::array({"none"}))
      problem("record.decompose",
              "record.decompose: none gives no standard errors, which replicates.until needs; "
              "leave one of the two out");
    if (count == 1)
      problem("replicates.count", "replicates.until needs count: 2 or more to begin with");
    const auto scheme = word(c_, "replicates.resample");
    if (scheme == "disjoint" || scheme == "kfold")
      problem("replicates.until",
              fmt::format(
                  "replicates.resample: {} gives no standard errors, which until needs; use count",
                  scheme));
  }

  void replicates() {
    const auto &first = value_at(c_, "replicates.first"), &count = value_at(c_, "replicates.count");
    if (!first.is_number() || !count.is_number()) return;
    const auto end = first.get<std::uint64_t>() + count.get<std::uint64_t>();
    if (end > train::max_replicates)
      problem("replicates.count",
              fmt::format("replicates: first + count = {}; replicates are numbered from 0 to {}",
                          end, train::max_replicates - 1));
  }
};

}  // namespace

void check_replicates(const RuleContext& context) { ReplicateRules(context).all(); }

}  // namespace descent::experiment
