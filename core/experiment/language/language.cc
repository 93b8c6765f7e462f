// SPDX-License-Identifier: MIT
#include "experiment/language/language.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/language/fields.h"
#include "experiment/language/plugin_schema.h"
#include "nn/output_range.h"
#include "nn/spec.h"
#include "train/built_in.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

Schema whole_from(double low) { return whole(low, largest_whole); }

Schema count() { return whole_from(1); }

// Of outputs and features, each a vector of weights.
Schema width() { return whole(1, 10'000'000); }

Schema or_word(Schema schema, const char* word) {
  schema.words.push_back(word);
  return schema;
}

Schema above(double low, double high = number().high) {
  auto schema = number(low, high);
  schema.low_open = true;
  return schema;
}

Schema between(double low, double high) {
  auto schema = above(low, high);
  schema.high_open = true;
  return schema;
}

Schema share_below_one() {
  auto schema = number(0, 1);
  schema.high_open = true;
  return schema;
}

Schema tuple(Schema first, const char* first_noun, Schema second, const char* second_noun) {
  Schema schema;
  schema.kind = Schema::Kind::tuple;
  schema.items = {std::move(first), std::move(second)};
  schema.items[0].noun = first_noun;
  schema.items[1].noun = second_noun;
  return schema;
}

Schema of_kind(Schema::Kind kind) {
  Schema schema;
  schema.kind = kind;
  return schema;
}

const json none = {{"name", "none"}};
const Unless on_surface{"data.surface", ""};
const Unless by_exact{"optimizer", train::exact_optimizer.name};

// The first values of an enumeration that the program has names for.
template <class Value>
Words<Value> named(int number) {
  Words<Value> all;
  for (int i = 0; i < number; ++i) all.emplace_back(name(Value(i)), Value(i));
  return all;
}

// A map that may be left out as a whole: all its defaults then hold.
void section(Key& key) {
  key.fallback = json::object();
  for (const auto& one : key.schema.keys)
    if (!one.fallback.is_null()) key.fallback[one.name] = one.fallback;
}

void describe(Fields& f, data::InputSpec& s) {
  using Kind = data::InputSpec::Kind;
  const auto ends = [&](Fields& in) { in.pair(s.a, s.b, interval()); };
  const auto mean_and_sd = [&](Fields& in) {
    in.pair(s.a, s.b, tuple(number(), "mean", number(0), "sd"));
  };
  f.kind(s, "uniform", {Kind::uniform}, "[a, b]: redrawn for every replicate", ends);
  f.kind(s, "normal", {Kind::normal}, "[mean, sd]: redrawn for every replicate", mean_and_sd);
  f.kind(s, "midpoints", {Kind::midpoints}, "[a, b]: a + (b-a)(i-1/2)/n, fixed", ends);
}

void describe(Fields& f, data::NoiseSpec& s) {
  using Kind = data::NoiseSpec::Kind;
  f.kind(s, "none", {Kind::none}, "targets are the truth itself");
  f.kind(s, "normal", {Kind::normal}, "the standard deviation",
         [&](Fields& in) { in.value(s.sd, number(0)); });
  f.kind(s, "bernoulli", {Kind::bernoulli}, "target 1 with probability f(x), else 0");
  f.kind(s, "student_t", {Kind::student_t, 1}, "heavy tails", [&](Fields& in) {
    in(s.df, "df", above(0), "degrees of freedom; above 2 for a finite variance");
    in(s.sd, "scale", number(0), "what Student's t is multiplied by");
  });
  f.kind(s, "contaminated", {Kind::contaminated, 1}, "normal, with outliers", [&](Fields& in) {
    in(s.sd, "sd", number(0), "the standard deviation of most targets");
    in(s.share, "share", number(0, 1), "share of targets that are outliers");
    in(s.scale, "scale", number(0), "how many times as large an outlier's is");
  });
}

Key& inputs(Fields& f, data::InputSpec& x, const std::string& doc) {
  return f.choice("x", "input distribution", doc, [&](Fields& in) { describe(in, x); });
}

