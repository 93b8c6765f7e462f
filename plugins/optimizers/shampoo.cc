// SPDX-License-Identifier: MIT
// Shampoo (Gupta, Koren & Singer 2018, algorithm 1). A side of a block that is longer than 512
// keeps the diagonal of its statistics only.
#include "sdk/matrix_root.h"
#include "sdk/optimizer.h"

constexpr arma::uword longest_side = 512;

// One side of a block: its sum of G G' (or G' G) and that sum's inverse root, in the state.
template <class T>
struct Side {
  static arma::uword elements(arma::uword n) { return n <= longest_side ? n * n : n; }

  Side(T* memory, arma::uword n, bool is_left)
      : sum(memory, n, elements(n) / n, false, true),
        root(memory + elements(n), n, elements(n) / n, false, true),
        left(is_left) {}

  bool is_full() const { return sum.n_rows <= longest_side; }

  void add(const descent::Mat<T>& g, T* memory) {
    if (is_full()) {
      descent::Mat<T> product(memory, sum.n_rows, sum.n_rows, false, true);
      if (left)
        product = g * g.t();
      else
        product = g.t() * g;
      sum += product;
    } else {
      for (arma::uword j = 0; j < g.n_cols; ++j)
        for (arma::uword i = 0; i < g.n_rows; ++i) sum[left ? i : j] += g(i, j) * g(i, j);
    }
  }

  void take_root(double eps, int p, T* memory) {
    if (is_full())
      descent::inverse_root(sum, eps, p, root, memory);
    else
      root = arma::pow(sum + T(eps), T(-1.0 / p));
  }

  // product = root g, or g root.
  void apply(const descent::Mat<T>& g, descent::Mat<T>& product) const {
    if (!is_full()) {
      for (arma::uword j = 0; j < g.n_cols; ++j)
        for (arma::uword i = 0; i < g.n_rows; ++i) product(i, j) = root[left ? i : j] * g(i, j);
    } else if (left) {
      product = root * g;
    } else {
      product = g * root;
    }
  }

  descent::Mat<T> sum, root;
  bool left;
};

struct Shampoo {
  static constexpr auto doc = "Shampoo: gradients preconditioned along rows and columns";
  static constexpr auto formula =
      "L += G G', R += G' G, V = momentum V + (L + eps I)^(-1/4) G (R + eps I)^(-1/4), W -= lr V; "
      "for a single row or column only its own side, to the power -1/2";
  static constexpr auto source = "Gupta, Koren & Singer 2018, arXiv:1802.09568, algorithm 1";

  double lr = 1e-1, momentum = 0, eps = 1e-4, weight_decay = 0;
  int interval = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(eps, "eps", 1e-30, 1e6, "added to the diagonals before the roots");
    hyper(weight_decay, "weight_decay", 0, 1e6, "weight_decay x is added to the gradient");
    hyper(interval, "interval", 1, 1'000'000, "steps between computations of the roots");
  }

  std::uint64_t state_size(std::span<const descent_block> blocks) const {
    std::uint64_t size = 0;
    for (const auto& b : blocks)
      size += 2 * (Side<double>::elements(b.rows) + Side<double>::elements(b.cols));
    return size;
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& velocity) const {
    T* const memory =
        host.scratch(2 * x.n_elem + descent::root_memory(std::min(longest_side, x.n_elem)));
    T* const squares = memory + 2 * x.n_elem;
    auto state = host.state();
    T* next = state.memptr();
    for (const auto& b : host.blocks()) {
      auto w = descent::part(x, b), v = descent::part(velocity, b);
      descent::Mat<T> g(memory, b.rows, b.cols, false, true);
      descent::Mat<T> other(memory + x.n_elem, b.rows, b.cols, false, true);
      Side<T> left(next, b.rows, true);
      next += 2 * Side<T>::elements(b.rows);
      Side<T> right(next, b.cols, false);
      next += 2 * Side<T>::elements(b.cols);
      const bool along_rows = b.rows > 1 || b.cols == 1, along_cols = b.cols > 1;
      const auto precondition = [&](Side<T>& side) {
        if (std::uint64_t(host.t() - 1) % std::uint64_t(interval) == 0)
          side.take_root(eps, along_rows && along_cols ? 4 : 2, squares);
        side.apply(g, other);
        g = other;
      };
      g = descent::part(gradient, b) + T(weight_decay) * w;
      if (along_rows) left.add(g, squares);
      if (along_cols) right.add(g, squares);
      if (along_rows) precondition(left);
      if (along_cols) precondition(right);
      v = T(momentum) * v + g;
      w -= T(lr) * v;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Shampoo);
