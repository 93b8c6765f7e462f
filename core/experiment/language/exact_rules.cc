// SPDX-License-Identifier: MIT
#include "experiment/language/exact_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/schema/path.h"
#include "train/exact_optimizer.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

class ExactChecker {
 public:
  ExactChecker(const json& configuration, const Node& tree, std::vector<Problem>& problems)
      : c_(configuration), tree_(tree), problems_(problems) {}

  void all(const host::Catalog& catalog) {
    if (catalog.contains(DESCENT_OPTIMIZER, train::exact_optimizer.name))
      problem("optimizer",
              "is built into the program, but there is a plugin of that name too; "
              "rename the plugin (`descent plugins list --paths` shows its path)");
    if (has(c_, "data.surface"))
      problem("optimizer", "solves linear models, and a surface is not one; use another optimizer");
    layers();
    const auto loss = word(c_, "loss.name");
    if (!loss.empty() && loss != "mse")
      problem("loss", fmt::format("minimizes squared error, not loss '{}'; use loss: mse, or "
                                  "another optimizer",
                                  loss));
    regularizers();
    if (has(c_, "train.batch") && value_at(c_, "train.batch") != "full")
      problem("train.batch", "needs the whole training set at once; use batch: full");
    if (value_at(c_, "train.replacement") == true)
      problem("train.replacement", "takes each sample once; leave train.replacement out");
    for (const std::string key : {"schedule", "clip_norm", "clip_value", "ema", "stop"})
      if (has(c_, "train." + key))
        problem("train." + key,
                fmt::format("goes to the minimum in one step, which train.{} cannot change; leave "
                            "it out",
                            key));
  }

 private:
  void problem(const std::string& path, const std::string& text) {
    report(problems_, locate(tree_, path).place, "optimizer 'exact' " + text);
  }

  void layers() {
    const auto& layers = value_at(c_, "model.layers");
    if (!layers.is_array() || std::ranges::any_of(layers, &json::is_null)) return;
    if (layers.size() == 1) return;  // that it is linear is asked of every model
    problem("model.layers",
            fmt::format("solves a single linear layer, and this model has {} layers; "
                        "use layers: [{{linear: auto}}], or another optimizer",
                        layers.size()));
  }

  void regularizers() {
    const auto& all = value_at(c_, "regularizer");
    if (!all.is_array()) return regularizer(all, "regularizer");
    for (std::size_t i = 0; i < all.size(); ++i)
      regularizer(all[i], fmt::format("regularizer.{}", i));
  }

  void regularizer(const json& one, const std::string& path) {
    const auto name = word(one, "name");
    if (name.empty() || name == "none") return;
    if (name != "l2")
      problem(path, fmt::format("supports only the penalty l2, not '{}'; use l2 or none, or "
                                "another optimizer",
                                name));
    else if (word(one, "apply") == "proximal")
      problem(path + ".apply", "takes no proximal steps; use apply: gradient");
  }

  const json& c_;
  const Node& tree_;
  std::vector<Problem>& problems_;
};

}  // namespace

void check_exact(const json& configuration, const Node& tree, const host::Catalog& catalog,
                 std::vector<Problem>& problems) {
  if (word(configuration, "optimizer.name") == train::exact_optimizer.name)
    ExactChecker(configuration, tree, problems).all(catalog);
}

}  // namespace descent::experiment
