// SPDX-License-Identifier: MIT
// Checks of a penalty: its gradient, its sign, its proximal step.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>

#include <algorithm>
#include <random>

#include "autograd/gradient_check.h"
#include "conformance/checks.h"
#include "conformance/turned.h"
#include "host/regularizer.h"

namespace descent::conformance {
namespace {

// Two weight matrices, as penalties on weights see them; and two biases, as those on all do.
const std::vector<descent_block> matrices = {{"linear0.weight", 0, 4, 3, false},
                                             {"linear1.weight", 12, 2, 4, false}};
const std::vector<descent_block> all_blocks = {{"linear0.weight", 0, 4, 3, false},
                                               {"linear1.weight", 12, 2, 4, false},
                                               {"linear0.bias", 20, 4, 1, true},
                                               {"linear1.bias", 24, 2, 1, true}};
constexpr arma::uword size = 20, size_of_all = 26;

// At their defaults penalties are often too weak for a wrong proximal step to show.
std::vector<double> strong(const host::Plugin& plugin) {
  auto hypers = defaults(plugin);
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i)
    if (plugin->hypers[i].type == DESCENT_REAL && hypers[i] < 0.1 &&
        plugin.objection(i, 0.5).empty())
      hypers[i] = 0.5;
  return hypers;
}

template <class T = double>
host::Regularizer<T> at_work(const host::Plugin& plugin) {
  return {plugin, strong(plugin), matrices};
}

struct Draws {
  std::mt19937_64 engine{20240229};
  std::normal_distribution<double> normal;

