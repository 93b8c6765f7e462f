// SPDX-License-Identifier: MIT
// What a file says is what the points hold, defaults included.
#include "experiment/schema/path.h"
#include "experiment/support.h"
#include "paths.h"

namespace descent::testing {
namespace {

using Settle = ExperimentFile;

constexpr const char* linear_regression = R"(experiment: linear-regression
description: y = 5x + 7 by gradient descent
seed: 42
dtype: float32
data:
  synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 256, test: 1000}
features: [standardize, {polynomial: {degree: 3}}]        # fitted on the training set only
model: {layers: [{linear: 16}, tanh, {linear: 1}], init: torch}
loss: mse
optimizer: {grid: [{sgd: {lr: {grid: [0.1, 0.01]}, momentum: 0.9}}, adam]}
regularizer: {l2: {lambda: {logspace: [1.0e-4, 1, 5]}}}
train: {epochs: 3000, batch: full}                        # batch: full or a number
replicates: {count: 100, resample: fresh, vary: [data, init, order]}
record: {every: 100, weights: true}
)";

TEST_F(Settle, TheExperimentOfTheDesignPage) {
  const auto experiment = read(linear_regression);
  EXPECT_EQ(experiment.name(), "linear-regression");
  EXPECT_EQ(experiment.description(), "y = 5x + 7 by gradient descent");
  EXPECT_EQ(experiment.source(), linear_regression);
  EXPECT_EQ(experiment.size(), 15u);
  EXPECT_EQ(experiment.swept(), (Texts{"optimizer", "optimizer.lr", "regularizer.lambda"}));

  const auto settings = experiment.point(6).settings;  // sgd, lr 0.01, the second lambda
  EXPECT_EQ(settings.seed, 42u);
  EXPECT_EQ(settings.dtype, Element::float32);
  const auto& data = std::get<data::SyntheticSpec>(settings.data);
  EXPECT_EQ(data.function, Texts{"5*x + 7"});
  EXPECT_EQ(data.dims, 1u);
  EXPECT_EQ(data.x.kind, data::InputSpec::Kind::uniform);
  EXPECT_EQ(data.noise.kind, data::NoiseSpec::Kind::normal);
  EXPECT_EQ(data.noise.sd, 0.25);
  EXPECT_EQ(data.train, 256u);
  EXPECT_EQ(data.test, 1000u);
  EXPECT_EQ(data.test_x.kind, data::InputSpec::Kind::uniform);
  ASSERT_EQ(settings.features.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<data::Standardize>(settings.features[0]));
  EXPECT_EQ(std::get<data::Polynomial>(settings.features[1]).degree, 3u);
  ASSERT_EQ(settings.model.layers.size(), 3u);
  EXPECT_EQ(settings.model.layers[0].units, 16u);
  EXPECT_EQ(settings.model.layers[1].kind, nn::LayerSpec::Kind::tanh);
  EXPECT_EQ(settings.model.init.kind, nn::InitSpec::Kind::torch);
  EXPECT_EQ(settings.loss.plugin.name, "mse");
  EXPECT_EQ(settings.optimizer.name, "sgd");
  const auto& sgd = catalog_.get(DESCENT_OPTIMIZER, "sgd");
  EXPECT_EQ(settings.optimizer.hyperparameters[std::size_t(sgd.hyperparameter_index("lr"))], 0.01);
  EXPECT_EQ(settings.optimizer.hyperparameters[std::size_t(sgd.hyperparameter_index("momentum"))],
            0.9);
  ASSERT_EQ(settings.regularizers.size(), 1u);
  EXPECT_EQ(settings.regularizers[0].plugin.hyperparameters, std::vector<double>{0.001});
  EXPECT_EQ(settings.train.epochs, 3000u);
  EXPECT_EQ(settings.train.batch, 0u);
  EXPECT_EQ(settings.replicates.count, 100u);
  EXPECT_EQ(settings.replicates.resample.scheme, data::Resample::fresh);
  EXPECT_EQ(settings.record.every, 100u);
  EXPECT_TRUE(settings.record.weights);
}

