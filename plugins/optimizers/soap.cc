// SPDX-License-Identifier: MIT
// SOAP (Vyas et al. 2024, algorithm 3). A side of a block that is longer than 512 is not rotated.
#include "sdk/decompositions.h"
#include "sdk/optimizer.h"

constexpr arma::uword longest_side = 512;

// One side of a block: the mean of G G' (or G' G) and the eigenvectors of it, in the state.
template <class T>
struct Side {
  static arma::uword elements(arma::uword n) { return n <= longest_side ? 2 * n * n : 0; }

  Side(T* memory, arma::uword side)
      : n(elements(side) ? side : 0),
        mean(memory, n, n, false, true),
        basis(memory + n * n, n, n, false, true) {}

  void add(const descent::Mat<T>& g, bool is_left, double beta, T* memory) {
    if (n == 0) return;
    descent::Mat<T> product(memory, n, n, false, true);
    if (is_left)
      product = g * g.t();
    else
      product = g.t() * g;
    mean = T(beta) * mean + T(1 - beta) * product;
  }

  void turn(bool is_first, T* memory) {
    if (n == 0) return;
    descent::Mat<T> product(memory, n, n, false, true);
    if (is_first) {
      product = mean;
      descent::eigenvectors(product, memory + n * n);
    } else {
      product = mean * basis;
      descent::orthonormalize(product, memory + n * n);
    }
    basis = product;
  }

  arma::uword n;  // 0: the side is not rotated
  descent::Mat<T> mean, basis;
};

struct Soap {
  static constexpr auto doc = "SOAP: Adam in the eigenbasis of Shampoo's statistics";
  static constexpr auto formula =
      "L = beta L + (1-beta) G G', R = beta R + (1-beta) G' G with eigenvectors P and Q, kept up "
      "by "
      "QR of L P and R Q; M the mean of G, V that of (P' G Q)^2; "
      "W -= lr P (P' M Q / (1-beta1^t) / (sqrt(V/(1-beta2^t)) + eps)) Q'";
  static constexpr auto source = "Vyas et al. 2024, arXiv:2409.11321, algorithm 3";
  static constexpr bool decomposes = true;

  double lr = 3e-3, beta1 = 0.95, beta2 = 0.95, shampoo_beta = 0.95, eps = 1e-8;
  int interval = 10;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(beta1, "beta1", 0, descent::below_one, "decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "decay rate of the second moment");
    hyper(shampoo_beta, "shampoo_beta", 0, 1, "decay rate of L and R");
    hyper(eps, "eps", 0, 1e6, "added to the square root, after bias correction");
    hyper(interval, "interval", 1, 1'000'000, "steps between computations of the eigenvectors");
  }

  std::uint64_t state_size(std::span<const descent_block> blocks) const {
    std::uint64_t size = 0;
    for (const auto& b : blocks)
      size += Side<double>::elements(b.rows) + Side<double>::elements(b.cols);
    return size;
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& mean, descent::Vec<T>& square) const {
    const double t = host.t();
    const arma::uword side = std::min(longest_side, x.n_elem);
    T* const memory = host.scratch(2 * x.n_elem + side * side + descent::eigen_memory(side));
    T* const squares = memory + 2 * x.n_elem;
    auto state = host.state();
    T* next = state.memptr();
    for (const auto& b : host.blocks()) {
      auto w = descent::part(x, b), m = descent::part(mean, b), v = descent::part(square, b);
      const auto g = descent::part(gradient, b);
      descent::Mat<T> turned(memory, b.rows, b.cols, false, true);
      descent::Mat<T> other(memory + x.n_elem, b.rows, b.cols, false, true);
      Side<T> left(next, b.rows), right(next + Side<T>::elements(b.rows), b.cols);
      next += Side<T>::elements(b.rows) + Side<T>::elements(b.cols);
      const auto rotate = [&](bool back) {
        if (left.n > 0) {
          if (back)
            other = left.basis * turned;
          else
            other = left.basis.t() * turned;
          turned = other;
        }
        if (right.n > 0) {
          if (back)
            other = turned * right.basis.t();
          else
            other = turned * right.basis;
          turned = other;
        }
      };
      left.add(g, true, shampoo_beta, squares);
      right.add(g, false, shampoo_beta, squares);
      const bool is_first = t == 1, turns = std::fmod(t, interval) == 0;
      if (is_first) left.turn(true, squares), right.turn(true, squares);
      turned = g;
      rotate(false);
      m = T(beta1) * m + T(1 - beta1) * g;
      v = T(beta2) * v + T(1 - beta2) * arma::square(turned);
      turned = m;
      rotate(false);
      const T first = T(1 / (1 - std::pow(beta1, t))), second = T(1 / (1 - std::pow(beta2, t)));
      for (arma::uword i = 0; i < v.n_elem; ++i)
        turned[i] *= first / (std::sqrt(second * v[i]) + T(eps));
      rotate(true);
      w -= T(lr) * turned;
      if (!is_first && turns) left.turn(false, squares), right.turn(false, squares);
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Soap);
