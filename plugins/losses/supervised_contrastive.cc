// SPDX-License-Identifier: MIT
// Supervised contrastive learning (Khosla et al. 2020, equation 2): the outputs are an embedding.
#include "sdk/loss.h"

struct SupervisedContrastive {
  static constexpr auto doc =
      "supervised contrastive loss: draws embeddings of a class together and others apart";
  static constexpr auto formula =
      "z = x / |x|; of each sample with others of its class, the mean over these p of "
      "-log (exp(z'z_p / t) / sum over all others a of exp(z'z_a / t)); weighted mean over samples";
  static constexpr auto source = "Khosla et al. 2020, arXiv:2004.11362, equation 2";
  static constexpr bool ratio = true;
  static constexpr auto targets = DESCENT_CLASSES;
  static constexpr auto prediction = DESCENT_VALUES;

  double temperature = 0.1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(temperature, "temperature", 1e-6, 1e6, "divides the similarities");
  }

  template <class T>
  descent::Var<T> operator()(const descent::Var<T>& x, const descent::Target<T>& target) const {
    const auto* const labels = target.labels();
    const auto n = x.cols();
    auto itself = x.graph().constant(n, n), share = x.graph().constant(n, n);
    double anchors = 0;
    for (arma::uword j = 0; j < n; ++j) {
      itself.value()(j, j) = T(-1e9);
      const auto same = std::count(labels, labels + n, labels[j]) - 1;
      const T weight = target.weight(0, j);
      if (same > 0) anchors += double(weight);
      for (arma::uword i = 0; i < n; ++i)
        if (i != j && labels[i] == labels[j]) share.value()(i, j) = weight / T(same);
    }
    const auto z = x / sqrt(sum(square(x), 0) + 1e-12);
    const auto similarity = matmul(transpose(z), z) / temperature;
    const auto all = -sum(share * log_softmax(similarity + itself));
    return target.mean() && anchors > 0 ? all / anchors : all;
  }
};

DESCENT_LOSS_PLUGIN(SupervisedContrastive);
