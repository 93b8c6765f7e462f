// SPDX-License-Identifier: MIT
// The triplet loss with the hardest pairs of a batch (Hermans, Beyer & Leibe 2017, equation 5): the
// outputs are an embedding.
#include "sdk/loss.h"

struct Triplet {
  static constexpr auto doc =
      "triplet loss: of each sample, the farthest of its class closer than the nearest of another";
  static constexpr auto formula =
      "max(0, margin + max over its class |x - x_p| - min over the others |x - x_n|), weighted "
      "mean over the samples that have both";
  static constexpr auto source =
      "Schroff et al. 2015, arXiv:1503.03832; Hermans, Beyer & Leibe 2017, arXiv:1703.07737";
  static constexpr bool ratio = true;
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_VALUES;

  double margin = 0.2;

  void declare(descent::Hyperparameters& hyper) {
    hyper(margin, "margin", 0, 1e6, "by which the nearest of another class has to be farther");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    const auto* const labels = target.labels();
    const auto n = x.cols();
    auto same = x.graph().constant(n, n), other = x.graph().constant(n, n);
    auto never = x.graph().constant(1, 1), always = x.graph().constant(1, 1);
    never.value()(0) = T(-1e9);
    always.value()(0) = T(1e9);
    auto weight = x.graph().constant(1, n);
    double anchors = 0;
    for (arma::uword j = 0; j < n; ++j) {
      for (arma::uword i = 0; i < n; ++i) {
        same.value()(i, j) = i != j && labels[i] == labels[j];
        other.value()(i, j) = labels[i] != labels[j];
      }
      weight.value()(j) = target.weight(0, j);
      if (arma::any(same.value().col(j)) && arma::any(other.value().col(j)))
        anchors += double(target.weight(0, j));
    }
    const auto squares = sum(square(x), 0);
    const auto between = transpose(squares) + squares - 2.0 * matmul(transpose(x), x);
    const auto distance = sqrt(clamp(between, 0, 1e30) + 1e-12);
    const auto farthest = max(where(same, distance, never), 0);
    const auto nearest = min(where(other, distance, always), 0);
    const auto all = sum(weight * relu(farthest - nearest + margin));
    return target.mean() && anchors > 0 ? all / anchors : all;
  }
};

DESCENT_LOSS_PLUGIN(Triplet);