void noise(Fields& f, data::NoiseSpec& noise, const char* doc) {
  f.choice("noise", "noise", doc, [&](Fields& in) { describe(in, noise); }).fallback = none;
}

// Samples held out of the training of every replicate.
Key& drawn_set(Fields& f, const std::string& name, std::uint64_t& count, data::InputSpec& x,
               const char* doc) {
  return f.map("data.synthetic." + name, "count", doc, [&](Fields& in) {
    in.required(count, "count", whole_from(0), fmt::format("{0} samples; 0: no {0} set", name),
                "count: 1000");
    inputs(in, x, fmt::format("how {} inputs are drawn; default: as x", name));
  });
}

void describe(Fields& f, data::SyntheticSpec& s) {
  f.required(s.function, "function", one_or_list(text()),
             "f(x) of x, or of x1 .. xd when dims is above 1; of several targets a list",
             "function: 5*x + 7");
  f(s.dims, "dims", count(), "number of inputs");
  needed(inputs(f, s.x, "how inputs are drawn"), "x: {uniform: [0, 1]}");
  noise(f, s.noise, "how a target is drawn about f(x)");
  f.required(s.train, "train", count(), "training samples", "train: 256");
  s.test_x = s.validation_x = s.x;
  drawn_set(f, "test", s.test, s.test_x, "test samples, or {count, x}").fallback = {{"count", 0}};
  drawn_set(f, "validation", s.validation, s.validation_x,
            "validation samples, or {count, x}: what choices are made on");
  f.map("data.synthetic.labels", "flip", "noise in the labels of training", [&](Fields& in) {
    in(s.label_flip, "flip", number(0, 1), "share of them that are replaced by another class's");
  });
}

struct RowsApart {
  double& fraction;
  std::string &path, &labels;
  std::uint64_t* folds = nullptr;  // null: not offered
};

Key& rows_apart(Fields& f, const std::string& name, const char* of, const RowsApart& s,
                const char* doc) {
  return f.map("data.csv." + name, "fraction", doc, [&](Fields& in) {
    in.optional(s.fraction, "fraction", share_below_one(),
                fmt::format("share of {}, split off by the seed; 0: no {} set", of, name));
    in.optional(s.path, "path", path(), "a file of its own");
    in.optional(s.labels, "labels", path(), "of an IDX file of its own: that of its targets");
    if (s.folds)
      in.optional(*s.folds, "kfold", whole_from(2),
                  "cross-validation: each replicate holds out one of so many parts; needs "
                  "replicates.vary with split");
  });
}

void describe(Fields& f, data::DialectSpec& s) {
  using Header = data::DialectSpec::Header;
  f.optional(s.separator, "separator", text(),
             "one character, blank or tab; default: found in the file");
  f.optional(s.decimal, "decimal", word({".", ","}), "decimal mark; default: .");
  f.optional(s.thousands, "thousands", word({",", ".", " ", "'", "_"}),
             "between groups of three digits; default: nothing");
  f.optional(s.comment, "comment", text(), "lines that begin so are not read");
  f.words(s.header, "header",
          {{"auto", Header::automatic}, {"true", Header::present}, {"false", Header::absent}},
          "whether the first line names the columns; default: yes, unless it looks like a sample, "
          "which is an error; without one they are called 1, 2, ...")
      .fallback = nullptr;
  f.optional(s.names, "names", list(text(), 1), "names of the columns, instead of the header's");
}

// A key for each column.
void ordinal(Fields& f, data::ColumnSpec& s) {
  auto columns = experiment::map("data.csv.columns.ordinal", {});
  columns.items = {list(text(), 2)};
  f.other(optional("ordinal", std::move(columns), nullptr,
                   "columns of ordered values, as {size: [s, m, l]}: read as 0, 1, 2, ..."),
          [&](const json& given) {
            for (const auto& [column, order] : given.items())
              s.ordinal.push_back({column, order.get<std::vector<std::string>>()});
          });
}

