// SPDX-License-Identifier: MIT
// Data from a function: y = f(x) + noise, f known.
#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "data/data_source.h"
#include "data/function.h"
#include "data/noise.h"
#include "data/spec_problems.h"

namespace descent::data {
namespace {

void check(const InputSpec& x, std::uint64_t dims) {
  using enum InputSpec::Kind;
  if (!std::isfinite(x.a) || !std::isfinite(x.b))
    throw Error::at("data.synthetic.x", fmt::format("[{}, {}] must be finite numbers", x.a, x.b));
  if (x.kind == normal && x.b < 0)
    throw Error::at("data.synthetic.x", fmt::format("normal: the sd {} must be >= 0", x.b));
  if (x.kind != normal && !(x.a < x.b))
    throw Error::at("data.synthetic.x",
                    fmt::format("[{}, {}] must be [a, b] with a < b", x.a, x.b));
  if (auto problem = problem_of_inputs("data.synthetic.x", x.kind, dims))
    throw Error(std::vector{std::move(*problem)});
}

arma::mat draw_inputs(const InputSpec& x, std::uint64_t dims, std::uint64_t count, Random random) {
  arma::mat inputs(dims, count);
  switch (x.kind) {
    case InputSpec::Kind::uniform:
      inputs.imbue([&] { return random.uniform(x.a, x.b); });
      break;
    case InputSpec::Kind::normal:
      inputs.imbue([&] { return random.normal(x.a, x.b); });
      break;
    case InputSpec::Kind::midpoints:
      for (std::uint64_t i = 0; i < count; ++i)
        inputs[i] = x.a + (x.b - x.a) * (double(i) + 0.5) / double(count);
  }
  return inputs;
}

// Everything a draw needs; copied into the source.
struct Design {
  SyntheticSpec spec;
  TargetKind kind;
  std::uint64_t seed;
  std::vector<Function> functions;  // of each target

  arma::mat expectation(const arma::mat& inputs) const {
    arma::mat values(functions.size(), inputs.n_cols);
    for (arma::uword k = 0; k < values.n_rows; ++k) {
      values.row(k) = functions[k](inputs);
      for (arma::uword i = 0; i < values.n_cols; ++i)
        if (const auto wrong = truth_objection(values(k, i), spec.noise, kind); !wrong.empty())
          throw Error::about("data.synthetic.function",
                             fmt::format("function '{}' is {} at {}; {}", functions[k].text(),
                                         values(k, i), show(inputs.col(i)), wrong));
    }
    return values;
  }

  Dataset training(std::uint64_t inputs, std::uint64_t noise) const {
    Dataset data;
    data.features = draw_inputs(spec.x, spec.dims, spec.train, {seed, "inputs", inputs});
    draw_targets(data, expectation(data.features), spec.noise, kind, {seed, "noise", noise});
    flip_labels(data, spec.label_flip, kind, 2, {seed, "label-noise", noise});
    return data;
  }

  Dataset validation() const {
    Dataset data;
    if (spec.validation == 0) return data;
    data.features =
        draw_inputs(spec.validation_x, spec.dims, spec.validation, {seed, "validation-inputs"});
    draw_targets(data, expectation(data.features), spec.noise, kind, {seed, "validation-noise"});
    return data;
  }

  TestSet test() const {
    TestSet test;
    auto& data = test.data;
    data.features = draw_inputs(spec.test_x, spec.dims, spec.test, {seed, "test-inputs"});
    if (spec.test == 0) return test;
    const auto values = expectation(data.features);
    draw_targets(data, values, spec.noise, kind, {seed, "test-noise"});
    set_truth(test, values, spec.noise, kind);
    return test;
  }
};

}  // namespace

DataSource synthetic(const SyntheticSpec& spec, TargetKind kind, std::uint64_t seed) {
  if (spec.train == 0) throw Error::at("data.synthetic.train", "0 samples; at least 1 is needed");
  if (spec.dims == 0) throw Error::at("data.synthetic.dims", "0 inputs; at least 1 is needed");
  check(spec.x, spec.dims);
  if (spec.test > 0) check(spec.test_x, spec.dims);
  if (spec.validation > 0) check(spec.validation_x, spec.dims);
  check(spec.noise, kind);

  check_flip(spec.label_flip, kind, "data.synthetic.labels.flip");
  const auto outputs = spec.function.size();
  if (outputs == 0)
    throw Error::at("data.synthetic.function", "no function; at least one is needed");
  if (outputs > 1 && kind == TargetKind::classes)
    throw Error::at("data.synthetic.function",
                    fmt::format("the loss wants classes of one function, not "
                                "of {}",
                                outputs));
  Design design{spec, kind, seed, {}};
  for (const auto& function : spec.function) design.functions.emplace_back(function, spec.dims);
  DataSource source;
  source.names.inputs = source.first.inputs = input_names(spec.dims);
  for (std::size_t k = 0; k < outputs; ++k)
    source.names.targets.push_back(outputs == 1 ? "y" : fmt::format("y{}", k + 1));
  if (kind == TargetKind::classes) source.names.classes = {"0", "1"};
  source.first.test = design.test();
  source.first.validation = design.validation();
  source.first.preparation.kind = kind;
  source.first.preparation.targets = source.names.targets;
  source.first.preparation.classes = source.names.classes;
  source.first.pool = design.training(0, 0);
  if (auto warning = variance_warning(spec.noise); !warning.empty())
    source.first.warnings.push_back(std::move(warning));
  source.first.draw = [design](auto inputs, auto noise) { return design.training(inputs, noise); };
  return source;
}

}  // namespace descent::data
