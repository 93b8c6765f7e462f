// SPDX-License-Identifier: MIT
#include "conformance/vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/error.h"
#include "base/file.h"
#include "conformance/checks.h"
#include "conformance/problems.h"
#include "host/loss.h"
#include "host/optimizer.h"
#include "host/regularizer.h"

namespace descent::conformance {
namespace {

using nlohmann::json;

// Requirements on a case; otherwise nothing is computed from it.
void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

constexpr arma::uword most_values = 1'000'000;
constexpr std::uint64_t most_case_steps = 1'000'000;

std::uint64_t whole_number(const json& value, std::uint64_t most, const char* what) {
  require(value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
              value.get<std::uint64_t>() <= most,
          what);
  return value.get<std::uint64_t>();
}

arma::mat matrix(const json& rows) {
  const bool flat = rows.empty() || !rows[0].is_array();
  const std::size_t columns = flat ? 1 : rows[0].size();
  require(columns == 0 || rows.size() <= most_values / columns, "too many values");
  arma::mat m(rows.size(), columns);
  for (arma::uword i = 0; i < m.n_rows; ++i)
    for (arma::uword j = 0; j < m.n_cols; ++j)
      m(i, j) = flat ? rows[i].get<double>() : rows[i].at(j).get<double>();
  return m;
}

arma::mat samples(const json& rows) { return matrix(rows).t(); }

// Parameters of the reference that are not hyperparameters here may be given with the value that
// changes nothing. Text names a flag: {"mode": "x"} sets x.
std::vector<double> settled(const host::Plugin& plugin, const json& parameters) {
  std::map<std::string, double> given;
  for (const auto& [name, value] : parameters.items()) {
    const bool neutral = value.is_null() || (name == "maximize" && value == json(false));
    if (name == "reduction" || (neutral && plugin.hyperparameter_index(name) < 0)) continue;
    if (value.is_string())
      given[value.get<std::string>()] = 1;
    else
      given[name] = value.is_boolean() ? double(value.get<bool>()) : value.get<double>();
  }
  return plugin.settle(given).hyperparameters;
}

// The largest deviation so far. In float, tolerances are at least `least` of the largest number.
class Judge {
 public:
  explicit Judge(std::string id) { worst_.id = std::move(id); }

  void in_float(double least) { least_ = least; }

  void expect(double found, double expected, double tolerance, const std::string& what,
              double largest = 0) {
    tolerance = std::max(tolerance, least_ * std::max({1.0, std::abs(expected), largest}));
    const double off = std::abs(found - expected);
    const double deviation = off == 0 ? 0 : off / tolerance;
    if (deviation <= worst_.deviation) return;
    if (worst_.deviation != worst_.deviation) return;
    worst_.deviation = deviation;
    worst_.text = fmt::format("{}{}: {} instead of {}, tolerance {}", what,
                              least_ > 0 ? " in float32" : "", found, expected, tolerance);
  }

  void expect(const arma::mat& found, const arma::mat& expected, const arma::mat& tolerance,
              const std::string& what) {
    if (arma::size(found) != arma::size(expected))
      throw std::runtime_error(fmt::format("{} is {} x {}, not {} x {}", what, found.n_rows,
                                           found.n_cols, expected.n_rows, expected.n_cols));
    require(tolerance.n_elem == 1 || tolerance.n_elem == expected.n_elem,
            "the tolerance is of another size than what it is for");
    for (arma::uword i = 0; i < expected.n_elem; ++i)
      expect(found(i), expected(i), tolerance.n_elem == 1 ? tolerance(0) : tolerance(i), what,
             largest(expected));
  }

  void expect_all(const arma::mat& found, const arma::mat& expected, double tolerance,
                  const std::string& what) {
    expect(found, expected, arma::mat(1, 1, arma::fill::value(tolerance)), what);
  }

  const Comparison& worst() const { return worst_; }

