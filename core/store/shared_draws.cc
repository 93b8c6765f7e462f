// SPDX-License-Identifier: MIT
#include "store/shared_draws.h"

namespace descent::store {

bool changes_draws(const std::string& path) {
  if (path == "data.synthetic.train" || path == "data.synthetic.x") return false;
  if (path.starts_with("data.synthetic.x.")) return false;
  return path == "seed" || path.starts_with("data") || path.starts_with("replicates.");
}

bool changes_loss(const std::string& path) { return path == "loss" || path.starts_with("loss."); }

}  // namespace descent::store