void describe(Fields& f, data::ColumnSpec& s) {
  f.optional(s.use, "use", one_or_list(text()),
             "columns that are inputs, with * and ?; default: all that have no other part");
  f.optional(s.leave, "leave", one_or_list(text()), "columns that are no inputs");
  f.optional(s.categorical, "categorical", one_or_list(text()),
             "columns of categories, besides those of text; a row of 0 and 1 for each value");
  ordinal(f, s);
  f.optional(s.date, "date", one_or_list(text()), "columns of dates, read as days since 1970");
  f.optional(s.date_format, "date_format", text(),
             "as strptime reads it, as \"%d.%m.%Y\"; default: found in the file");
  f(s.drop_first, "drop_first", flag(), "no row for the first category of a column");
  f.words(s.unknown_zero, "unknown", {{"error", false}, {"zero", true}},
          "what a category is that training has not seen");
}

void describe(Fields& f, data::MissingSpec& s) {
  using Numbers = data::MissingSpec::Numbers;
  using Categories = data::MissingSpec::Categories;
  s.is_given = true;
  f(s.values, "values", one_or_list(text(), 0), "what stands for a missing value");
  f.words(s.numbers, "numbers",
          {{"mean", Numbers::mean},
           {"median", Numbers::median},
           {"drop", Numbers::drop},
           {"indicator", Numbers::indicator}},
          "of the training part, or leave the row out; indicator: the mean, and another input that "
          "is 1 where it is missing");
  f.words(s.categories, "categories",
          {{"own", Categories::own}, {"most_frequent", Categories::most_frequent}},
          "own: missing is a category");
  f.words(s.drop_targets, "targets", {{"error", false}, {"drop", true}},
          "rows without a target: an error, or left out");
}

void labels(Fields& f, data::CsvSpec& s) {
  f.map("data.csv.labels", "", "how labels are read, and noise in them", [&](Fields& in) {
    in.optional(s.label_flip, "flip", number(0, 1),
                "share of training labels that are replaced by another class's");
    in.optional(s.label_strip, "strip", text(), "characters that are left out at their end");
    in.optional(s.labels_path, "path", path(), "of an IDX file: that of its targets");
  });
}

void describe(Fields& f, data::CsvSpec& s) {
  f.required(s.path, "path", path(), "relative to the file that writes it",
             "path: data/diabetes.csv");
  f.required(s.target, "target", one_or_list(text()), "a column or a list of columns", "target: y");
  rows_apart(f, "test", "the rows",
             {s.test_fraction, s.test_path, s.test_labels_path, &s.test_folds},
             "a fraction, {path: other.csv} or {kfold: 5}")
      .fallback = {{"fraction", 0.0}};
  rows_apart(f, "validation", "the rows that are not test",
             {s.validation_fraction, s.validation_path, s.validation_labels_path},
             "a fraction, or {path: other.csv}: what choices are made on");
  describe(f, s.dialect);
  f.map("data.csv.columns", "use", "which columns are inputs, and what they hold",
        [&](Fields& in) { describe(in, s.columns); });
  f.map("data.csv.missing", "numbers", "what is done about missing values; default: an error",
        [&](Fields& in) { describe(in, s.missing); });
  f.optional(s.stratify, "stratify", flag(),
             "splits keep the shares of the classes; default: true for a loss over classes");
  f.optional(s.group, "group", text(), "the column whose values stay in one part of a split");
  f.optional(s.time, "time", text(), "the column in whose order rows are split, the last to test");
  labels(f, s);
  f.optional(s.truth, "truth", one_or_list(text()),
             "the column that holds E[y|x], or a list of one for each target");
  noise(f, s.noise, "with truth: the target is redrawn for every replicate as truth + noise");
  f.optional(s.weight, "weight", text(), "the column of sample weights");
  f(s.standardize_target, "standardize_target", flag(),
    "targets to mean 0 and variance 1, fitted on the training part");
}

void describe(Fields& f, nn::SurfaceSpec& s) {
  for (const auto& one : nn::surfaces())
    f.kind(s, one.name, {one.kind}, one.doc, [&](Fields& in) {
      in(s.noise, "noise", number(0), "sd of the noise on each element of a step's gradient");
      if (one.kind == nn::SurfaceSpec::Kind::bowl)
        in(s.condition, "condition", above(0), "curvature along y; along x it is 1");
    });
}

