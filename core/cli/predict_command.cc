// SPDX-License-Identifier: MIT
// descent predict: what stored models predict of new samples.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "base/error.h"
#include "cli/command.h"
#include "cli/output_file.h"
#include "cli/stored_models.h"
#include "store/query.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

using deploy::TrainedModel;

// The value below which this share of the sorted values lies, linear between them as in NumPy.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * double(sorted.size() - 1);
  const auto below = std::size_t(std::floor(at));
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - double(below)) * (sorted[above] - sorted[below]);
}

// The predictions of all models for a number: their mean, and what 95 % of them lie between.
struct Summary {
  double mean, lo, hi;
};

Summary summary_of(const std::vector<arma::mat>& predictions, arma::uword i, arma::uword j) {
  std::vector<double> values;
  for (const auto& one : predictions) values.push_back(one(i, j));
  double sum = 0;
  for (const double value : values) sum += value;
  std::ranges::sort(values);
  return {sum / double(values.size()), quantile(values, 0.025), quantile(values, 0.975)};
}

// Of a row of predictions: its name, and which of two labels it stands for.
struct Output {
  std::string name;
  std::string target;               // of the labels' column; empty: none
  std::vector<std::string> labels;  // below and above the limit
  double limit = 0;
};

std::vector<Output> outputs_of(const TrainedModel& model) {
  const bool is_probability = deploy::predicts_probabilities(model.prediction);
  std::vector<Output> all;
  const auto names = model.output_names();
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto two = model.classes.empty() ? model.labels(k) : std::vector<std::string>();
    const auto* kind = is_probability ? "p" : "score";
    all.push_back(
        {is_probability || !two.empty() ? fmt::format("{}({})", kind, names[k]) : names[k],
         two.empty() ? "" : model.targets[k], two, is_probability ? 0.5 : 0});
  }
  return all;
}

std::vector<std::string> columns_of(const TrainedModel& model, const std::vector<Output>& outputs,
                                    bool has_intervals) {
  std::vector<std::string> columns;
  if (!model.classes.empty()) columns.push_back(model.targets.front());
  for (const auto& output : outputs) {
    if (!output.target.empty()) columns.push_back(output.target);
    columns.push_back(output.name);
    if (has_intervals)
      for (const char* end : {"_lo", "_hi"}) columns.push_back(output.name + end);
  }
  return columns;
}

// A row a sample: of classes the most probable one first, of two labels the one that is predicted;
// with several models, an interval for every number.
store::Table table_of(const TrainedModel& model, const std::vector<arma::mat>& predictions) {
  const auto outputs = outputs_of(model);
  const bool has_classes = !model.classes.empty(), has_intervals = predictions.size() > 1;
  store::Table table{columns_of(model, outputs, has_intervals), {}};
  for (arma::uword j = 0; j < predictions.front().n_cols; ++j) {
    auto& row = table.rows.emplace_back();
    if (has_classes) row.emplace_back(std::string());
    double most = -1;
    for (arma::uword i = 0; i < outputs.size(); ++i) {
      const auto [mean, lo, hi] = summary_of(predictions, i, j);
      if (has_classes && mean > most) most = mean, row.front() = model.classes[i];
      const auto& [name, target, labels, limit] = outputs[i];
      if (!target.empty()) row.emplace_back(mean > limit ? labels.back() : labels.front());
      row.emplace_back(mean);
      if (!has_intervals) continue;
      row.emplace_back(lo);
      row.emplace_back(hi);
    }
  }
  return table;
}

// The file, where the model cannot compute with a number in it.
arma::mat predictions_of(const TrainedModel& model, const std::string& file) {
  const auto inputs = model.preparation.read(file);
  try {
    return deploy::predict(model, inputs);
  } catch (const Error& error) {
    throw Error(Place{file},
                fmt::format("{}; leave this sample out", error.problems().front().text));
  }
}

int predict(const Arguments& arguments) {
  po::options_description options("options");
  add_model_options(options,
                    "best: that with the least validation_loss, or train_loss; a number; "
                    "all: their mean, with intervals");
  options.add_options()("output,o", po::value<std::string>()->default_value("")->value_name("FILE"),
                        "instead of standard output")("force",
                                                      "let --output replace an existing file")(
      "format", po::value<std::string>()->default_value("csv")->value_name("FORMAT"),
      "csv, table, json or markdown");
  po::variables_map values;
  Arguments words;
  const Help help{
      "predict DB FILE.csv [--experiment NAME] [--point POINT] [--replicate best|N|all] [-o FILE]",
      "Predicts the samples of a file with a model that was stored by `record: {model: best}` or\n"
      "`{model: all}`. The file has the columns of the training data; the target may be missing.\n"
      "Prints a row a sample: the predicted targets, or the class and the probability of each\n"
      "class. With --replicate all, columns _lo and _hi hold what 95 % of the replicates' \n"
      "predictions lie between.",
      "descent predict results.db new.csv -o predicted.csv"};
  if (!parse(arguments, help, options, values, words)) return all_done;
  if (words.size() != 2)
    throw Error("predict takes a store and a CSV file; see descent predict --help");
  const auto format = store::format_named(values["format"].as<std::string>());
  auto reader = store::Reader::open(words[0]);
  const auto models = stored_models(reader, values);
  std::vector<arma::mat> predictions;
  for (const auto& one : models) predictions.push_back(predictions_of(one.model, words[1]));
  const auto table = table_of(models.front().model, predictions);
  write_output(values["output"].as<std::string>(), values.count("force") > 0,
               [&](std::ostream& out) { store::print(table, format, out, audience_of(out)); });
  return all_done;
}

}  // namespace

const Command predict_command{"predict", "predict new samples with a stored model", predict};

}  // namespace descent::cli
