// SPDX-License-Identifier: MIT
// Keys of record.
#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {

void describe(Fields& f, train::RecordSettings& s) {
  f.map("record.every", "epochs",
        "epochs between curve rows, or {epochs, steps}; epoch 0 and the last are always recorded",
        [&](Fields& in) {
          in.optional(s.every, "epochs", count(),
                      "default: a twentieth of train.epochs, rounded up");
          in.optional(s.every_steps, "steps", count(), "steps between rows within epochs");
        });
  if (const auto* every = f.given("every"); every && every->is_number()) every->get_to(s.every);
  f.map("record.weights", "final", "whether the final weights are stored, or {final, every}",
        [&](Fields& in) {
          in(s.weights, "final", flag(), "the weights at the end");
          in.optional(s.weights_every, "every", count(),
                      "epochs between checkpoints, from epoch 0 on");
        })
      .fallback = false;
  if (const auto* final = f.given("weights"); final && final->is_boolean())
    final->get_to(s.weights);
  f.words(
      s.model, "model",
      {{"none", train::ModelKept::none},
       {"best", train::ModelKept::best},
       {"all", train::ModelKept::all}},
      "which models are stored, for descent predict; best: that of the replicate with the least "
      "validation_loss, or train_loss, of each point");
  f(s.confusion, "confusion", flag(), "whether confusion matrices are stored");
  f(s.fit, "fit", whole(0, 100),
    "of points of one input: how many replicates' predictions are stored; 0: not the mean either");
  f(s.predictions, "predictions", flag(),
    "whether the trained model's predictions of the test and the validation set are stored");
  std::vector<std::string> names{"none", "accuracy"};
  for (const auto& measure : record::measure_facts) names.emplace_back(measure.name);
  for (auto i = std::size_t(record::Metric::measures); i < record::metric_facts().size(); ++i)
    names.push_back(record::metric_facts()[i].name);
  f.other(
      optional("metrics", one_or_list(word(std::move(names)), 0), nullptr,
               "measures of the test and the validation set besides loss and accuracy, such as f1, "
               "or of one set, such as train_f1; default: mae and r2, or balanced_accuracy and f1"),
      [&](const nlohmann::json& given) {
        s.metrics = given.is_array() ? given.get<std::vector<std::string>>()
                                     : std::vector<std::string>{given.get<std::string>()};
      });
  f.other(optional("decompose",
                   one_or_list(word({"none", "mse", "mae", "nll", "brier", "zero_one"})), nullptr,
                   "metrics to decompose besides mse or nll; default: brier and zero_one for a "
                   "loss over classes, else mse alone; none: nothing is decomposed"),
          [&](const nlohmann::json& given) {
            s.decompose = given.is_array() ? given.get<std::vector<std::string>>()
                                           : std::vector<std::string>{given.get<std::string>()};
            s.is_decomposed = s.decompose->front() != "none";
          });
}

}  // namespace descent::experiment
