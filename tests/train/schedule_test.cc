// SPDX-License-Identifier: MIT
// Schedules: the reference values, cases beyond the reference, and trainings that follow them.
#include "train/schedule.h"

#include "train/reference.h"
#include "train/support.h"

namespace descent::testing {
namespace {

class Schedules : public ::testing::TestWithParam<Case> {};

TEST_P(Schedules, Match) {
  const auto one = read(GetParam());
  const auto& params = one.at("params");
  const train::ScheduleShape rule = rule_of(one.at("schedule"), params);
  const double base = params.value("base_lr", 0.0);
  const auto& expected = one.at("lr");
  ASSERT_EQ(expected.size(), one.at("epochs").get<std::size_t>());
  for (std::size_t t = 0; t < expected.size(); ++t)
    EXPECT_NEAR(train::value_at(rule, base, t), expected[t].get<double>(),
                one.at("tolerance").get<double>())
        << "epoch " << t;
}

INSTANTIATE_TEST_SUITE_P(Reference, Schedules, ::testing::ValuesIn(cases("schedules")), test_name);

TEST(Schedule, WarmsUpToTheFirstValueOfItsRule) {
  const train::Schedule schedule{.rule = train::ExponentialRule{0.5}, .warmup = 3};
  const double expected[] = {2, 4, 6, 8, 4, 2};
  for (std::uint64_t t = 0; t < 6; ++t)
    EXPECT_DOUBLE_EQ(train::value_at(schedule, 8, t), expected[t]);
}

TEST(Schedule, WithoutALengthTakesWhatIsLeftOfTheRun) {
  const auto schedule = train::fitted({.rule = train::PolynomialDecay{}, .warmup = 4}, 14);
  EXPECT_EQ(std::get<train::PolynomialDecay>(schedule.rule).total_iters, 10u);
  EXPECT_DOUBLE_EQ(train::value_at(schedule, 1, 9), 0.5);
  EXPECT_EQ(std::get<train::CosineAnnealing>(
                train::fitted({.rule = train::CosineAnnealing{7, 0}}, 14).rule)
                .t_max,
            7u);
}

TEST(Schedule, OfOneCycleStaysAtItsEnd) {
  const train::ScheduleShape rule = train::OneCycle{.max_lr = 1, .total_steps = 10};
  EXPECT_DOUBLE_EQ(train::value_at(rule, 0, 9), 1 / 25e4);
  EXPECT_DOUBLE_EQ(train::value_at(rule, 0, 100), 1 / 25e4);
}

// Full batch: weight by weight the step is lr_t times a gradient known in closed form, so two steps
// of lr and lr/2 are one of each.
TEST(Schedule, IsFollowedEpochByEpoch) {
  auto scheduled = line(0.01, 3);
  scheduled.train.schedules = {{.rule = train::MultiStepRule{{1}, 0.5}}};
  const auto run = train(scheduled);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;

  auto first = line(0.01, 1);
  const auto data = training(first).source().training(0);
  const arma::mat x = with_ones(data.features);
  arma::vec w = weights(train(first));
  for (int t = 0; t < 2; ++t)
    w -= 0.005 * 2 / double(x.n_cols) * (x * (x.t() * w - data.targets.t()));
  expect_near(weights(run), w, 1e-12);
}

TEST(Schedule, CountsStepsWhereItSaysSo) {
  auto s = line(0.01, 2);
  s.train.batch = 64;  // 4 steps an epoch
  auto decayed = s;
  decayed.train.schedules = {{.rule = train::MultiStepRule{{4}, 0.5}, .every_step = true}};
  auto by_epoch = s;
  by_epoch.train.schedules = {{.rule = train::MultiStepRule{{1}, 0.5}}};
  EXPECT_TRUE(arma::approx_equal(weights(train(decayed)), weights(train(by_epoch)), "absdiff", 0));
  EXPECT_FALSE(arma::approx_equal(weights(train(decayed)), weights(train(s)), "absdiff", 1e-6));
}

TEST(Schedule, MayMoveAnyHyperparameter) {
  auto heavy = line(0.01, 20);
  heavy.optimizer = optimizer("sgd", {{"lr", 0.01}, {"momentum", 0.9}});
  auto moved = heavy;
  moved.optimizer = optimizer("sgd", {{"lr", 0.01}, {"momentum", 0.45}});
  moved.train.schedules = {{.rule = train::LinearWarmup{2, 2, 1}, .hyper = "momentum"}};
  EXPECT_TRUE(arma::approx_equal(weights(train(moved)), weights(train(heavy)), "absdiff", 0));
}

TEST(Schedule, SetsTheSizeOfProximalSteps) {
  auto s = line(0.01, 50);
  s.regularizers = {regularizer("l1", 1)};
  s.regularizers[0].proximal = true;
  auto moved = s;
  moved.optimizer = optimizer("sgd", {{"lr", 0.02}});
  moved.train.schedules = {{.rule = train::LinearWarmup{0.5, 0.5, 1}}};
  expect_near(weights(train(moved)), weights(train(s)), 0);
}

TEST(Schedule, ThatLeavesTheRangeEndsTheRun) {
  auto s = line(0.01, 10);
  s.optimizer = optimizer("sgd", {{"lr", 0.01}, {"momentum", 0.5}});
  s.train.schedules = {{.rule = train::ExponentialRule{2}, .hyper = "momentum"}};
  const auto run = train(s);
  EXPECT_EQ(run.status, record::Status::failed);
  EXPECT_EQ(run.epochs, 2u);  // 0.5, 1, then 2
  EXPECT_NE(run.reason.find("momentum = 2 is outside [0, 1]"), std::string::npos) << run.reason;
}

TEST(Schedule, NeedsAHyperparameterThatIsThere) {
  auto s = line();
  s.train.schedules = {{.rule = train::ConstantRule{}, .hyper = "momentun"}};
  EXPECT_EQ(error_of([&] { training(s); }),
            "error: schedule: optimizer 'sgd' has no hyperparameter 'momentun'; did you mean "
            "'momentum'?");
}

// One step of gradient descent moves by lr times the gradient.
arma::vec first_move(train::Settings s) {
  s.train.epochs = 1;
  const auto after = weights(train(s));
  s.optimizer = optimizer("sgd", {{"lr", 0}});
  return after - weights(train(s));
}

TEST(Clipping, ShortensALongGradientAndLeavesAShortOneAlone) {
  const auto s = line(0.01);
  const arma::vec free = first_move(s);
  auto clipped = s;
  clipped.train.clip_norm = 0.5;
  ASSERT_GT(arma::norm(free), 0.005);
  expect_near(first_move(clipped), 0.005 * arma::normalise(free), 1e-14);
  clipped.train.clip_norm = 1e6;
  expect_near(first_move(clipped), free, 0);
}

TEST(Clipping, LimitsEachElement) {
  auto s = line(0.01);
  const arma::vec free = first_move(s);
  s.train.clip_value = 0.75 * arma::abs(free).max() / 0.01;  // between the two elements
  const arma::vec expected =
      arma::clamp(free, -0.01 * s.train.clip_value, 0.01 * s.train.clip_value);
  expect_near(first_move(s), expected, 1e-14);
}

TEST(Clipping, LeavesTheRecordedNormAsItWas) {
  auto s = line(0.01, 1);
  const double norm = train(s).gradient_norm;
  s.train.clip_norm = 0.5;
  EXPECT_DOUBLE_EQ(train(s).gradient_norm, norm);
}

// The average after steps 1, 2, 3: w1, then k w1 + (1-k) w2, then k that + (1-k) w3.
TEST(Average, IsWhatTheModelIsEvaluatedWith) {
  const auto after = [](std::uint64_t epochs) { return weights(train(line(0.1, epochs))); };
  auto s = line(0.1, 3);
  s.train.ema = 0.75;
  const arma::vec expected = 0.75 * (0.75 * after(1) + 0.25 * after(2)) + 0.25 * after(3);
  const auto run = train(s);
  expect_near(weights(run), expected, 1e-12);

  const auto point = training(s);
  const auto& test = point.source().test().data;
  const arma::rowvec residual = expected.t() * with_ones(test.features) - test.targets;
  EXPECT_NEAR(run.test_loss, arma::mean(arma::square(residual)), 1e-12);
}

TEST(Average, DoesNotTouchTheTraining) {
  auto s = line(0.1, 50);
  const auto plain = curve(train(s), record::Metric::running_loss);
  s.train.ema = 0.9;
  EXPECT_EQ(curve(train(s), record::Metric::running_loss), plain);
}

}  // namespace
}  // namespace descent::testing