TEST_F(Settle, FillsInEveryDefault) {
  const auto expected = json::parse(R"({
    "data": {"synthetic": {"dims": 1, "function": "5*x + 7", "noise": {"name": "none"},
                           "test": {"count": 0}, "train": 8,
                           "x": {"name": "uniform", "uniform": [0.0, 1.0]}}},
    "dtype": "float32", "features": [], "loss": {"name": "mse", "reduction": "mean"},
    "model": {"init": {"name": "torch"}, "layers": [{"bias": true, "linear": 1, "name": "linear"}]},
    "optimizer": {"dampening": 0.0, "lr": 0.001, "momentum": 0.0, "name": "sgd",
                  "nesterov": false, "weight_decay": 0.0},
    "record": {"confusion": false, "every": 2, "fit": 20, "model": "none", "predictions": false, "weights": false},
    "regularizer": {"name": "none"},
    "replicates": {"first": 0, "layout": "single", "resample": "fresh",
                   "vary": ["data", "init", "order"]},
    "seed": 0, "train": {"batch": "full", "epochs": 40, "replacement": false}})");
  EXPECT_EQ(resolved(text()).dump(1), expected.dump(1));
  EXPECT_EQ(settings({}).replicates.count, 1u);
  EXPECT_EQ(settings({}).train.timeout_seconds, 0.0);
}

TEST_F(Settle, RecordsATwentiethOfTheEpochsRoundedUp) {
  EXPECT_EQ(settings({{"train", "{epochs: 1}"}}).record.every, 1u);
  EXPECT_EQ(settings({{"train", "{epochs: 20}"}}).record.every, 1u);
  EXPECT_EQ(settings({{"train", "{epochs: 21}"}}).record.every, 2u);
  EXPECT_EQ(settings({{"train", "{epochs: 3000}"}}).record.every, 150u);
}

TEST_F(Settle, ReadsEveryInputDistribution) {
  const auto inputs = [&](const std::string& x, const std::string& test) {
    return std::get<data::SyntheticSpec>(
        settings(
            {{"data", "{synthetic: {function: x, x: " + x + ", train: 8, test: " + test + "}}"}})
            .data);
  };
  const auto normal = inputs("{normal: [1, 2.5]}", "{count: 9, x: {midpoints: [-1, 3]}}");
  EXPECT_EQ(normal.x.kind, data::InputSpec::Kind::normal);
  EXPECT_EQ(normal.x.a, 1.0);
  EXPECT_EQ(normal.x.b, 2.5);
  EXPECT_EQ(normal.test, 9u);
  EXPECT_EQ(normal.test_x.kind, data::InputSpec::Kind::midpoints);
  EXPECT_EQ(normal.test_x.a, -1.0);
  EXPECT_EQ(normal.test_x.b, 3.0);
  EXPECT_EQ(inputs("{midpoints: [0, 2]}", "{count: 9}").test_x.kind,
            data::InputSpec::Kind::midpoints);
}

TEST_F(Settle, ReadsBernoulliNoiseForALossOfClasses) {
  const auto got =
      settings({{"data",
                 "{synthetic: {function: x1*x2, dims: 2, x: {uniform: [0, 1]}, noise: bernoulli, "
                 "train: 8}}"},
                {"model", "{layers: [{linear: auto}]}"},
                {"loss", "{cross_entropy: {class_weight: [1, 2.5], reduction: sum}}"}});
  EXPECT_EQ(std::get<data::SyntheticSpec>(got.data).noise.kind, data::NoiseSpec::Kind::bernoulli);
  EXPECT_EQ(std::get<data::SyntheticSpec>(got.data).dims, 2u);
  EXPECT_EQ(got.model.layers[0].units, 0u);
  EXPECT_EQ(got.loss.class_weight, (std::vector<double>{1, 2.5}));
  EXPECT_EQ(got.loss.reduction, train::Reduction::sum);
}

TEST_F(Settle, ReadsCsvWithEveryKey) {
  const auto got =
      settings({{"data",
                 "{csv: {path: data/a.csv, target: y, test: {path: ../b.csv}, truth: f, "
                 "noise: {normal: 0.5}, weight: w, standardize_target: true}}"}});
  const auto& csv = std::get<data::CsvSpec>(got.data);
  EXPECT_EQ(csv.path, (folder_ / "data/a.csv").string());
  EXPECT_EQ(csv.target, Texts{"y"});
  EXPECT_EQ(csv.test_path, (folder_.parent_path() / "b.csv").string());
  EXPECT_EQ(csv.test_fraction, 0.0);
  EXPECT_EQ(csv.truth, Texts{"f"});
  EXPECT_EQ(csv.weight, "w");
  EXPECT_EQ(csv.noise.sd, 0.5);
  EXPECT_TRUE(csv.standardize_target);
  EXPECT_EQ(got.replicates.resample.scheme, data::Resample::fresh);
}

