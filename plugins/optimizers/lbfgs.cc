// SPDX-License-Identifier: MIT
// Limited-memory BFGS (Liu & Nocedal 1989; Nocedal & Wright 2006, algorithms 7.4 and 7.5), with the
// first step, the damping and the criteria of PyTorch.
#include "sdk/line_search.h"
#include "sdk/optimizer.h"

// The last changes of x (s) and of the gradient (y), a column each, oldest overwritten first.
template <class T>
struct Curvature {
  descent::Mat<T> s, y;
  T& count;  // pairs so far
  T* alpha;  // one a pair

  arma::uword held() const { return std::min(arma::uword(count), s.n_cols); }
  arma::uword column(arma::uword age) const { return (arma::uword(count) - 1 - age) % s.n_cols; }

  // Pairs along which the function does not curve upwards are left out.
  void add(const descent::Vec<T>& move, const descent::Vec<T>& bend) {
    if (arma::dot(bend, move) <= T(1e-10)) return;
    count += 1;
    s.col(column(0)) = move;
    y.col(column(0)) = bend;
  }

  // d becomes the inverse Hessian times d: the two-loop recursion.
  void apply(descent::Vec<T>& d) const {
    const auto rho = [&](arma::uword j) { return 1 / arma::dot(y.col(j), s.col(j)); };
    for (arma::uword age = 0; age < held(); ++age) {
      const auto j = column(age);
      alpha[j] = rho(j) * arma::dot(s.col(j), d);
      d -= alpha[j] * y.col(j);
    }
    if (held() == 0) return;
    const auto last = column(0);
    d *= arma::dot(y.col(last), s.col(last)) / arma::dot(y.col(last), y.col(last));
    for (auto age = held(); age-- > 0;) {
      const auto j = column(age);
      d += (alpha[j] - rho(j) * arma::dot(y.col(j), d)) * s.col(j);
    }
  }
};

struct Lbfgs {
  static constexpr auto doc = "L-BFGS: quasi-Newton steps, best on full batches";
  static constexpr auto formula =
      "x += t d, d = -H g, H from the last pairs of changes by the two-loop recursion";
  static constexpr auto source =
      "Liu & Nocedal 1989; Nocedal & Wright 2006, algorithms 7.4, 7.5, 3.5, 3.6";
  static constexpr auto settings = "strong_wolfe=1";

  double lr = 1, tolerance_grad = 1e-7, tolerance_change = 1e-9;
  int max_iter = 20, max_eval = 0, history_size = 100;
  bool strong_wolfe = false;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size, or the first one that the line search tries");
    hyper(max_iter, "max_iter", 1, 1'000'000, "iterations per step");
    hyper(max_eval, "max_eval", 0, 1'000'000, "evaluations per step; 0: 5/4 of max_iter");
    hyper(tolerance_grad, "tolerance_grad", 0, 1e6,
          "stop if the largest element of the gradient is at most this");
    hyper(tolerance_change, "tolerance_change", 0, 1e6,
          "stop if x or the objective changes by less than this");
    hyper(history_size, "history_size", 1, 10'000, "pairs of changes kept");
    hyper(strong_wolfe, "strong_wolfe", "use a line search with the strong Wolfe conditions");
  }

  std::uint64_t state_size(std::span<const descent_block> blocks) const {
    std::uint64_t size = 0;
    for (const auto& block : blocks) size += block.rows * block.cols;
    return 2 * std::uint64_t(history_size) * size + 1;
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>&, const descent::Step<T>& host,
            descent::Vec<T>& move, descent::Vec<T>& last_gradient) const {
    const auto n = x.n_elem, pairs = arma::uword(history_size);
    T* const memory = host.scratch(5 * n + pairs);
    const auto vector = [&](arma::uword i) {
      return descent::Vec<T>(memory + i * n, n, /*copy=*/false, /*strict=*/true);
    };
    descent::Vec<T> d = vector(0), start = vector(1);
    descent::Vec<T> gradients[] = {vector(2), vector(3), vector(4)};
    auto& g = gradients[0];
    auto state = host.state();
    T* const kept = state.memptr();
    Curvature<T> curvature{{kept, n, pairs, false, true},
                           {kept + n * pairs, n, pairs, false, true},
                           kept[2 * n * pairs],
                           memory + 5 * n};

    double value = host.evaluate(x, g);
    int evaluations = 1;
    if (arma::norm(g, "inf") <= tolerance_grad) return;
    for (int iteration = 1;; ++iteration) {
      const bool first = move.is_zero();  // of the whole run
      if (!first) {
        d = g - last_gradient;
        curvature.add(move, d);
      }
      d = -g;
      curvature.apply(d);
      last_gradient = g;
      const double slope = arma::dot(g, d), before = value;
      double length = first ? std::min(1.0, 1 / double(arma::norm(g, 1))) * lr : lr;
      move = T(length) * d;
      if (slope > -tolerance_change) return;

      if (strong_wolfe) {
        start = x;
        const auto at = [&](double t, int i) -> descent::LinePoint {
          x = start + T(t) * d;
          ++evaluations;
          const double found = host.evaluate(x, gradients[i]);
          return {t, found, double(arma::dot(gradients[i], d)), i};
        };
        const auto best =
            descent::strong_wolfe(at, {0, value, slope, 0}, length, double(arma::norm(d, "inf")));
        move = T(best.t) * d;
        x = start + move;
        value = best.value;
        if (best.gradient != 0) g = gradients[best.gradient];
      } else {
        x += move;
        if (iteration < max_iter) value = host.evaluate(x, g), ++evaluations;
      }
      const int most = max_eval > 0 ? max_eval : max_iter * 5 / 4;
      if (iteration >= max_iter || evaluations >= most || arma::norm(g, "inf") <= tolerance_grad ||
          arma::norm(move, "inf") <= tolerance_change ||
          std::abs(value - before) < tolerance_change)
        return;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Lbfgs);
