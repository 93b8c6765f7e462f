// SPDX-License-Identifier: MIT
// Checks of an optimizer: that it descends, its state, and its reaction to unusual gradients.
#include "host/optimizer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "conformance/allocations.h"
#include "conformance/checks.h"
#include "conformance/test_problems.h"

namespace descent::conformance {
namespace {

const Blocks large = {{"linear0.weight", 0, 100, 100, false}};
constexpr arma::uword large_size = 10'000;

arma::vec draw(std::mt19937_64& engine, arma::uword n = layered_size) {
  std::normal_distribution<double> normal;
  arma::vec v(n);
  for (auto& x : v) x = normal(engine);
  return v;
}

template <class T>
host::Objective<T> objective(const Problem& problem) {
  return [&problem](const arma::Col<T>& at, arma::Col<T>* slope) {
    arma::vec gradient;
    const double value = problem(arma::conv_to<arma::vec>::from(at), gradient);
    if (slope) *slope = arma::conv_to<arma::Col<T>>::from(gradient);
    return value;
  };
}

constexpr int many_steps = 20'000;

// The share of the objective that remains: 1 is no descent at all.
template <class Next>
double left(const host::Plugin& plugin, const TestProblem& test, Next&& next) {
  arma::vec x = test.start, gradient;
  host::Optimizer<double> optimizer(plugin, with_settings(plugin, plugin->settings), x.n_elem,
                                    test.blocks, many_steps);
  const double start = test.problem(x, gradient);
  for (int t = 1; t <= many_steps; ++t) {
    const Problem& now = next();
    now(x, gradient);
    optimizer.step(x, gradient, std::uint64_t(t), std::uint64_t(t), objective<double>(now));
  }
  return test.problem(optimizer.evaluation_weights(x), gradient) / start;
}

std::string under(const host::Plugin& plugin) {
  return fmt::format(
      "of the start's value is left after {} steps {}", many_steps,
      plugin->settings ? std::string("at ") + plugin->settings : std::string("at the defaults"));
}

Finding descends(const host::Plugin& plugin, TestProblem test) {
  const auto next = [&]() -> const Problem& { return test.problem; };
  return {left(plugin, test, next), 0.5, under(plugin)};
}

Finding descends_in_noise(const host::Plugin& plugin) {
  NoisyLine line;
  const TestProblem test{
      line.whole(), {0, 0}, {{"linear0.weight", 0, 1, 1, false}, {"linear0.bias", 1, 1, 1, true}}};
  Problem batch;
  const auto next = [&]() -> const Problem& { return batch = line.next(); };
  return {left(plugin, test, next), 0.5, under(plugin)};
}

// A walk over given gradients; evaluate answers with a bowl.
template <class T = double>
class Walk {
 public:
  Walk(const host::Plugin& plugin, std::vector<double> hypers, const Blocks& blocks = layered,
       arma::uword n = layered_size)
      : blocks_(blocks),
        optimizer_(plugin, std::move(hypers), n, blocks_, 100),
        x_(n, arma::fill::ones) {}
  Walk(const Walk&) = delete;

  void step(const arma::Col<T>& gradient) {
    const auto t = optimizer_.steps() + 1;
    optimizer_.step(x_, gradient, t, t, [](const arma::Col<T>& at, arma::Col<T>* slope) {
      if (slope) *slope = at;
      return double(arma::dot(at, at)) / 2;
    });
  }

  // Steps first+1 .. last of the usual gradients.
  void go(int first, int last) {
    std::mt19937_64 engine(4);
    for (int t = 1; t <= last; ++t) {
      const arma::vec gradient = draw(engine, x_.n_elem);
      if (t > first) step(arma::conv_to<arma::Col<T>>::from(gradient));
    }
  }

  arma::Col<T>& x() { return x_; }
  host::Optimizer<T>& optimizer() { return optimizer_; }