void describe(Fields& f, data::FeatureSpec& s) {
  f.kind(s, "standardize", data::Standardize{},
         "mean 0 and variance 1, fitted on the training part");
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

void describe(Fields& f, nn::LayerSpec& s) {
  using Kind = nn::LayerSpec::Kind;
  const auto linear = [&](Fields& in) {
    const auto units = or_word(width(), "auto");
    in.required(s.units, "units", units, "outputs of the layer; auto: as many as the targets need",
                "units: 16");
    in(s.bias, "bias", flag(), "whether a bias is added");
  };
  f.kind(s, nn::name(Kind::linear), {Kind::linear}, "W x + b", linear, "units");
  f.kind(s, nn::name(Kind::leaky_relu), {Kind::leaky_relu}, "leaky relu",
         [&](Fields& in) { in(s.slope, "slope", number(0), "slope below 0"); });
  f.kind(s, nn::name(Kind::elu), {.kind = Kind::elu, .slope = 1}, "elu",
         [&](Fields& in) { in(s.slope, "alpha", number(0), "size of the negative part"); });
  for (const auto kind : {Kind::relu, Kind::gelu, Kind::tanh, Kind::sigmoid, Kind::softplus,
                          Kind::softmax, Kind::log_softmax})
    f.kind(s, nn::name(kind), {kind}, nn::name(kind));
}

void describe(Fields& f, nn::InitSpec& s) {
  using Kind = nn::InitSpec::Kind;
  f.kind(s, "torch", {Kind::torch}, "U(-1/sqrt(fan_in), 1/sqrt(fan_in))");
  f.kind(s, "zeros", {Kind::zeros}, "all 0");
  f.kind(s, "xavier", {Kind::xavier}, "U(+-sqrt(6/(fan_in+fan_out))), biases 0");
  f.kind(s, "he", {Kind::he}, "N(0, 2/fan_in), biases 0");
  f.kind(s, "uniform", {Kind::uniform}, "[a, b], biases too",
         [&](Fields& in) { in.pair(s.a, s.b, interval()); });
  f.kind(s, "normal", {Kind::normal}, "the standard deviation; biases too",
         [&](Fields& in) { in.value(s.b, number(0)); });
  f.kind(s, "point", {Kind::point}, "[x, y] on a surface",
         [&](Fields& in) { in.pair(s.point[0], s.point[1], tuple(number(), "x", number(), "y")); });
}

void describe(Fields&, train::ConstantRule&) {}

void describe(Fields& f, train::StepRule& r) {
  f.required(r.step_size, "step_size", count(), "periods", "step_size: 30");
  f(r.gamma, "gamma", above(0), "the factor");
}

void describe(Fields& f, train::MultiStepRule& r) {
  f.required(r.milestones, "milestones", list(count(), 1), "periods", "milestones: [30, 80]");
  f(r.gamma, "gamma", above(0), "the factor");
}

void describe(Fields& f, train::ExponentialRule& r) {
  f.required(r.gamma, "gamma", above(0), "the factor", "gamma: 0.95");
}

void describe(Fields& f, train::CosineAnnealing& r) {
  f.optional(r.t_max, "t_max", count(), "half a cosine's length; default: to the end of the run");
  f(r.eta_min, "eta_min", number(), "lowest value");
}

void describe(Fields& f, train::CosineWarmRestarts& r) {
  f.required(r.t_0, "t_0", count(), "periods to the first restart", "t_0: 10");
  f(r.t_mult, "t_mult", count(), "factor of that length at each restart");
  f(r.eta_min, "eta_min", number(), "lowest value");
}

void describe(Fields& f, train::LinearWarmup& r) {
  f(r.start_factor, "start_factor", number(0), "share at the start");
  f(r.end_factor, "end_factor", number(0), "share at the end");
  f(r.total_iters, "total_iters", count(), "periods from one to the other");
}

void describe(Fields& f, train::PolynomialDecay& r) {
  f.optional(r.total_iters, "total_iters", count(),
             "periods until it is 0; default: to the end of the run");
  f(r.power, "power", number(0), "1: evenly");
}

void describe(Fields& f, train::OneCycle& r) {
  f.required(r.max_lr, "max_lr", number(), "highest value", "max_lr: 0.1");
  f.optional(r.total_steps, "total_steps", count(),
             "length of the cycle; default: to the end of the run");
  f(r.pct_start, "pct_start", above(0, 1), "share of it that rises");
  f.words(r.linear, "anneal_strategy", {{"cos", false}, {"linear", true}}, "form of the slopes");
  f(r.div_factor, "div_factor", above(0), "max_lr over the value at the start");
  f(r.final_div_factor, "final_div_factor", above(0), "value at the start over the last");
  f(r.three_phase, "three_phase", flag(), "down as fast as up, then to the end");
}

void describe(Fields& f, train::Cyclic& r) {
  using Mode = train::Cyclic::Mode;
  f.required(r.max_lr, "max_lr", number(), "highest value", "max_lr: 0.1");
  f.required(r.step_size_up, "step_size_up", count(), "periods up", "step_size_up: 20");
  r.step_size_down = r.step_size_up;
  f.optional(r.step_size_down, "step_size_down", count(), "periods down; default: as up");
  f.words(r.mode, "mode",
          {{"triangular", Mode::triangular},
           {"triangular2", Mode::triangular2},
           {"exp_range", Mode::exp_range}},
          "cycles of one height, halved each time, or times gamma^t");
  f(r.gamma, "gamma", above(0), "the factor");
}

// Metrics of the training and the validation set: choices must not be made on the test set.
Words<record::Metric> watched_metrics() {
  Words<record::Metric> all;
  const auto& facts = record::metric_facts();
  for (const std::string_view set : {"validation_", "train_"})
    for (std::size_t i = 0; i < facts.size(); ++i)
      if (facts[i].name.starts_with(set))
        all.emplace_back(facts[i].name.c_str(), record::Metric(i));
  return all;
}

void describe(Fields& f, train::ReduceOnPlateau& r) {
  f(r.factor, "factor", between(0, 1), "what the value is multiplied by");
  f(r.patience, "patience", whole_from(0), "epochs without an improvement that are let pass");
  f(r.threshold, "threshold", number(0), "how much must be gained to count as an improvement");
  f.words(r.is_absolute, "threshold_mode", {{"rel", false}, {"abs", true}},
          "threshold as a share of the best value, or itself");
  f(r.cooldown, "cooldown", whole_from(0), "epochs after a reduction that do not count");
  f(r.min_lr, "min_lr", number(0), "lowest value");
  f(r.eps, "eps", number(0), "a reduction by no more is left out");
  f.words(r.metric, "metric", watched_metrics(),
          "what is watched; default: validation_loss if there is a validation set, else train_loss")
      .fallback = nullptr;
}

// One kind of schedule, with the keys that all of them have.
template <class Own>
void rule(Fields& f, train::Schedule& s, const char* name, const char* doc) {
  f.kind(s, name, {Own()}, doc, [&](Fields& in) {
    describe(in, std::get<Own>(s.rule));
    in(s.hyper, "hyper", text(), "the hyper of the optimizer that follows it");
    in.words(s.every_step, "per", {{"epoch", false}, {"step", true}}, "what a period is");
    in(s.warmup, "warmup", whole_from(0),
       "periods before it in which the value rises evenly from 0");
  });
}

void describe(Fields& f, train::Schedule& s) {
  rule<train::ConstantRule>(f, s, "constant", "the value itself, for a warmup alone");
  rule<train::StepRule>(f, s, "step", "times gamma every step_size periods");
  rule<train::MultiStepRule>(f, s, "multi_step", "times gamma at each milestone");
  rule<train::ExponentialRule>(f, s, "exponential", "times gamma every period");
  rule<train::CosineAnnealing>(f, s, "cosine_annealing", "down a cosine to eta_min");
  rule<train::CosineWarmRestarts>(f, s, "cosine_warm_restarts",
                                  "down a cosine to eta_min, again and again");
  rule<train::LinearWarmup>(f, s, "linear_warmup", "a share that rises, or falls, evenly");
  rule<train::PolynomialDecay>(f, s, "polynomial", "a power of the share of periods left");
  rule<train::OneCycle>(f, s, "one_cycle", "up to max_lr and down to almost 0");
  rule<train::Cyclic>(f, s, "cyclic", "up and down between the value and max_lr");
  rule<train::ReduceOnPlateau>(f, s, "reduce_on_plateau",
                               "times factor when a metric has not improved");
}

void describe(Fields& f, train::StopSettings& s) {
  f.optional(s.patience, "patience", count(), "epochs without an improvement; default: any number");
  f.optional(s.target, "target", number(), "value of the metric that is good enough");
  f(s.min_delta, "min_delta", number(0), "how much must be gained to count as one");
  f.words(s.metric, "metric", watched_metrics(), "what is watched, every epoch");
  f(s.restore, "restore", flag(), "end with the weights of the best epoch");
}

void describe(Fields& f, train::TrainSettings& s) {
  auto& epochs = f(s.epochs, "epochs", count(), "passes over the training set");
  needed(epochs, "epochs: 100", {"optimizer", train::exact_optimizer.name, "train.steps"});
  f.optional(s.steps, "steps", count(), "steps, instead of epochs");
  f(s.batch, "batch", or_word(count(), "full"),
    "samples a step; full, or any number from their count on: all")
      .fallback = "full";
  f(s.replacement, "replacement", flag(),
    "whether an epoch's samples are drawn with replacement, not each once");
  auto& schedules = f.choices("schedule", "schedule",
                              "how hypers of the optimizer change over the run; one, or a list",
                              [&](Fields& in) { describe(in, s.schedules.emplace_back()); });
  schedules.schema.least = 1;
  schedules.schema.bare = true;
  f.optional(s.clip_norm, "clip_norm", above(0), "longest gradient; longer ones are scaled");
  f.optional(s.clip_value, "clip_value", above(0), "largest size of a gradient's element");
  f.optional(s.ema, "ema", share_below_one(),
             "evaluate at an average of the weights, of which each step keeps this share");
  f.map("train.stop", "patience", "end a run that no longer improves",
        [&](Fields& in) { describe(in, s.stop.emplace()); });
  f.optional(s.timeout_seconds, "timeout", of_kind(Schema::Kind::duration),
             "limit of one run, as 30s");
  f.optional(s.memory_bytes, "memory", of_kind(Schema::Kind::memory),
             "limit of a worker process, as 2GB");
}

void what_varies(Fields& f, train::ReplicateSettings& s) {
  const std::vector<std::string> names = {"data", "init", "order", "split"};
  bool* const fields[] = {&s.vary_data, &s.vary_init, &s.vary_order, &s.vary_split};
  auto parts = list(word(names));
  parts.ordered = true;
  const auto read = [&](const json& given) {
    for (std::size_t i = 0; i < names.size(); ++i)
      *fields[i] = std::ranges::count(given, json(names[i])) > 0;
  };
  f.other(optional("vary", std::move(parts), {"data", "init", "order"},
                   "what differs between replicates; split: also the test set of data.csv"),
          read);
}

void describe(Fields& f, train::ReplicateSettings& s) {
  f.optional(s.count, "count", whole(1, train::max_replicates),
             "trainings of each point; default: 1, with until 20 to begin with");
  f(s.first, "first", whole(0, train::max_replicates - 1),
    "number of the first one; from another on they are draws not seen before");
  const auto errors = [&](Fields& in) {
    auto& [total, bias2, variance] = s.until.emplace();
    for (auto [field, key] : {std::pair(&total, "total_se"), std::pair(&bias2, "bias2_se"),
                              std::pair(&variance, "variance_se")})
      in.optional(*field, key, above(0), "a standard error that is small enough");
  };
  f.map("until", "", "more of them until standard errors at the last epoch are as small", errors);
  s.most = s.count;
  f.optional(s.most, "max", whole(2, train::max_replicates),
             "with until: trainings of each point at most");
  f.words(s.resample.scheme, "resample", named<data::Resample>(7),
          "how training data differ between replicates; default: fresh where targets can be "
          "redrawn, else none")
      .fallback = nullptr;
  what_varies(f, s);
  f.words(s.layout, "layout", named<train::Layout>(3),
          "how: every replicate by itself, or in blocks of `seeds` that share the first of vary "
          "and differ in the rest, the same rest in every block when crossed");
  f.optional(s.seeds, "seeds", whole_from(2), "replicates of a block");
  f.optional(s.resample.parts, "parts", whole_from(2),
             "resample disjoint and kfold: parts the training set is cut into");
}

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
  f.words(s.model, "model",
          {{"none", train::ModelKept::none},
           {"best", train::ModelKept::best},
           {"all", train::ModelKept::all}},
          "whose model is stored, for descent predict; best: the replicate with the least "
          "validation_loss, or train_loss, of each point");
  f(s.confusion, "confusion", flag(), "whether confusion matrices are stored");
  f(s.fit, "fit", whole(0, 100),
    "of points of one input: replicates whose predictions are stored; 0: not the mean either");
  f(s.predictions, "predictions", flag(),
    "whether the trained model's predictions of the test and the validation set are stored");
  std::vector<std::string> names{"none", "accuracy"};
  for (const auto& measure : record::measure_facts) names.emplace_back(measure.name);
  for (std::size_t i = std::size_t(record::Metric::measures); i < record::metric_facts().size();
       ++i)
    names.push_back(record::metric_facts()[i].name);
  f.other(optional("metrics", one_or_list(word(std::move(names)), 0), nullptr,
                   "measures of the test and the validation set besides loss and accuracy, as f1, "
                   "or of one set, as train_f1; default: mae and r2, or balanced_accuracy and f1"),
          [&](const json& given) {
            s.metrics = given.is_array() ? given.get<std::vector<std::string>>()
                                         : std::vector<std::string>{given.get<std::string>()};
          });
  f.other(optional("decompose",
                   one_or_list(word({"none", "mse", "mae", "nll", "brier", "zero_one"})), nullptr,
                   "metrics to decompose besides mse or nll; default: brier and zero_one for a "
                   "loss over classes, else mse alone; none: nothing is decomposed"),
          [&](const json& given) {
            s.decompose = given.is_array() ? given.get<std::vector<std::string>>()
                                           : std::vector<std::string>{given.get<std::string>()};
            s.is_decomposed = s.decompose->front() != "none";
          });
}