 private:
  Comparison worst_;
  double least_ = 0;
};

template <class T>
arma::Mat<T> as(const arma::mat& m) {
  return arma::conv_to<arma::Mat<T>>::from(m);
}
template <class T>
arma::mat in_double(const arma::Mat<T>& m) {
  return arma::conv_to<arma::mat>::from(m);
}

// What says that a case is not for float: it is at a point that float does not have.
bool is_for_float(const json& one) {
  const std::string note = one.value("note", "");
  const auto says = [&](const char* word) { return note.find(word) != note.npos; };
  if (one.contains("problem"))
    return one["problem"].value("kind", "") == "gradient_sequence" && !says("1e");
  for (const char* word : {"extreme", "large", "exactly", "next to", "clamped"})
    if (says(word)) return false;
  return true;
}

// A single variance per sample is that of all its outputs.
arma::mat prediction_of(const json& one) {
  arma::mat mean = samples(one.at("prediction"));
  if (!one.contains("variance")) return mean;
  const arma::mat variance = samples(one.at("variance"));
  require(variance.n_cols == mean.n_cols && variance.n_rows > 0, "a variance is for each sample");
  return arma::join_cols(mean, arma::repmat(variance, mean.n_rows / variance.n_rows, 1));
}

host::Targets<double> targets_of(const json& one) {
  host::Targets<double> targets;
  const auto& given = one.at("target");
  if (given.at(0).is_number_integer()) {
    for (const auto& label : given) require(label.is_number_integer(), "classes are whole numbers");
    targets.classes = given.get<std::vector<std::int64_t>>();
  } else {
    targets.values = samples(given);
  }
  if (one.contains("weights")) targets.weights = samples(one.at("weights"));
  return targets;
}

arma::vec class_weight_of(const host::Plugin& plugin, const json& one) {
  for (const std::string key : {"class_weight", "pos_weight"}) {
    if (!one.contains(key)) continue;
    if (!plugin->class_weight || plugin->class_weight != key)
      throw std::runtime_error(fmt::format("{} takes no {}", plugin.label(), key));
    return matrix(one.at(key));
  }
  return {};
}

// The class of the samples that do not count; for a loss without one, a class without samples.
std::int64_t ignored_class(const host::Plugin& plugin, const std::vector<double>& hyperparameters) {
  const int i = plugin.hyperparameter_index("ignore_index");
  return i < 0 ? std::numeric_limits<std::int64_t>::min()
               : std::int64_t(hyperparameters[std::size_t(i)]);
}

void check_sizes(const arma::mat& x, const host::Targets<double>& targets, const arma::vec& weight,
                 std::int64_t ignored) {
  require(!x.is_empty(), "there is no prediction");
  if (targets.classes.empty()) {
    const auto& y = targets.values;
    require(y.n_cols == x.n_cols && (y.n_rows == x.n_rows || 2 * y.n_rows == x.n_rows),
            "a target is for each prediction");
  } else {
    require(targets.classes.size() == x.n_cols, "a target is for each sample");
    for (const auto c : targets.classes)
      require(c == ignored || (c >= 0 && std::uint64_t(c) < std::max<arma::uword>(x.n_rows, 2)),
              "no such class");
  }
  const auto& w = targets.weights;
  require(w.is_empty() || (w.n_cols == x.n_cols && (w.n_rows == 1 || w.n_rows == x.n_rows)),
          "a weight is for each sample or each prediction");
  require(weight.is_empty() || weight.n_elem >= x.n_rows, "a class has no weight");
}

template <class T>
void compare_loss(const host::Plugin& plugin, const json& one, Judge& judge) {
  const std::string reduction = one.at("params").at("reduction");
  const arma::mat x = prediction_of(one);
  const auto targets = targets_of(one);
  const auto class_weight = class_weight_of(plugin, one);
  const auto hyperparameters = settled(plugin, one.at("params"));
  check_sizes(x, targets, class_weight, ignored_class(plugin, hyperparameters));
  host::Loss<T> loss(plugin, hyperparameters, as<T>(class_weight).as_col(),
                     reduction == "mean" ? DESCENT_MEAN : DESCENT_SUM);
  const double divisor = reduction == "batchmean" ? double(x.n_cols) : 1;
  const auto& tolerance = one.at("tolerance");
  const arma::Mat<T> given = as<T>(x);
  const host::Targets<T> wanted{as<T>(targets.values), targets.classes, as<T>(targets.weights)};
  arma::Mat<T> written(arma::size(x));
  const double value = loss.evaluate(given, wanted, &written) / divisor;
  const arma::mat slope = in_double<T>(written) / divisor;
  judge.expect(value, one.at("value"), tolerance.at("value"), "value");
  judge.expect(loss.evaluate(given, wanted, nullptr) / divisor, one.at("value"),
               tolerance.at("value"), "value without gradient");
  const arma::mat expected = samples(one.at("gradient"));
  require(expected.n_rows <= slope.n_rows, "the gradient has more rows than the prediction");
  judge.expect_all(slope.head_rows(expected.n_rows), expected, tolerance.at("gradient"),
                   "gradient");
  if (!one.contains("variance")) return;
  const arma::mat variance = samples(one.at("gradient_variance"));
  arma::mat lower = slope.tail_rows(slope.n_rows / 2);
  if (variance.n_rows == 1) lower = arma::mat(arma::sum(lower, 0));
  judge.expect_all(lower, variance, tolerance.at("gradient_variance"), "gradient_variance");
}

template <class T>
void compare_regularizer(const host::Plugin& plugin, const json& one, Judge& judge) {
  const arma::mat w = matrix(one.at("weights"));
  require(!w.is_empty(), "there are no weights");
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, w.n_rows, w.n_cols, false}};
  host::Regularizer<T> regularizer(plugin, settled(plugin, one.at("params")), blocks);
  arma::Col<T> gradient(w.n_elem, arma::fill::zeros);
  const auto& tolerance = one.at("tolerance");
  judge.expect(regularizer.penalty(as<T>(w).as_col(), &gradient), one.at("value"),
               tolerance.at("value"), "value");
  judge.expect_all(in_double<T>(gradient), arma::vectorise(matrix(one.at("gradient"))),
                   tolerance.at("gradient"), "gradient");
}