TEST_F(Settle, ReadsCsvWithAFractionAndSeveralTargets) {
  const auto got = settings({{"data", "{csv: {path: /data/a.csv, target: [u, v], test: 0.25}}"},
                             {"model", "{layers: [{linear: 2}]}"}});
  const auto& csv = std::get<data::CsvSpec>(got.data);
  EXPECT_EQ(csv.path, "/data/a.csv");
  EXPECT_EQ(csv.target, (Texts{"u", "v"}));
  EXPECT_EQ(csv.test_fraction, 0.25);
  EXPECT_EQ(csv.test_path, "");
  EXPECT_FALSE(csv.standardize_target);
  EXPECT_EQ(got.replicates.resample.scheme, data::Resample::none);
}

TEST_F(Settle, ReadsEveryFeature) {
  const auto features =
      settings({{"features",
                 "[{scale: 0.0625}, {gaussian_basis: {count: 24, from: -1, to: 2, "
                 "width: 0.1}}, {random_relu: {count: 300}}]"}})
          .features;
  ASSERT_EQ(features.size(), 3u);
  EXPECT_EQ(std::get<data::Scale>(features[0]).factor, 0.0625);
  const auto& basis = std::get<data::GaussianBasis>(features[1]);
  EXPECT_EQ(basis.count, 24u);
  EXPECT_EQ(basis.from, -1.0);
  EXPECT_EQ(basis.to, 2.0);
  EXPECT_EQ(basis.width, 0.1);
  EXPECT_EQ(std::get<data::RandomRelu>(features[2]).count, 300u);
}

TEST_F(Settle, ReadsEveryLayer) {
  using Kind = nn::LayerSpec::Kind;
  const auto layers = settings({{"model",
                                 "{layers: [{linear: {units: 4, bias: false}}, relu, {leaky_relu: "
                                 "{slope: 0.2}}, leaky_relu, {elu: {alpha: 2}}, elu, gelu, tanh, "
                                 "sigmoid, softplus, softmax, log_softmax, {linear: auto}]}"}})
                          .model.layers;
  const std::vector<Kind> kinds = {
      Kind::linear,  Kind::relu,        Kind::leaky_relu, Kind::leaky_relu, Kind::elu,
      Kind::elu,     Kind::gelu,        Kind::tanh,       Kind::sigmoid,    Kind::softplus,
      Kind::softmax, Kind::log_softmax, Kind::linear};
  ASSERT_EQ(layers.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) EXPECT_EQ(layers[i].kind, kinds[i]) << i;
  EXPECT_FALSE(layers[0].bias);
  EXPECT_EQ(layers[0].units, 4u);
  EXPECT_EQ(layers[2].slope, 0.2);
  EXPECT_EQ(layers[3].slope, 0.01);
  EXPECT_EQ(layers[4].slope, 2.0);
  EXPECT_EQ(layers[5].slope, 1.0);
  EXPECT_TRUE(layers[12].bias);
}

TEST_F(Settle, ReadsEveryInitializer) {
  using Kind = nn::InitSpec::Kind;
  const auto init = [&](const std::string& value) {
    return settings({{"model", "{layers: [{linear: 1}], init: " + value + "}"}}).model.init;
  };
  EXPECT_EQ(init("zeros").kind, Kind::zeros);
  EXPECT_EQ(init("xavier").kind, Kind::xavier);
  EXPECT_EQ(init("he").kind, Kind::he);
  EXPECT_EQ(init("{uniform: [-0.5, 0.25]}").a, -0.5);
  EXPECT_EQ(init("{uniform: [-0.5, 0.25]}").b, 0.25);
  EXPECT_EQ(init("{normal: 0.1}").kind, Kind::normal);
  EXPECT_EQ(init("{normal: 0.1}").b, 0.1);
}

TEST_F(Settle, ReadsHyperparametersOfEveryType) {
  const auto got = settings({{"optimizer", "{sgd: {nesterov: true, momentum: 1}}"},
                             {"loss", "{bce_with_logits: {pos_weight: 3}}"}});
  const auto& sgd = catalog_.get(DESCENT_OPTIMIZER, "sgd");
  EXPECT_EQ(got.optimizer.hyperparameters[std::size_t(sgd.hyperparameter_index("nesterov"))], 1.0);
  EXPECT_EQ(got.loss.class_weight, std::vector<double>{3});
  const auto whole = resolved(
      text({{"data", "{csv: {path: a.csv, target: y}}"}, {"loss", "{nll: {ignore_index: -100}}"}}));
  EXPECT_EQ(whole["loss"]["ignore_index"].dump(), "-100");
}

