// SPDX-License-Identifier: MIT
// Adafactor (Shazeer & Stern 2018, algorithm 6), without momentum.
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Adafactor {
  static constexpr auto doc =
      "Adafactor: second moments kept as one number per row and per column of a weight matrix";
  static constexpr auto formula =
      "b = 1 - t^-decay, R and C the means (b) of the rows and columns of G^2 + eps1, U = G / "
      "sqrt(R C / mean R), W -= max(eps2, rms W) min(lr, 1/sqrt t) U / max(1, rms(U) / clip)";
  static constexpr auto source = "Shazeer & Stern 2018, arXiv:1804.04235, algorithm 6";
  static constexpr bool relative = true;

  double lr = 1e-2, decay = 0.8, clip = 1, eps1 = 1e-30, eps2 = 1e-3;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "largest step size, as a share of the size of the weights");
    hyper(decay, "decay", 0, 1e3, "power of t with which the second moments forget less");
    hyper(clip, "clip", 1e-12, 1e12, "largest root mean square of a block's step before lr");
    hyper(eps1, "eps1", 1e-37, 1e6, "added to the squared gradient");
    hyper(eps2, "eps2", 0, 1e6, "least size of the weights that lr is a share of");
  }

  std::uint64_t state_size(std::span<const descent_block> blocks) const {
    std::uint64_t size = 0;
    for (const auto& b : blocks) size += b.rows + b.cols;
    return size;
  }

  template <class T>
  static double rms(const descent::Mat<T>& m) {
    return descent::length(m) / std::sqrt(double(m.n_elem));
  }

  // A bias is a matrix of one column, of which R C / mean R is exact.
  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    auto [update] = host.template working<1>();
    const double kept = 1 - std::pow(host.t(), -decay);
    const double rate = std::min(lr, 1 / std::sqrt(host.t()));
    T* next = host.state().memptr();
    for (const auto& block : host.blocks()) {
      auto w = descent::part(x, block), u = descent::part(update, block);
      descent::Vec<T> rows(next, block.rows, false, true);
      descent::Vec<T> cols(next + block.rows, block.cols, false, true);
      next += block.rows + block.cols;
      const auto g = descent::part(gradient, block);
      u = arma::square(g) + T(eps1);
      rows *= T(kept), cols *= T(kept);
      for (arma::uword j = 0; j < u.n_cols; ++j)
        for (arma::uword i = 0; i < u.n_rows; ++i) {
          rows[i] += T((1 - kept) / double(u.n_cols)) * u(i, j);
          cols[j] += T((1 - kept) / double(u.n_rows)) * u(i, j);
        }
      const T mean = arma::mean(rows);
      for (arma::uword j = 0; j < u.n_cols; ++j)
        for (arma::uword i = 0; i < u.n_rows; ++i)
          u(i, j) = g(i, j) / std::sqrt(rows[i] / mean * cols[j]);
      const double size = std::max(eps2, rms(w));
      w -= T(size * rate / std::max(1.0, rms(u) / clip)) * u;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Adafactor);