// The files write tensors row-major, the host keeps blocks column-major; order[i] is the place in
// the file of the host's element i.
struct Layout {
  std::vector<descent_block> blocks;
  arma::uvec order;

  explicit Layout(const json& shapes) {
    for (const auto& shape : shapes) {
      const char* wrong = "the shapes hold no values, or too many";
      const arma::uword rows = whole_number(shape.at(0), most_values, wrong);
      const arma::uword cols = shape.size() > 1 ? whole_number(shape.at(1), most_values, wrong) : 1;
      require(0 < rows && 0 < cols && cols <= most_values / rows &&
                  order.n_elem + rows * cols <= most_values,
              wrong);
      const arma::uword start = order.n_elem;
      blocks.push_back({"tensor", start, rows, cols, shape.size() == 1});
      order.resize(start + rows * cols);
      for (arma::uword i = 0; i < rows; ++i)
        for (arma::uword j = 0; j < cols; ++j) order(start + i + j * rows) = start + i * cols + j;
    }
  }

  arma::vec host(const json& flat) const {
    const arma::mat values = matrix(flat);
    require(values.n_cols == 1 && values.n_rows == order.n_elem,
            "there must be as many values as the shapes hold");
    return arma::vec(values.elem(order));
  }
};

// A layout of this many weights.
Problem problem_of(const json& given, arma::uword size) {
  const std::string kind = given.at("kind");
  if (kind == "rosenbrock") return rosenbrock(given.at("a"), given.at("c"));
  if (kind == "quadratic") {
    const arma::mat a = matrix(given.at("A")), b = matrix(given.at("b"));
    require(a.n_rows == size && a.n_cols == size && b.n_rows == size && b.n_cols == 1,
            "A and b must be of the size of x0");
    return quadratic(a, b.col(0));
  }
  const arma::mat inputs = samples(given.at("inputs")), targets = samples(given.at("targets"));
  require(inputs.n_cols > 0 && inputs.n_cols == targets.n_cols &&
              size == targets.n_rows * (inputs.n_rows + 1),
          "inputs, targets and x0 do not fit together");
  if (kind == "least_squares") return least_squares(inputs, targets);
  if (kind == "logistic_regression") {
    require(targets.n_rows == 1, "a logistic regression has one output");
    return logistic_regression(inputs, targets.row(0));
  }
  throw std::runtime_error("unknown problem: " + kind);
}

