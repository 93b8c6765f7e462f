// SPDX-License-Identifier: MIT
#include "experiment/language/language.h"

#include "experiment/language/fields.h"
#include "experiment/language/keys.h"
#include "experiment/language/plugin_schema.h"
#include "experiment/language/ranges.h"
#include "train/exact_optimizer.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

const Unless by_exact{"optimizer", train::exact_optimizer.name};

void data(Fields& f, train::Settings& s) {
  f.map("data.synthetic", "", "drawn from a formula",
        [&](Fields& in) { describe(in, s.data.emplace<data::SyntheticSpec>()); });
  f.map("data.csv", "", "read from a file",
        [&](Fields& in) { describe(in, s.data.emplace<data::CsvSpec>()); });
  f.choice("surface", "surface", "none: the objective is a function of two weights",
           [&](Fields& in) {
             s.data = data::NoData{};
             describe(in, s.model.surface.emplace());
           });
}

void plugin_keys(Fields& f, train::Settings& s, const host::Catalog& catalog) {
  f.other(required_unless(
              required("loss", plugins(catalog, DESCENT_LOSS), "a loss plugin", "loss: mse"),
              on_surface),
          [&](const json& given) { s.loss = loss_of(given, catalog); });
  f.other(required("optimizer", plugins(catalog, DESCENT_OPTIMIZER, {train::exact_optimizer.name}),
                   "an optimizer plugin, or exact: solves linear models directly",
                   "optimizer: {sgd: {lr: 0.1}}"),
          [&](const json& given) { s.optimizer = optimizer_of(given, catalog); });
  f.other(optional("regularizer", one_or_list(plugins(catalog, DESCENT_REGULARIZER, {"none"}), 0),
                   {{"name", "none"}}, "a regularizer plugin, or a list"),
          [&](const json& given) { s.regularizers = regularizers_of(given, catalog); });
}

void describe(Fields& f, train::Settings& s, const host::Catalog& catalog) {
  std::string name, description;  // what names the experiment is no setting
  f.required(name, "experiment", text(), "its name: lower-case letters, digits and -",
             "experiment: my-first");
  f(description, "description", text(), "one line of text");
  f(s.seed, "seed", whole_from(0), "seed of all random streams");
  f.words(s.dtype, "dtype", {{"float32", Element::float32}, {"float64", Element::float64}},
          "element type");
  needed(f.map("data", "", "where samples come from", [&](Fields& in) { data(in, s); }),
         "data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 256}}");
  auto& features = f.choices("features", "feature", "maps of the inputs, applied in order",
                             [&](Fields& in) { describe(in, s.features.emplace_back()); });
  features.schema.bare = true;
  features.fallback = json::array();
  needed(
      f.map("model", "", "layers and initial weights", [&](Fields& in) { describe(in, s.model); }),
      "model: {layers: [{linear: 1}]}", on_surface);
  plugin_keys(f, s, catalog);
  needed(f.map("train", "", "epochs, batches, schedules and limits",
               [&](Fields& in) { describe(in, s.train); }),
         "train: {epochs: 100}", by_exact);
  section(f.map("replicates", "count", "trainings of each point",
                [&](Fields& in) { describe(in, s.replicates); }));
  section(f.map("record", "", "what is stored", [&](Fields& in) { describe(in, s.record); }));
  f.choice("prune", "pruner", "which points are trained to the end; default: all",
           [&](Fields& in) { describe(in, s.prune.emplace()); });
  f.map("stages", "", "tune on the grid, select the best, rerun those", [](Fields& in) {
    Stages stages;  // read by read_stages
    describe(in, stages);
  });
  f.maps("report", "pictures of any query, for descent report and descent plot", [](Fields& in) {
    ReportPicture picture;  // read by read_report
    describe(in, picture);
  });
}

}  // namespace

void describe(Fields& f, ReportPicture& p) {
  f.required(p.title, "title", text(), "title above the picture", "title: weights over lambda");
  f.required(p.sql, "sql", text(), "the query; its columns are named x, series, ...",
             "sql: SELECT lambda AS x, total FROM results");
  f.optional(p.mark, "mark", word({"line", "rows", "heat", "scatter", "steps", "stack"}),
             "how rows are drawn; default: by the names of the columns");
  f(p.note, "note", text(), "the caption");
}

Schema experiment_schema(const host::Catalog& catalog) {
  std::vector<Key> keys;
  Fields fields(keys);
  train::Settings any;
  describe(fields, any, catalog);
  auto file = map("an experiment", std::move(keys));
  file.also = {"include", "union", "draws", "sampler", "where"};
  return file;
}

train::Settings settings_of(const json& configuration, const std::filesystem::path& folder,
                            const host::Catalog& catalog) {
  train::Settings settings;
  Fields fields(configuration, folder);
  describe(fields, settings, catalog);
  return settings;
}

std::vector<ReportPicture> read_report(const json& given) {
  std::vector<ReportPicture> pictures;
  const std::filesystem::path nowhere;
  for (const auto& one : given) {
    Fields fields(one, nowhere);
    describe(fields, pictures.emplace_back());
  }
  return pictures;
}

Stages read_stages(const json& given) {
  Stages stages;
  const std::filesystem::path nowhere;
  Fields fields(given, nowhere);
  describe(fields, stages);
  return stages;
}

}  // namespace descent::experiment