void describe(Fields& f, train::Prune& s) {
  f.kind(s, "asha", {}, "successive halving", [&](Fields& in) {
    in.required(s.min_epochs, "min_epochs", count(), "epochs to the first rung", "min_epochs: 10");
    in(s.reduction, "reduction", whole_from(2),
       "one point in as many goes on; and the factor from a rung's epoch to the next");
    in.words(s.metric, "metric", watched_metrics(),
             "whose mean over replicates ranks the points; default: validation_loss if there is a "
             "validation set")
        .fallback = nullptr;
    in.optional(
        s.per, "per", one_or_list(text()),
        "swept paths: points compete with those of the same values; default: stages.select.per");
  });
}

// What the tuning of a grid says instead of the rest of the file (stage_trees.h).
void tuning(Fields& f) {
  std::uint64_t unread = 0;
  f.optional(unread, "replicates", whole(1, train::max_replicates),
             "trainings of each point; default: as the file says");
  f.optional(unread, "seed", whole_from(0), "another one than the file's");
  f.optional(unread, "epochs", count(), "as many instead of train.epochs");
}

void describe(Fields& f, SelectSettings& s) {
  f(s.metric, "metric", text(), "validation_loss, validation_accuracy or train_loss");
  f(s.rule, "rule", word({"mean", "median", "worst", "upper"}),
    "of a point's runs; upper: one standard error worse than the mean");
  f.optional(s.per, "per", one_or_list(text()),
             "swept paths: the best for each combination of their values");
  f(s.failures, "failures", word({"exclude", "worst", "done"}),
    "a point with runs that are not done is out, they count as infinitely bad, or are passed over");
  std::string ties = "first";
  f(ties, "ties", word({ties}), "the first in the file's order");
  f(s.top, "top", count(), "how many of each");
}