template <class T>
void compare_optimizer(const host::Plugin& plugin, const json& one, Judge& judge) {
  const Layout layout(one.at("shapes"));
  const auto& given = one.at("problem");
  const auto& steps = one.at("steps");
  require(steps.is_array() && !steps.empty(), "no step is named");
  for (const auto& step : steps)
    whole_number(step, most_case_steps, "a step is no whole number, or beyond the 1000000th");
  const bool sequence = given.at("kind") == "gradient_sequence";
  const Problem problem = sequence ? Problem() : problem_of(given, layout.order.n_elem);
  arma::Col<T> x = as<T>(layout.host(one.at("x0"))), gradient(x.n_elem);
  host::Optimizer<T> optimizer(plugin, settled(plugin, one.at("params")), x.n_elem, layout.blocks,
                               steps.back().get<std::uint64_t>());
  const host::Objective<T> objective = [&](const arma::Col<T>& at, arma::Col<T>* slope) {
    if (!problem) throw std::runtime_error("needs the objective, but only gradients are given");
    arma::vec exact;
    const double value = problem(in_double<T>(at), exact);
    if (slope) *slope = as<T>(exact);
    return value;
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    while (optimizer.steps() < steps[i].get<std::uint64_t>()) {
      const auto t = optimizer.steps();
      if (sequence)
        gradient = as<T>(layout.host(given.at("gradients").at(t)));
      else
        objective(x, &gradient);
      optimizer.step(x, gradient, t + 1, t, objective);
    }
    const auto when = fmt::format(" after step {}", steps[i].dump());
    const arma::vec tolerance = layout.host(one.at("tolerance").at(i));
    judge.expect(in_double<T>(x), layout.host(one.at("x").at(i)), tolerance, "x" + when);
    if (one.contains("average"))
      judge.expect(in_double<T>(optimizer.evaluation_weights(x)), layout.host(one["average"].at(i)),
                   tolerance, "average" + when);
    if (one.contains("value"))
      judge.expect(objective(x, nullptr), one["value"].at(i), one.at("tolerance_value").at(i),
                   "value" + when);
  }
}

template <class T>
void compare_as(const host::Plugin& plugin, const json& one, Judge& judge) {
  if (plugin->kind == DESCENT_LOSS)
    compare_loss<T>(plugin, one, judge);
  else if (plugin->kind == DESCENT_OPTIMIZER)
    compare_optimizer<T>(plugin, one, judge);
  else
    compare_regularizer<T>(plugin, one, judge);
}

// "" where it is missing or no text.
std::string text_at(const json& one, const std::string& key) {
  const auto found = one.find(key);
  return found != one.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_about(const json& one, const host::Plugin& plugin) {
  if (!one.is_object()) return false;
  const auto id = text_at(one, "id");
  return !id.empty() && !id.starts_with("training/") &&
         text_at(one, host::kind_name(plugin->kind)) == plugin->name;
}

}  // namespace

std::vector<json> cases_for(const host::Plugin& plugin, const std::string& path) {
  const auto text = read_file(path);
  if (!text) throw Error({path, 0, 0}, "cannot be read");
  auto all = json::parse(*text, nullptr, false);
  if (!all.is_array())
    throw Error({path, 0, 0}, "is not a file of reference cases: a JSON array of objects");
  std::vector<json> mine;
  for (auto& one : all)
    if (is_about(one, plugin)) mine.push_back(std::move(one));
  return mine;
}

Comparison compare(const host::Plugin& plugin, const json& one) {
  Judge judge(one.at("id"));
  try {
    compare_as<double>(plugin, one, judge);
    if (!is_for_float(one)) return judge.worst();
    judge.in_float(plugin->kind == DESCENT_LOSS ? 1e-5 : 1e-4);
    compare_as<float>(plugin, one, judge);
    return judge.worst();
  } catch (const std::exception& error) {
    return {one.at("id"), std::numeric_limits<double>::infinity(), error.what()};
  }
}

}  // namespace descent::conformance
