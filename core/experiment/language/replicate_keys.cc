// SPDX-License-Identifier: MIT
// Keys of replicates.
#include <algorithm>

#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

// The first values of an enumeration that the program has names for.
template <class Value>
Words<Value> named(int number) {
  Words<Value> all;
  for (int i = 0; i < number; ++i) all.emplace_back(name(Value(i)), Value(i));
  return all;
}

void what_varies(Fields& f, train::ReplicateSettings& s) {
  const std::vector<std::string> names = {"data", "init", "order", "split"};
  bool* const fields[] = {&s.vary_data, &s.vary_init, &s.vary_order, &s.vary_split};
  auto parts = list(word(names));
  parts.ordered = true;
  const auto read = [&](const json& given) {
    for (std::size_t i = 0; i < names.size(); ++i)
      *fields[i] = std::ranges::count(given, json(names[i])) > 0;
  };
  f.other(optional("vary", std::move(parts), {"data", "init", "order"},
                   "what differs between replicates; split: also the test set of data.csv"),
          read);
}

}  // namespace

void describe(Fields& f, train::ReplicateSettings& s) {
  f.optional(s.count, "count", whole(1, train::max_replicates),
             "trainings of each point; default: 1, and 20 at first with until");
  f(s.first, "first", whole(0, train::max_replicates - 1),
    "number of the first replicate; other numbers give new draws");
  const auto errors = [&](Fields& in) {
    auto& [total, bias2, variance] = s.until.emplace();
    for (auto [field, key] : {std::pair(&total, "total_se"), std::pair(&bias2, "bias2_se"),
                              std::pair(&variance, "variance_se")})
      in.optional(*field, key, above(0), "standard error to reach");
  };
  f.map("until", "", "add replicates until standard errors at the last epoch are small enough",
        errors);
  s.most = s.count;
  f.optional(s.most, "max", whole(2, train::max_replicates),
             "with until: largest number of replicates");
  f.words(s.resample.scheme, "resample", named<data::Resample>(7),
          "how training data differ between replicates; default: fresh where targets can be "
          "redrawn, else none")
      .fallback = nullptr;
  what_varies(f, s);
  f.words(s.layout, "layout", named<train::Layout>(3),
          "how: every replicate by itself, or in blocks of `seeds` that share the first of vary "
          "and differ in the rest, the same rest in every block when crossed");
  f.optional(s.seeds, "seeds", whole_from(2), "replicates per block");
  f.optional(s.resample.parts, "parts", whole_from(2),
             "resample disjoint and kfold: number of parts");
}

}  // namespace descent::experiment