void describe(Fields& f, Stages& s) {
  f.map("stages.tune", "replicates", "how the grid is trained to choose", tuning);
  section(f.map("stages.select", "", "by what the best points are chosen",
                [&](Fields& in) { describe(in, s.select); }));
  const auto rerun = [&](Fields& in) {
    in.required(s.replicates, "replicates", whole(1, train::max_replicates),
                "trainings of each chosen point, not seen before", "replicates: 100");
  };
  needed(f.map("stages.rerun", "replicates", "how the chosen points are trained", rerun),
         "rerun: {replicates: 100}");
}

void describe(Fields& f, ReportPicture& p) {
  f.required(p.title, "title", text(), "what stands above it", "title: weights over lambda");
  f.required(p.sql, "sql", text(), "the query; its columns are named x, series, ...",
             "sql: SELECT lambda AS x, total FROM results");
  f.optional(p.mark, "mark", word({"line", "rows", "heat", "scatter", "steps", "stack"}),
             "how rows are drawn; default: by the names of the columns");
  f(p.note, "note", text(), "the caption");
}

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

void describe(Fields& f, nn::ModelSpec& s) {
  auto& layers = f.choices("layers", "layer", "from input to output",
                           [&](Fields& in) { describe(in, s.layers.emplace_back()); });
  layers.schema.least = 1;
  needed(layers, "layers: [{linear: 16}, tanh, {linear: 1}]", on_surface);
  f.choice("init", "initializer", "first weights; default: torch, on a surface its own start",
           [&](Fields& in) { describe(in, s.init); });
}

