// SPDX-License-Identifier: MIT
// The feature maps.
#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {

void describe(Fields& f, data::FeatureSpec& s) {
  f.kind(s, "standardize", data::Standardize{},
         "mean 0 and variance 1, fitted on the training set");
  f.kind(s, "scale", data::Scale{}, "the factor",
         [&](Fields& in) { in.value(std::get<data::Scale>(s).factor, number()); });
  f.kind(s, "polynomial", data::Polynomial{}, "powers of each input", [&](Fields& in) {
    in.required(std::get<data::Polynomial>(s).degree, "degree", whole(0, 1000), "x .. x^degree",
                "degree: 3");
  });
  f.kind(s, "gaussian_basis", data::GaussianBasis{}, "exp(-(x-c)^2 / (2 width^2))",
         [&](Fields& in) {
           auto& basis = std::get<data::GaussianBasis>(s);
           in.required(basis.count, "count", count(), "number of centres", "count: 24");
           in(basis.from, "from", number(), "first centre");
           in(basis.to, "to", number(), "last centre");
           in.required(basis.width, "width", above(0), "width of each bump", "width: 0.1");
         });
  f.kind(s, "log1p", data::Log1p{}, "log(1 + x), of inputs above -1");
  f.kind(s, "interactions", data::Interactions{}, "the inputs, and the products of two of them");
  f.kind(s, "quantile", data::Quantile{}, "ranks from 0 to 1 among the training part",
         [&](Fields& in) {
           in(std::get<data::Quantile>(s).count, "count", whole_from(2),
              "quantiles that are kept, at most one of each sample");
         });
  f.kind(s, "pca", data::Pca{}, "principal components of the training part", [&](Fields& in) {
    in.required(std::get<data::Pca>(s).count, "count", count(), "components", "count: 2");
  });
  f.kind(s, "random_relu", data::RandomRelu{}, "relu of random projections", [&](Fields& in) {
    in.required(std::get<data::RandomRelu>(s).count, "count", width(), "features", "count: 300");
  });
}

}  // namespace descent::experiment
