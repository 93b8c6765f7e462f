// SPDX-License-Identifier: MIT
#include "experiment/language/language.h"

#include <fmt/format.h>

#include "experiment/language/plugin_schema.h"
#include "nn/spec.h"
#include "train/built_in.h"

namespace descent::yaml {
namespace {

Schema count() { return whole(1, largest_whole); }

// Of outputs and features, each a vector of weights.
Schema width() { return whole(1, 10'000'000); }

Schema or_word(Schema schema, std::string word) {
  schema.words.push_back(std::move(word));
  return schema;
}

Schema above(double low, Schema schema = number()) {
  schema.low = low;
  schema.low_open = true;
  return schema;
}

Schema named(Schema schema, std::string noun) {
  schema.noun = std::move(noun);
  return schema;
}

Schema mean_and_sd() {
  Schema schema;
  schema.kind = Schema::Kind::tuple;
  schema.items = {named(number(), "mean"), named(number(0), "sd")};
  return schema;
}

Schema duration() {
  Schema schema;
  schema.kind = Schema::Kind::duration;
  return schema;
}

Schema memory() {
  Schema schema;
  schema.kind = Schema::Kind::memory;
  return schema;
}

nlohmann::json just(const char* name) { return {{"name", name}}; }

// A map that may be left out as a whole: all its defaults then hold.
Key section(std::string name, Schema schema, std::string doc) {
  auto defaults = nlohmann::json::object();
  for (const auto& key : schema.keys)
    if (!key.fallback.is_null()) defaults[key.name] = key.fallback;
  return optional(std::move(name), std::move(schema), std::move(defaults), std::move(doc));
}

Schema inputs() {
  return choice("input distribution",
                {alternative("uniform", interval(), "[a, b]: redrawn for every replicate"),
                 alternative("normal", mean_and_sd(), "[mean, sd]: redrawn for every replicate"),
                 alternative("midpoints", interval(), "[a, b]: a + (b-a)(i-1/2)/n, fixed")});
}

Schema noise() {
  return choice("noise", {alternative("none", no_arguments(), "targets are the truth itself"),
                          alternative("normal", number(0), "the standard deviation"),
                          alternative("bernoulli", no_arguments(),
                                      "target 1 with probability f(x), else 0")});
}

// Samples held out of the training of every replicate.
Schema drawn_set(const std::string& name) {
  return map("data.synthetic." + name,
             {required("count", whole(0, largest_whole),
                       fmt::format("{0} samples; 0: no {0} set", name), "count: 1000"),
              optional("x", inputs(), nullptr,
                       fmt::format("how {} inputs are drawn; default: as x", name))},
             "count");
}

Schema synthetic() {
  return map("data.synthetic",
             {required("function", text(), "f(x) of x, or of x1 .. xd when dims is above 1",
                       "function: 5*x + 7"),
              optional("dims", count(), 1, "number of inputs"),
              required("x", inputs(), "how inputs are drawn", "x: {uniform: [0, 1]}"),
              optional("noise", noise(), just("none"), "how a target is drawn about f(x)"),
              required("train", count(), "training samples", "train: 256"),
              optional("test", drawn_set("test"), {{"count", 0}}, "test samples, or {count, x}"),
              optional("validation", drawn_set("validation"), nullptr,
                       "validation samples, or {count, x}: what choices are made on")});
}

Schema rows_apart(const std::string& name, const std::string& of) {
  auto fraction = number(0, 1);
  fraction.high_open = true;
  return map("data.csv." + name,
             {optional("fraction", std::move(fraction), nullptr,
                       fmt::format("share of {}, split off by the seed; 0: no {} set", of, name)),
              optional("path", path(), nullptr, "a file of its own")},
             "fraction");
}

Schema csv() {
  return map(
      "data.csv",
      {required("path", path(), "relative to the file that writes it", "path: data/diabetes.csv"),
       required("target", one_or_list(text()), "a column or a list of columns", "target: y"),
       optional("test", rows_apart("test", "the rows"), {{"fraction", 0.0}},
                "a fraction, or {path: other.csv}"),
       optional("validation", rows_apart("validation", "the rows that are not test"), nullptr,
                "a fraction, or {path: other.csv}: what choices are made on"),
       optional("truth", text(), nullptr, "the column that holds E[y|x]"),
       optional("noise", noise(), just("none"),
                "with truth: the target is redrawn for every replicate as truth + noise"),
       optional("weight", text(), nullptr, "the column of sample weights"),
       optional("standardize_target", flag(), false,
                "targets to mean 0 and variance 1, fitted on the training part")});
}

Schema surface_choice() {
  std::vector<Key> all;
  for (const auto& one : surfaces()) {
    std::vector<Key> keys = {
        optional("noise", number(0), 0.0, "sd of the noise on each element of a step's gradient")};
    if (one.kind == SurfaceSpec::Kind::bowl)
      keys.push_back(optional("condition", above(0), 10.0, "curvature along y; along x it is 1"));
    all.push_back(alternative(one.name, map("", std::move(keys)), one.doc));
  }
  return choice("surface", std::move(all));
}

Schema features() {
  auto basis = map("", {required("count", count(), "number of centres", "count: 24"),
                        optional("from", number(), 0.0, "first centre"),
                        optional("to", number(), 1.0, "last centre"),
                        required("width", above(0), "width of each bump", "width: 0.1")});
  return one_or_list(
      choice(
          "feature",
          {alternative("standardize", no_arguments(),
                       "mean 0 and variance 1, fitted on the training part"),
           alternative("scale", number(), "the factor"),
           alternative("polynomial",
                       map("", {required("degree", whole(0, 1000), "x .. x^degree", "degree: 3")}),
                       "powers of each input"),
           alternative("gaussian_basis", std::move(basis), "exp(-(x-c)^2 / (2 width^2))"),
           alternative("random_relu",
                       map("", {required("count", width(), "features", "count: 300")}),
                       "relu of random projections")}),
      0);
}

Schema layers() {
  auto linear =
      map("",
          {required("units", or_word(width(), "auto"),
                    "outputs of the layer; auto: as many as the targets need", "units: 16"),
           optional("bias", flag(), true, "whether a bias is added")},
          "units");
  std::vector<Key> kinds = {alternative("linear", std::move(linear), "W x + b")};
  kinds.push_back(alternative(
      "leaky_relu", map("", {optional("slope", number(0), 0.01, "slope below 0")}), "leaky relu"));
  kinds.push_back(alternative(
      "elu", map("", {optional("alpha", number(0), 1.0, "size of the negative part")}), "elu"));
  for (const auto* name : {"relu", "gelu", "tanh", "sigmoid", "softplus", "softmax", "log_softmax"})
    kinds.push_back(alternative(name, no_arguments(), name));
  return list(choice("layer", std::move(kinds)), 1);
}

Schema initializers() {
  Schema point;
  point.kind = Schema::Kind::tuple;
  point.items = {named(number(), "x"), named(number(), "y")};
  return choice("initializer",
                {alternative("torch", no_arguments(), "U(-1/sqrt(fan_in), 1/sqrt(fan_in))"),
                 alternative("zeros", no_arguments(), "all 0"),
                 alternative("xavier", no_arguments(), "U(+-sqrt(6/(fan_in+fan_out))), biases 0"),
                 alternative("he", no_arguments(), "N(0, 2/fan_in), biases 0"),
                 alternative("uniform", interval(), "[a, b], biases too"),
                 alternative("normal", number(0), "the standard deviation; biases too"),
                 alternative("point", std::move(point), "[x, y] on a surface")});
}

// One kind of schedule, with the keys that all of them have.
Key schedule(std::string name, std::vector<Key> own, std::string doc) {
  own.push_back(optional("hyper", text(), "lr", "the hyper of the optimizer that follows it"));
  own.push_back(optional("per", word({"epoch", "step"}), "epoch", "what a period is"));
  own.push_back(optional("warmup", whole(0, largest_whole), 0,
                         "periods before it in which the value rises evenly from 0"));
  return alternative(std::move(name), map("schedule '" + name + "'", std::move(own)),
                     std::move(doc));
}

Key factor(double fallback) { return optional("gamma", above(0), fallback, "the factor"); }

Key least_value() { return optional("eta_min", number(), 0.0, "lowest value"); }

Key periods(std::string name, std::string doc) {
  return optional(std::move(name), count(), nullptr, doc + "; default: to the end of the run");
}

Schema one_cycle_share() {
  auto share = number(0, 1);
  share.low_open = true;
  return share;
}

Schema schedules() {
  auto milestones = list(count(), 1);
  return one_or_list(choice(
      "schedule",
      {schedule("constant", {}, "the value itself, for a warmup alone"),
       schedule("step", {required("step_size", count(), "periods", "step_size: 30"), factor(0.1)},
                "times gamma every step_size periods"),
       schedule("multi_step",
                {required("milestones", std::move(milestones), "periods", "milestones: [30, 80]"),
                 factor(0.1)},
                "times gamma at each milestone"),
       schedule("exponential", {required("gamma", above(0), "the factor", "gamma: 0.95")},
                "times gamma every period"),
       schedule("cosine_annealing", {periods("t_max", "half a cosine's length"), least_value()},
                "down a cosine to eta_min"),
       schedule(
           "cosine_warm_restarts",
           {required("t_0", count(), "periods to the first restart", "t_0: 10"),
            optional("t_mult", count(), 1, "factor of that length at each restart"), least_value()},
           "down a cosine to eta_min, again and again"),
       schedule("linear_warmup",
                {optional("start_factor", number(0), 1.0 / 3, "share at the start"),
                 optional("end_factor", number(0), 1.0, "share at the end"),
                 optional("total_iters", count(), 5, "periods from one to the other")},
                "a share that rises, or falls, evenly"),
       schedule("polynomial",
                {periods("total_iters", "periods until it is 0"),
                 optional("power", number(0), 1.0, "1: evenly")},
                "a power of the share of periods left"),
       schedule("one_cycle",
                {required("max_lr", number(), "highest value", "max_lr: 0.1"),
                 periods("total_steps", "length of the cycle"),
                 optional("pct_start", one_cycle_share(), 0.3, "share of it that rises"),
                 optional("anneal_strategy", word({"cos", "linear"}), "cos", "form of the slopes"),
                 optional("div_factor", above(0), 25.0, "max_lr over the value at the start"),
                 optional("final_div_factor", above(0), 1e4, "value at the start over the last"),
                 optional("three_phase", flag(), false, "down as fast as up, then to the end")},
                "up to max_lr and down to almost 0"),
       schedule("cyclic",
                {required("max_lr", number(), "highest value", "max_lr: 0.1"),
                 required("step_size_up", count(), "periods up", "step_size_up: 20"),
                 optional("step_size_down", count(), nullptr, "periods down; default: as up"),
                 optional("mode", word({"triangular", "triangular2", "exp_range"}), "triangular",
                          "cycles of one height, halved each time, or times gamma^t"),
                 factor(1)},
                "up and down between the value and max_lr")}));
}

// When to end a training.
Schema stop() {
  return map("train.stop",
             {required("patience", count(), "epochs without an improvement", "patience: 10"),
              optional("min_delta", number(0), 0.0, "how much must be gained to count as one"),
              optional("metric", word({"validation_loss", "train_loss"}), "validation_loss",
                       "what is watched, every epoch"),
              optional("restore", flag(), false, "end with the weights of the best epoch")},
             "patience");
}

Schema train() {
  auto share = number(0, 1);
  share.high_open = true;
  return map(
      "train",
      {required_unless(required("epochs", count(), "passes over the training set", "epochs: 100"),
                       {"optimizer", exact_optimizer.name}),
       optional("batch", or_word(count(), "full"), "full",
                "samples a step; full, or any number from their count on: all"),
       optional("replacement", flag(), false,
                "whether an epoch's samples are drawn with replacement, not each once"),
       optional("schedule", schedules(), nullptr,
                "how hypers of the optimizer change over the run; one, or a list"),
       optional("clip_norm", above(0), nullptr, "longest gradient; longer ones are scaled"),
       optional("clip_value", above(0), nullptr, "largest size of a gradient's element"),
       optional("ema", std::move(share), nullptr,
                "evaluate at an average of the weights, of which each step keeps this share"),
       optional("stop", stop(), nullptr, "end a run that no longer improves"),
       optional("timeout", duration(), nullptr, "limit of one run, as 30s"),
       optional("memory", memory(), nullptr, "limit of a worker process, as 2GB")});
}

Key small_error(std::string name) {
  return optional(std::move(name), above(0), nullptr, "a standard error that is small enough");
}

Schema replicates() {
  auto parts = list(word({"data", "init", "order"}));
  parts.ordered = true;
  return map(
      "replicates",
      {optional("count", whole(1, 1000000), nullptr,
                "trainings of each point; default: 1, with until 20 to begin with"),
       optional("first", whole(0, 999'999), 0,
                "number of the first one; from another on they are draws not seen before"),
       optional("until",
                map("until",
                    {small_error("total_se"), small_error("bias2_se"), small_error("variance_se")}),
                nullptr, "more of them until standard errors at the last epoch are as small"),
       optional("max", whole(2, 1000000), nullptr, "with until: trainings of each point at most"),
       optional("resample",
                word({"fresh", "noise", "bootstrap", "subsample", "disjoint", "kfold", "none"}),
                nullptr,
                "how training data differ between replicates; default: fresh where targets "
                "can be redrawn, else none"),
       optional("vary", std::move(parts), nlohmann::json({"data", "init", "order"}),
                "what differs between replicates"),
       optional("layout", word({"single", "nested", "crossed"}), "single",
                "how: every replicate by itself, or in blocks of `seeds` that share the first of "
                "vary and differ in the rest, the same rest in every block when crossed"),
       optional("seeds", whole(2, largest_whole), nullptr, "replicates of a block"),
       optional("parts", whole(2, largest_whole), nullptr,
                "resample disjoint and kfold: parts the training set is cut into")},
      "count");
}

// How a grid is searched before the report.
Schema stages() {
  auto tune =
      map("stages.tune",
          {optional("replicates", whole(1, 1000000), nullptr,
                    "trainings of each point; default: as the file says"),
           optional("seed", whole(0, largest_whole), nullptr, "another one than the file's"),
           optional("epochs", count(), nullptr, "as many instead of train.epochs")},
          "replicates");
  auto select = map(
      "stages.select",
      {optional("metric", text(), "validation_loss",
                "validation_loss, validation_accuracy or train_loss"),
       optional("rule", word({"mean", "median", "worst", "upper"}), "mean",
                "of a point's runs; upper: one standard error worse than the mean"),
       optional("per", one_or_list(text()), nullptr,
                "swept paths: the best for each combination of their values"),
       optional("failures", word({"exclude", "worst", "done"}), "exclude",
                "a point with runs that are not done is out, they count as infinitely bad, or are "
                "passed over"),
       optional("ties", word({"first"}), "first", "the first in the file's order"),
       optional("top", count(), 1, "how many of each")});
  auto rerun = map("stages.rerun",
                   {required("replicates", whole(1, 1000000),
                             "trainings of each chosen point, not seen before", "replicates: 100")},
                   "replicates");
  return map("stages",
             {optional("tune", std::move(tune), nullptr, "how the grid is trained to choose"),
              section("select", std::move(select), "by what the best points are chosen"),
              required("rerun", std::move(rerun), "how the chosen points are trained",
                       "rerun: {replicates: 100}")});
}

Schema record() {
  return map("record",
             {optional("every", count(), nullptr,
                       "epochs between curve rows; default: a twentieth of train.epochs, rounded "
                       "up; epoch 0 and the last are always recorded"),
              optional("weights", flag(), false, "whether the final weights are stored"),
              optional("decompose", list(word({"mse", "mae", "nll", "brier", "zero_one"})), nullptr,
                       "metrics to decompose besides mse or nll; default: brier and zero_one for "
                       "a loss over classes, else none")});
}

Schema pruners() {
  return choice(
      "pruner",
      {alternative("asha",
                   map("asha", {required("min_epochs", count(), "epochs to the first rung",
                                         "min_epochs: 10"),
                                optional("reduction", whole(2, largest_whole), 3,
                                         "one point in as many goes on; and the factor from a "
                                         "rung's epoch to the next"),
                                optional("metric", word({"validation_loss", "train_loss"}), nullptr,
                                         "whose mean over replicates ranks the points; default: "
                                         "validation_loss if there is a validation set"),
                                optional("per", one_or_list(text()), nullptr,
                                         "swept paths: points compete with those of the same "
                                         "values; default: stages.select.per")}),
                   "successive halving")});
}

}  // namespace

Schema experiment_schema(const Catalog& catalog) {
  const Unless on_surface{"data.surface", ""};
  auto model =
      map("model", {required_unless(required("layers", layers(), "from input to output",
                                             "layers: [{linear: 16}, tanh, {linear: 1}]"),
                                    on_surface),
                    optional("init", initializers(), nullptr,
                             "first weights; default: torch, on a surface its own start")});
  auto data = map("data", {optional("synthetic", synthetic(), nullptr, "drawn from a formula"),
                           optional("csv", csv(), nullptr, "read from a file"),
                           optional("surface", surface_choice(), nullptr,
                                    "none: the objective is a function of two weights")});
  auto file = map(
      "an experiment",
      {required("experiment", text(), "its name: lower-case letters, digits and -",
                "experiment: my-first"),
       optional("description", text(), "", "one line on what it shows"),
       optional("seed", whole(0, largest_whole), 0, "of every random stream"),
       optional("dtype", word({"float32", "float64"}), "float32", "element type"),
       required("data", std::move(data), "where samples come from",
                "data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 256}}"),
       optional("features", features(), nlohmann::json::array(),
                "a map of the inputs, or a list of them in order"),
       required_unless(required("model", std::move(model), "layers and first weights",
                                "model: {layers: [{linear: 1}]}"),
                       on_surface),
       required_unless(
           required("loss", plugins(catalog, DESCENT_LOSS), "a loss plugin", "loss: mse"),
           on_surface),
       required("optimizer", plugins(catalog, DESCENT_OPTIMIZER, {exact_optimizer.name}),
                "an optimizer plugin, or exact: the solution itself",
                "optimizer: {sgd: {lr: 0.1}}"),
       optional("regularizer", one_or_list(plugins(catalog, DESCENT_REGULARIZER, {"none"}), 0),
                just("none"), "a regularizer plugin, or a list"),
       required_unless(
           required("train", train(), "how long and in which steps", "train: {epochs: 100}"),
           {"optimizer", exact_optimizer.name}),
       section("replicates", replicates(), "trainings of each point"),
       section("record", record(), "what is stored"),
       optional("prune", pruners(), nullptr, "which points are trained to the end; default: all"),
       optional("stages", stages(), nullptr, "tune on the grid, select the best, rerun those")});
  file.also = {"include", "union", "draws", "sampler", "where"};
  return file;
}

}  // namespace descent::yaml