 private:
  Blocks blocks_;
  host::Optimizer<T> optimizer_;
  arma::Col<T> x_;
};

template <class T>
double apart(const arma::Col<T>& a, const arma::Col<T>& b) {
  return largest<T>(a - b);
}

Finding zero_gradient(const host::Plugin& plugin) {
  if (has_trait(plugin, DESCENT_DECAYS)) return {0, no_limit, "declared: weights decay"};
  auto hypers = defaults(plugin);
  if (const int i = plugin.hyper_index("weight_decay");
      i >= 0 && plugin.objection(std::size_t(i), 0).empty())
    hypers[std::size_t(i)] = 0;
  host::Optimizer<double> optimizer(plugin, hypers, layered_size, layered, 100);
  const arma::vec start(layered_size, arma::fill::ones), gradient(layered_size, arma::fill::zeros);
  arma::vec x = start;
  for (std::uint64_t t = 1; t <= 3; ++t)
    optimizer.step(x, gradient, t, t, [](const arma::vec&, arma::vec* slope) {
      if (slope) slope->zeros();
      return 0.0;
    });
  return {apart(x, start), 1e-12, "how far three zero gradients move the weights"};
}

Finding resumes(const host::Plugin& plugin) {
  Walk whole(plugin, defaults(plugin)), first(plugin, defaults(plugin)),
      second(plugin, defaults(plugin));
  whole.go(0, 20);
  first.go(0, 10);
  second.x() = first.x();
  second.optimizer().restore(first.optimizer().memory());
  second.go(10, 20);
  return {apart(whole.x(), second.x()), 0, "10 steps, the slots copied, 10 more, against 20"};
}

Finding deterministic(const host::Plugin& plugin) {
  Walk one(plugin, defaults(plugin)), other(plugin, defaults(plugin));
  one.go(0, 20);
  other.go(0, 20);
  return {apart(one.x(), other.x()), 0, "two equal runs of 20 steps"};
}

// An optimizer for each block alone, against one for all.
Finding elementwise(const host::Plugin& plugin) {
  Walk whole(plugin, defaults(plugin));
  whole.go(0, 20);
  double worst = 0;
  for (const auto& block : layered) {
    const auto rows = block.rows * block.cols;
    auto alone = block;
    alone.offset = 0;
    Walk part(plugin, defaults(plugin), {alone}, rows);
    std::mt19937_64 engine(4);
    for (int t = 1; t <= 20; ++t)
      part.step(draw(engine).subvec(block.offset, block.offset + rows - 1));
    worst = worse(worst,
                  apart<double>(part.x(), whole.x().subvec(block.offset, block.offset + rows - 1)));
  }
  return {worst, 1e-12, "blocks alone against the whole"};
}

template <class T>
double not_finite_after(const host::Plugin& plugin, double gradient) {
  Walk<T> walk(plugin, defaults(plugin));
  for (int t = 0; t < 5; ++t) walk.step(arma::Col<T>(layered_size, arma::fill::value(T(gradient))));
  const arma::uvec wrong = arma::find_nonfinite(walk.x());
  return double(wrong.n_elem);
}

Finding extreme_gradient(const host::Plugin& plugin, double gradient) {
  return {not_finite_after<double>(plugin, gradient) + not_finite_after<float>(plugin, gradient), 0,
          "weights that are inf or nan after 5 steps"};
}

// Each of these can be distinguished from the outside; a crash or a hang cannot, and ends the
// check.
std::string outcome_of_nan(const host::Plugin& plugin) {
  Walk walk(plugin, defaults(plugin));
  arma::vec gradient(layered_size, arma::fill::ones);
  gradient(3) = arma::datum::nan;
  try {
    for (int t = 0; t < 3; ++t) walk.step(gradient);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  const arma::uvec wrong = arma::find_nonfinite(walk.x());
  if (wrong.is_empty()) return "ignored: all weights stay finite";
  return wrong.n_elem == 1 ? "the weight it belongs to becomes nan"
                           : fmt::format("{} of {} weights become nan", wrong.n_elem, layered_size);
}

// Keeps in `untouched` the slots that are still zero after some steps.
void strike_off(const host::Plugin& plugin, const std::vector<double>& hypers,
                std::vector<std::string>& untouched) {
  Walk walk(plugin, hypers);
  walk.go(0, 10);
  const auto slots = walk.optimizer().memory().slots;
  for (arma::uword i = 0; i < slots.n_cols; ++i)
    if (arma::any(slots.col(i) != 0)) std::erase(untouched, std::to_string(i + 1));
}

// Some slots serve a single option, so every hyperparameter is changed once.
Finding slots(const host::Plugin& plugin) {
  std::vector<std::string> untouched;
  for (std::uint32_t i = 0; i < plugin->slot_count; ++i) untouched.push_back(std::to_string(i + 1));
  strike_off(plugin, defaults(plugin), untouched);
  for (std::uint32_t i = 0; i < plugin->hyper_count && !untouched.empty(); ++i) {
    auto hypers = defaults(plugin);
    const bool flag = plugin->hypers[i].type == DESCENT_BOOLEAN;
    hypers[i] = flag ? 1 - hypers[i] : hypers[i] == 0 ? 0.5 : hypers[i];
    if (plugin.objection(i, hypers[i]).empty()) strike_off(plugin, hypers, untouched);
  }
  return {double(untouched.size()), 0,
          untouched.empty() ? fmt::format("of {} declared are never written", plugin->slot_count)
                            : fmt::format("never written: slot {}", fmt::join(untouched, ", "))};
}

Finding leaves_gradient(const host::Plugin& plugin) {
  Walk walk(plugin, defaults(plugin));
  std::mt19937_64 engine(5);
  double worst = 0;
  for (int t = 0; t < 10; ++t) {
    const arma::vec gradient = draw(engine), kept(gradient);
    walk.step(gradient);
    worst = worse(worst, apart(gradient, kept));
  }
  return {worst, 0, "change of the gradient it was given"};
}

Finding allocations_of_a_step(const host::Plugin& plugin) {
  if (!allocations_are_counted) return {0, no_limit, "not counted under a sanitizer"};
  Walk walk(plugin, defaults(plugin), large, large_size);  // small vectors need no heap
  const arma::vec gradient(large_size, arma::fill::ones);
  walk.step(gradient);
  constexpr int steps = 10;
  const auto before = allocations();
  for (int t = 0; t < steps; ++t) walk.step(gradient);
  return {double(allocations() - before) / steps, 0, "allocations a step after the first"};
}

// As training counts them: one for the gradient of the step, and those that the step asks for.
Finding evaluations(const host::Plugin& plugin) {
  constexpr std::uint64_t steps = 20;
  const auto test = banana();
  arma::vec x = test.start, gradient;
  host::Optimizer<double> optimizer(plugin, with_settings(plugin, plugin->settings), x.n_elem,
                                    test.blocks, steps);
  const auto objective_here = objective<double>(test.problem);
  double count = 0;
  const host::Objective<double> counted = [&](const arma::vec& at, arma::vec* slope) {
    ++count;
    return objective_here(at, slope);
  };
  for (std::uint64_t t = 1; t <= steps; ++t) {
    counted(x, &gradient);
    optimizer.step(x, gradient, t, t, counted);
  }
  return {count / double(steps), no_limit,
          fmt::format("evaluations a step, over {} steps of Rosenbrock", steps)};
}

Finding cost(const host::Plugin& plugin) {
  constexpr int steps = 50, tries = 3;
  Walk<float> walk(plugin, defaults(plugin), large, large_size);
  const arma::fvec gradient(large_size, arma::fill::value(1e-3f));
  walk.step(gradient);
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < tries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    for (int t = 0; t < steps; ++t) walk.step(gradient);
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count() / steps);
  }
  const auto memory = walk.optimizer().memory();
  const auto elements = memory.slots.n_elem + memory.state.n_elem;
  return {best, no_limit,
          fmt::format("ns a step of 10000 float32 weights; {} bytes of memory a weight",
                      4 * elements / large_size)};
}

}  // namespace