TEST_F(Settle, APluginWithoutAnythingAfterItsColonHasItsDefaults) {
  EXPECT_EQ(resolved(text({{"optimizer", "{adam: }"}})), resolved(text({{"optimizer", "adam"}})));
}

TEST_F(Settle, ReadsRegularizersAlone_InAList_AndNone) {
  const auto regularizers = [&](const std::string& value) {
    return settings({{"regularizer", value}}).regularizers;
  };
  EXPECT_TRUE(regularizers("none").empty());
  EXPECT_TRUE(regularizers("[]").empty());
  const auto two = regularizers("[{l1: {lambda: 2, apply: proximal}}, {l2: {on: all}}]");
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].plugin.name, "l1");
  EXPECT_EQ(two[0].plugin.hyperparameters, std::vector<double>{2});
  EXPECT_TRUE(two[0].proximal);
  EXPECT_FALSE(two[0].on_all);
  EXPECT_FALSE(two[1].proximal);
  EXPECT_TRUE(two[1].on_all);
}

TEST_F(Settle, ReadsReplicatesAsANumberOrAMap) {
  EXPECT_EQ(settings({{"replicates", "12"}}).replicates.count, 12u);
  const auto got = settings({{"replicates", "{count: 3, resample: bootstrap, vary: [order]}"}});
  EXPECT_EQ(got.replicates.count, 3u);
  EXPECT_EQ(got.replicates.resample.scheme, data::Resample::bootstrap);
  EXPECT_FALSE(got.replicates.vary_data);
  EXPECT_FALSE(got.replicates.vary_init);
  EXPECT_TRUE(got.replicates.vary_order);
}

TEST_F(Settle, ReadsTimesInEveryUnit) {
  const auto seconds = [&](const std::string& value) {
    return settings({{"train", "{epochs: 1, timeout: " + value + "}"}}).train.timeout_seconds;
  };
  EXPECT_EQ(seconds("30s"), 30.0);
  EXPECT_EQ(seconds("2min"), 120.0);
  EXPECT_EQ(seconds("500ms"), 0.5);
  EXPECT_EQ(seconds("1.5h"), 5400.0);
}

TEST_F(Settle, ABatchMayBeLargerThanTheTrainingSet) {
  EXPECT_EQ(settings({{"train", "{epochs: 1, batch: 512}"}}).train.batch, 512u);
}

TEST_F(Settle, AnchorsStandForWhatTheyName) {
  const auto got = read(text({{"data",
                               "{synthetic: {function: x, x: &x {uniform: [2, 3]}, train: 8, "
                               "test: {count: 4, x: *x}}}"}}))
                       .point(0)
                       .settings;
  EXPECT_EQ(std::get<data::SyntheticSpec>(got.data).test_x.a, 2.0);
}

TEST_F(Settle, EveryExperimentOfTheProjectIsValid) {
  const std::filesystem::path folder = descent::source_path("experiments");
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") {
      EXPECT_NO_THROW(experiment::Experiment::read(entry.path().string(), {}, catalog_))
          << entry.path();
      ++read;
    }
  EXPECT_GT(read, 0);
}

TEST(Leaves, NameTheirPaths) {
  const auto got = experiment::flatten(json::parse(R"({
    "optimizer": {"name": "sgd", "lr": 0.1}, "seed": 3, "features": [],
    "model": {"layers": [{"name": "linear", "linear": 16, "bias": true}, {"name": "tanh"}]},
    "features": [{"name": "polynomial", "polynomial": {"degree": 3}}]})"));
  const std::vector<std::pair<std::string, json>> expected = {{"features.0", "polynomial"},
                                                              {"features.0.polynomial.degree", 3},
                                                              {"model.layers.0", "linear"},
                                                              {"model.layers.0.bias", true},
                                                              {"model.layers.0.linear", 16},
                                                              {"model.layers.1", "tanh"},
                                                              {"optimizer", "sgd"},
                                                              {"optimizer.lr", 0.1},
                                                              {"seed", 3}};
  EXPECT_EQ(got, expected);
}

}  // namespace
}  // namespace descent::testing
