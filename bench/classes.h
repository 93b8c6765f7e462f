// SPDX-License-Identifier: MIT
// A data file to classify: normal inputs x0, x1, ... and balanced classes that do not depend on
// them.
#pragma once

#include <armadillo>
#include <string>

namespace descent {

inline void write_classes(const std::string& path, arma::uword samples, arma::uword inputs,
                          arma::uword classes) {
  arma::arma_rng::set_seed(1);
  arma::mat values(samples, inputs + 1, arma::fill::randn);
  arma::field<std::string> header(inputs + 1);
  for (arma::uword j = 0; j < inputs; ++j) header(j) = "x" + std::to_string(j);
  header(inputs) = "class";
  for (arma::uword i = 0; i < samples; ++i) values(i, inputs) = double(i % classes);
  values.save(arma::csv_name(path, header));
}

}  // namespace descent