void plugin_keys(Fields& f, train::Settings& s, const host::Catalog& catalog) {
  f.other(required_unless(
              required("loss", plugins(catalog, DESCENT_LOSS), "a loss plugin", "loss: mse"),
              on_surface),
          [&](const json& given) { s.loss = loss_of(given, catalog); });
  f.other(
      required("optimizer", plugins(catalog, DESCENT_OPTIMIZER, {train::exact_optimizer.name}),
               "an optimizer plugin, or exact: the solution itself", "optimizer: {sgd: {lr: 0.1}}"),
      [&](const json& given) { s.optimizer = optimizer_of(given, catalog); });
  f.other(optional("regularizer", one_or_list(plugins(catalog, DESCENT_REGULARIZER, {"none"}), 0),
                   none, "a regularizer plugin, or a list"),
          [&](const json& given) { s.regularizers = regularizers_of(given, catalog); });
}

void describe(Fields& f, train::Settings& s, const host::Catalog& catalog) {
  std::string name, description;  // what names the experiment is no setting
  f.required(name, "experiment", text(), "its name: lower-case letters, digits and -",
             "experiment: my-first");
  f(description, "description", text(), "one line on what it shows");
  f(s.seed, "seed", whole_from(0), "of every random stream");
  f.words(s.dtype, "dtype", {{"float32", Element::float32}, {"float64", Element::float64}},
          "element type");
  needed(f.map("data", "", "where samples come from", [&](Fields& in) { data(in, s); }),
         "data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 256}}");
  auto& features =
      f.choices("features", "feature", "a map of the inputs, or a list of them in order",
                [&](Fields& in) { describe(in, s.features.emplace_back()); });
  features.schema.bare = true;
  features.fallback = json::array();
  needed(f.map("model", "", "layers and first weights", [&](Fields& in) { describe(in, s.model); }),
         "model: {layers: [{linear: 1}]}", on_surface);
  plugin_keys(f, s, catalog);
  needed(
      f.map("train", "", "how long and in which steps", [&](Fields& in) { describe(in, s.train); }),
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