Check cost_of(const host::Plugin& optimizer) {
  return {"cost", [optimizer] { return cost(optimizer); }};
}

std::vector<Check> checks_of_optimizer(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"descends a bowl", [plugin] { return descends(plugin, bowl()); }},
      {"descends ill-conditioned", [plugin] { return descends(plugin, ill_conditioned()); }},
      {"descends Rosenbrock", [plugin] { return descends(plugin, banana()); }},
      {"descends a noisy line", [plugin] { return descends_in_noise(plugin); }},
      {"zero gradient", [plugin] { return zero_gradient(plugin); }},
      {"resumes", [plugin] { return resumes(plugin); }},
      {"deterministic", [plugin] { return deterministic(plugin); }},
      {"gradient 1e10", [plugin] { return extreme_gradient(plugin, 1e10); }},
      {"gradient 1e-30", [plugin] { return extreme_gradient(plugin, 1e-30); }},
      {"gradient nan",
       [plugin] {
         return Finding{0, no_limit, outcome_of_nan(plugin)};
       }},
      {"slots", [plugin] { return slots(plugin); }},
      {"gradient is left alone", [plugin] { return leaves_gradient(plugin); }},
      {"allocations", [plugin] { return allocations_of_a_step(plugin); }},
      {"evaluations", [plugin] { return evaluations(plugin); }},
      cost_of(plugin)};
  if (has_trait(plugin, DESCENT_ELEMENTWISE))
    all.insert(all.begin() + 7, {"elementwise", [plugin] { return elementwise(plugin); }});
  return all;
}

}  // namespace descent::conformance