  arma::vec vector(double scale = 1, arma::uword n = size) {
    arma::vec v(n);
    for (auto& x : v) x = scale * normal(engine);
    return v;
  }
};

double difference(host::Regularizer<double>& penalty, arma::uword n, double scale) {
  Draws draws;
  std::vector<arma::mat> w = {draws.vector(scale, n)};
  const arma::vec before = draws.vector(1, n);
  arma::vec sum = before;
  penalty.penalty(w[0].col(0), &sum);
  const std::vector<arma::mat> slope = {sum - before};
  return gradient_error(w, slope, [&] { return penalty.penalty(w[0].col(0), nullptr); });
}

Finding gradient(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  host::Regularizer<double> of_all(plugin, strong(plugin), all_blocks);
  double worst = 0;
  for (const double scale : {0.2, 1.0, 5.0})
    worst = worse(worst,
                  worse(difference(penalty, size, scale), difference(of_all, size_of_all, scale)));
  return {worst, 1e-6, "against central differences, added to what was there"};
}

Finding single_precision(const host::Plugin& plugin) {
  auto in_double = at_work(plugin);
  auto in_float = at_work<float>(plugin);
  Draws draws;
  double worst = 0;
  for (int i = 0; i < 10; ++i) {
    const arma::fvec w = arma::conv_to<arma::fvec>::from(draws.vector());
    arma::vec slope(size, arma::fill::zeros);
    arma::fvec float_slope(size, arma::fill::zeros);
    const double value = in_double.penalty(arma::conv_to<arma::vec>::from(w), &slope);
    const double difference = std::abs(in_float.penalty(w, &float_slope) - value);
    worst = worse(worst, difference / std::max(1.0, std::abs(value)));
    const arma::vec apart = slope - arma::conv_to<arma::vec>::from(float_slope);
    worst = worse(worst, largest(apart) / std::max(1.0, largest(slope)));
    if (!plugin->proximal[DESCENT_F64]) continue;
    arma::vec u = arma::conv_to<arma::vec>::from(w);
    arma::fvec v = w;
    in_double.proximal(u, 0.5);
    in_float.proximal(v, 0.5);
    worst =
        worse(worst, largest<double>(u - arma::conv_to<arma::vec>::from(v)) / largest<float>(w));
  }
  return {worst, 1e-5, "float against double, relative, and of the proximal step"};
}

// A constraint has a penalty of 0, but moves what violates it.
Finding moves(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  Draws draws;
  double moved = 0, slope = 0, shrunk = 0;
  for (const double scale : {0.1, 1.0, 1000.0}) {
    const arma::vec w = draws.vector(scale), other = draws.vector(2 * scale);
    arma::vec gradient(size, arma::fill::zeros), u = w;
    const double value = penalty.penalty(w, &gradient);
    moved = std::max(moved, std::abs(value - penalty.penalty(other, nullptr)));
    slope = std::max(slope, largest<double>(gradient));
    if (plugin->proximal[DESCENT_F64]) penalty.proximal(u, 0.5);
    shrunk = std::max(shrunk, largest<double>(u - w));
  }
  std::vector<std::string> idle;
  const bool constraint = !plugin->penalty[DESCENT_F64];
  if (!constraint && !(moved > 0)) idle.push_back("the penalty is the same for all weights");
  if (!constraint && !(slope > 0)) idle.push_back("the gradient is always 0");
  if (plugin->proximal[DESCENT_F64] && !(shrunk > 0))
    idle.push_back("the proximal step moves nothing");
  return {double(idle.size()), 0,
          idle.empty() ? "of penalty, gradient and proximal step that do nothing"
                       : fmt::format("{}", fmt::join(idle, "; "))};
}

// What the plugin makes of given weights: penalty, gradient and proximal step in one vector.
template <class T>
arma::vec answer(const host::Plugin& plugin, host::Regularizer<T>& penalty,
                 const arma::vec& given) {
  const arma::Col<T> w = arma::conv_to<arma::Col<T>>::from(given);
  arma::Col<T> gradient(w.n_elem, arma::fill::zeros), u = w;
  const double value = penalty.penalty(w, &gradient);
  if (plugin->proximal[DESCENT_F64]) penalty.proximal(u, 0.5);
  arma::vec all = arma::join_cols(arma::vec{value}, arma::conv_to<arma::vec>::from(gradient));
  return arma::join_cols(all, arma::conv_to<arma::vec>::from(u));
}

Finding all_act(const host::Plugin& plugin) {
  std::vector<std::string> idle;
  for (std::size_t i = 0; i < plugin->hyper_count; ++i) {
    bool acts = false;
    for (auto from : bases(plugin))
      for (const auto& other : turned(plugin, from, i)) {
        Draws draws;
        host::Regularizer<double> a(plugin, from, matrices), b(plugin, other, matrices);
        for (const double scale : {0.1, 1.0, 10.0}) {
          const arma::vec w = draws.vector(scale);
          acts = acts || !(largest<double>(answer(plugin, a, w) - answer(plugin, b, w)) <= 1e-12);
        }
      }
    if (!acts) idle.push_back(plugin->hypers[i].name);
  }
  return {double(idle.size()), 0,
          idle.empty()
              ? fmt::format("of {} hyperparameters change nothing when turned", plugin->hyper_count)
              : fmt::format("turned, they change nothing: {}", fmt::join(idle, ", "))};
}

template <class T>
double remembered(const host::Plugin& plugin) {
  auto penalty = at_work<T>(plugin);
  host::Regularizer<T> of_all(plugin, strong(plugin), all_blocks);
  Draws draws;
  const arma::vec w = draws.vector();
  const arma::vec first = answer<T>(plugin, penalty, w);
  double worst = 0;
  for (const int rubbish : {0xff, 0x3f}) {
    mallopt(M_PERTURB, rubbish);
    answer<T>(plugin, of_all, draws.vector(1, size_of_all));
    penalty.fill_scratch(std::byte(rubbish));
    worst = worse(worst, largest<double>(answer<T>(plugin, penalty, w) - first));
  }
  mallopt(M_PERTURB, 0);
  return worst;
}

Finding memory(const host::Plugin& plugin) {
  return {worse(remembered<double>(plugin), remembered<float>(plugin)), 0,
          "the same weights again, after others and in other working memory"};
}

Finding leaves_weights(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  Draws draws;
  const arma::vec w = draws.vector(), kept(w);
  arma::vec gradient(size, arma::fill::zeros);
  const double with = penalty.penalty(w, &gradient), without = penalty.penalty(w, nullptr);
  const double off = std::abs(with - without) / std::max(1.0, std::abs(with));
  return {worse(largest<double>(w - kept), off > 1e-12 ? off : 0), 0,
          "change of the weights it was given, and of the penalty without gradient"};
}

Finding never_negative(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  Draws draws;
  double worst = 0;
  for (const double scale : {1e-3, 1.0, 1e3})
    for (int i = 0; i < 100; ++i)
      worst = worse(worst, -penalty.penalty(draws.vector(scale), nullptr));
  return {worst, 0, "how far below 0 in 300 draws"};
}

Finding zero_at_zero(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  const double value = penalty.penalty(arma::vec(size, arma::fill::zeros), nullptr);
  if (has_trait(plugin, DESCENT_ZERO_ELSEWHERE)) return {value, no_limit, "declared: not 0"};
  return {std::abs(value), 1e-12, "penalty of zero weights"};
}

// The lowest value of f that a search by random directions finds from a start.
template <class F>
double search(arma::vec u, F&& f, Draws& draws) {
  double best = f(u);
  for (double radius = 1; radius > 1e-8;) {
    bool better = false;
    for (arma::uword i = 0; i < 3 * size; ++i) {
      arma::vec direction(size, arma::fill::zeros);
      if (i < 2 * size)
        direction(i / 2) = i % 2 ? 1 : -1;
      else
        direction = arma::normalise(draws.vector());
      const arma::vec there = u + radius * direction;
      if (const double value = f(there); value < best) {
        best = value;
        u = there;
        better = true;
      }
    }
    if (!better) radius /= 2;
  }
  return best;
}

Finding proximal(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  Draws draws;
  double worst = 0;
  for (const double step : {0.1, 1.0}) {
    const arma::vec w = draws.vector();
    arma::vec u = w;
    penalty.proximal(u, step);
    const auto objective = [&](const arma::vec& at) {
      return arma::accu(arma::square(at - w)) / 2 + step * penalty.penalty(at, nullptr);
    };
    const double found = objective(u);
    const double best = std::min(search(u, objective, draws), search(w, objective, draws));
    worst = worse(worst, (found - best) / std::max(1.0, best));
  }
  return {worst, 1e-8, "what a brute-force search still gains"};
}

// Onto weights without penalty, none of which lies nearer, and no further from there.
Finding projection(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  Draws draws;
  const arma::vec w = draws.vector(10);
  arma::vec nearest = w;
  penalty.proximal(nearest, 1);
  double worst = penalty.penalty(nearest, nullptr);
  arma::vec again = nearest;
  penalty.proximal(again, 1);
  worst = worse(worst, largest<double>(again - nearest));
  for (int i = 0; i < 1000; ++i) {
    arma::vec other = nearest + draws.vector(i % 2 ? 1 : 1e-3);
    penalty.proximal(other, 1);
    worst = worse(worst, arma::norm(nearest - w) - arma::norm(other - w));
  }
  return {worst, 1e-9, "declared a projection: penalty left, moved by a second, nearer ones"};
}

Finding no_step(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  Draws draws;
  const arma::vec w = draws.vector();
  arma::vec u = w;
  penalty.proximal(u, 0);
  return {largest<double>(u - w), 1e-12, "how far a step of size 0 moves"};
}

}  // namespace

std::vector<Check> checks_of_regularizer(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"gradient", [plugin] { return gradient(plugin); }},
      {"single precision", [plugin] { return single_precision(plugin); }},
      {"never negative", [plugin] { return never_negative(plugin); }},
      {"zero at zero", [plugin] { return zero_at_zero(plugin); }},
      {"moves", [plugin] { return moves(plugin); }},
      {"hyperparameters", [plugin] { return all_act(plugin); }},
      {"no memory", [plugin] { return memory(plugin); }},
      {"weights are left alone", [plugin] { return leaves_weights(plugin); }}};
  if (!plugin->proximal[DESCENT_F64]) return all;
  if (has_trait(plugin, DESCENT_PROJECTS)) {
    all.push_back({"proximal step projects", [plugin] { return projection(plugin); }});
    return all;
  }
  all.push_back({"proximal step minimises", [plugin] { return proximal(plugin); }});
  all.push_back({"proximal step of size 0", [plugin] { return no_step(plugin); }});
  return all;
}

}  // namespace descent::conformance
