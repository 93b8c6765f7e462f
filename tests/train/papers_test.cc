// SPDX-License-Identifier: MIT
// Optimizers without reference vectors: three steps of each paper's update, worked out by hand with
// numpy in double precision. Only rounding may differ.
#include "train/three_steps.h"

namespace descent::testing {
namespace {

// A weight matrix of one row, (1, -2), and a bias, 3.
Three row_and_bias(const std::string& name, const Hyperparameters& hyperparameters) {
  return {name,
          hyperparameters,
          {1, -2, 3},
          {{"linear0.weight", 0, 1, 2, false}, {"linear0.bias", 2, 1, 1, true}}};
}
const Vectors row_gradients = {{0.5, -1, 2}, {0.25, 2, -1}, {-1, 0.5, 0.5}};

// W = (1 2; -1 1/2; 0 -2) column by column, b = (1, -1, 1/2).
Three matrix_and_bias(const std::string& name, const Hyperparameters& hyperparameters) {
  return {name,
          hyperparameters,
          {1, -1, 0, 2, 0.5, -2, 1, -1, 0.5},
          {{"linear0.weight", 0, 3, 2, false}, {"linear0.bias", 6, 3, 1, true}}};
}
const Vectors matrix_gradients = {{1, 2, 0, 0, -1, 1, 1, -2, 0.5},
                                  {0, 1, -1, 1, 1, 2, 0.5, 1, -1},
                                  {0.5, 0, 1, -1, 2, 1, -1, 0, 2}};

// c = 0.9 m + 0.1 g, x -= 0.1 (sign c + x/2), m = 0.99 m + 0.01 g.
// Step 1: c = (0.05, -0.1), x = (1 - 0.1 (1 + 0.5), -2 - 0.1 (-1 - 1)) = (0.85, -1.8).
TEST(Papers, Lion) {
  pair_of_weights("lion", {{"lr", 0.1}, {"weight_decay", 0.5}})
      .follow(gradients, {{0.85, -1.8}, {0.7075, -1.81}, {0.772125, -1.8195}});
}

// m = 0.9 m + 0.1 g, s = 0.99 s + 0.01 (g - m)^2 + eps,
// x -= 0.1 m/(1 - 0.9^t) / (sqrt(s/(1 - 0.99^t)) + eps), eps = 1e-3.
// Step 1: g - m = 0.9 g, s/(1-0.99) = 0.81 g^2 + 0.1 = (0.3025, 0.91),
// x = (1 - 0.05/(0.55 + 0.001), -2 + 0.1/(0.9539 + 0.001)).
TEST(Papers, AdaBelief) {
  pair_of_weights("adabelief", {{"lr", 0.1}, {"beta2", 0.99}, {"eps", 1e-3}})
      .follow(gradients, {{0.9092558983666061, -1.8952812913621944},
                          {0.8303406922302089, -1.9334474653392932},
                          {0.8498201812491578, -1.9768875749628363}});
}

// m = 0.9 m + 0.1 g, v = v - 0.01 sign(v - g^2) g^2 from v = 0.01, x -= 0.1 m/(sqrt v + 1e-3).
// Step 1: v = 0.01 + 0.01 g^2 = (0.0125, 0.02), x = (1 - 0.005/0.1128, -2 + 0.01/0.1424).
TEST(Papers, Yogi) {
  pair_of_weights("yogi", {{"lr", 0.1}, {"beta2", 0.99}, {"initial_accumulator_value", 0.01}})
      .follow(gradients, {{0.9556750944575608, -1.929785811171904},
                          {0.8951028034931238, -1.9745105352016628},
                          {0.9192748988941177, -2.0338730850024596}});
}

// d = g - g_old, m = 0.98 m + 0.02 g, v = 0.92 v + 0.08 d, n = 0.99 n + 0.01 (g + 0.92 d)^2,
// x = (x - 0.1 (m + 0.92 v)/(sqrt n + 1e-8)) / (1 + 0.1/2), from m = g, v = 0, n = g^2.
// Step 1: (m + 0.92 v)/sqrt n = sign g, x = (0.9, -1.9)/1.05.
TEST(Papers, Adan) {
  pair_of_weights("adan", {{"lr", 0.1}, {"weight_decay", 0.5}})
      .follow(gradients, {{0.857142859047619, -1.8095238104761904},
                          {0.7250889814823047, -1.6612561310605674},
                          {0.6277066992460038, -1.5113490094762758}});
}

// u = Adam's direction + x/2; each block moves by a tenth of its length against u.
// Step 1: u = (1 + 0.5, -1 - 1; 1 + 1.5), |x|/|u| = sqrt(5)/2.5; 3/2.5,
// x = (1 - 0.1 sqrt(5)/2.5 1.5, -2 + 0.1 sqrt(5)/2.5 2; 3 - 0.3), but for eps = 1e-6.
TEST(Papers, Lamb) {
  row_and_bias("lamb", {{"lr", 0.1}, {"beta2", 0.99}, {"weight_decay", 0.5}})
      .follow(row_gradients, {{0.8658359929040698, -1.8211145081344964, 2.7},
                              {0.6785366121088467, -1.7464134898202373, 2.43},
                              {0.626050399721338, -1.566555441284188, 2.187}});
}

// local = 0.01 |x| / (|g| + |x|/2), v = 0.9 v + 2 local (g + x/2), x -= v, a block at a time.
// Step 1: (1, -2) = 2 g, so local = 0.01 and v = 0.02 x; of the bias 0.02 3/3.5 3.5 = 0.06.
TEST(Papers, Lars) {
  row_and_bias("lars", {{"lr", 2}, {"weight_decay", 0.5}, {"trust", 0.01}})
      .follow(row_gradients, {{0.98, -1.96, 2.94},
                              {0.9515758753933745, -1.9383683879712945, 2.874811336032389},
                              {0.9362953983501627, -1.9096800487905357, 2.758645311740891}});
}

// f = (x1^2 + 4 x2^2)/2; h = f'(x + f'(x)/(2 |f'(x)|)), v = 0.9 v + h, x -= 0.1 v.
// Step 1: f' = (1, -8), |f'| = sqrt 65, h1 = 1 + 0.5/sqrt 65 = 1.0620.
TEST(Papers, Sam) {
  const host::Objective<double> f = [](const arma::vec& x, arma::vec* gradient) {
    if (gradient) *gradient = {x(0), 4 * x(1)};
    return (x(0) * x(0) + 4 * x(1) * x(1)) / 2;
  };
  pair_of_weights("sam", {{"lr", 0.1}, {"rho", 0.5}})
      .descend(f, {{0.8937982632705396, -1.0015444246572665},
                   {0.6979493025123594, 0.49288421504350066},
                   {0.43520439423265606, 1.4521817330387627}});
}

// z -= 0.1 g, mean = mean + (z - mean)/(t + 1), x = 0.1 z + 0.9 mean.
// Step 1: z = (0.95, -1.9), mean = (0.975, -1.95), x = (0.9725, -1.945).
TEST(Papers, ScheduleFreeSgd) {
  auto rule = pair_of_weights("schedule_free_sgd", {{"lr", 0.1}});
  rule.follow(gradients, {{0.9725, -1.945}, {0.955, -2.01}, {0.98, -2.04875}});
  EXPECT_NEAR(rule.average()(0), 0.975, rounding);
  EXPECT_NEAR(rule.average()(1), -2.0375, rounding);
}

// v = 0.99 v + 0.01 g^2, r = 0.1 sqrt(1 - 0.99^t) min(1, t/2),
// z -= r (g/(sqrt v + 1e-8) + x/2), mean += r^2/sum r^2 (z - mean), x = 0.1 z + 0.9 mean.
// Step 1: r = 0.005, g/sqrt v = 10 sign g, z = mean = x = (1 - 0.05 - 0.0025, -2 + 0.05 + 0.005).
TEST(Papers, ScheduleFreeAdamW) {
  auto rule =
      pair_of_weights("schedule_free_adamw",
                      {{"lr", 0.1}, {"beta2", 0.99}, {"weight_decay", 0.5}, {"warmup_steps", 2}});
  rule.follow(gradients, {{0.9475000099999981, -1.9450000049999996},
                          {0.8845095184464019, -2.046273581156471},
                          {0.9682474098990509, -2.06509861369936}});
  EXPECT_NEAR(rule.average()(0), 0.9624297375462075, rounding);
  EXPECT_NEAR(rule.average()(1), -2.0636903101429294, rounding);
}

// m = 0.9 m + 0.1 d g, v = 0.99 v + 0.01 d^2 g^2, b = sqrt 0.99, r = b r + (1-b) 4 d^2 g'(x_0 - x),
// s = b s + (1-b) 4 d^2 g, x -= 4 d m/(sqrt v + 1e-8 d), then d = max(d, r/|s|_1), from d = 0.01.
// Step 1: m/sqrt v = sign g, x = (1 - 0.04, -2 + 0.04), r = 0. Step 2 finds d = 0.02005, step 3
// d = 0.0695. All gradients are (0.5, -1).
TEST(Papers, Prodigy) {
  pair_of_weights("prodigy", {{"lr", 4}, {"beta2", 0.99}, {"d0", 0.01}})
      .follow(Vectors(3, gradients[0]), {{0.9600000079999984, -1.9600000039999996},
                                         {0.9061250440575548, -1.9061250362384614},
                                         {0.7843888120035509, -1.7843887942116365}});
}

// Adam, and after every second step back to half way from where the last such step ended.
// Step 1 is Adam's: x = (1 - 0.1, -2 + 0.1), but for eps = 1e-8. Step 2 halves the way from (1,
// -2).
TEST(Papers, Lookahead) {
  pair_of_weights("lookahead", {{"lr", 0.1}, {"beta2", 0.99}, {"k", 2}})
      .follow(gradients, {{0.900000002, -1.900000001},
                          {0.9033276020938836, -1.9682803860513027},
                          {0.9239100385623336, -2.009872849852141}});
}

// Gradient descent, and after two steps back to a quarter of the way.
// Step 2: (0.925, -2.1) by two steps, (1 - 0.075/4, -2 - 0.1/4).
TEST(Papers, LookaheadAroundAnotherRule) {
  const host::Catalog catalog({shipped_plugins()});
  auto config = catalog.get(DESCENT_OPTIMIZER, "lookahead").settle({{"k", 2}, {"alpha", 0.25}});
  config.base = {catalog.get(DESCENT_OPTIMIZER, "sgd").settle({{"lr", 0.1}})};
  Three(host::rule_of(config, catalog), {1, -2}, {{"linear0.weight", 0, 1, 2, false}})
      .follow(gradients, {{0.95, -1.9}, {0.98125, -2.025}, {1.08125, -2.075}});
}

// m = 0.9 m + 0.1 g from m = g; Adam with g + 2 m (tests/reference/papers/make.py).
TEST(Papers, Grokfast) {
  pair_of_weights("grokfast", {{"lr", 0.1}, {"alpha", 0.9}})
      .follow(gradients, {{0.9000000006666666, -1.9000000003333333},
                          {0.8011874209818681, -1.848897392851275},
                          {0.737310993888344, -1.7968011991952937}});
}

// AdamW; of its step u those with u_i g_i < 0, times 2/(1 + their number) (make.py).
// Step 1: u = (-0.101, 0.102), both kept, x = (1 - 2/3 0.101, -2 + 2/3 0.102) but for eps.
TEST(Papers, Cautious) {
  pair_of_weights("cautious", {{"lr", 0.1}, {"weight_decay", 0.01}})
      .follow(gradients, {{0.932666668, -1.9320000006666667},
                          {0.8698995825396416, -1.955118902314272},
                          {0.8830767844232479, -1.9815255694958618}});
}

// Adam in the eigenbasis of 0.9 L + 0.1 G G' and 0.9 R + 0.1 G' G, which turns by QR after step 2
// (make.py).
TEST(Papers, Soap) {
  Three("soap",
        {{"lr", 0.1},
         {"beta1", 0.8},
         {"beta2", 0.9},
         {"shampoo_beta", 0.9},
         {"eps", 0.01},
         {"interval", 2}},
        {1, -1, 0, 2, 0.5, -2, 1, -1},
        {{"linear0.weight", 0, 3, 2, false}, {"linear0.bias", 6, 2, 1, true}})
      .follow(
          {{1, 2, 0, 0, -1, 1, 1, -2}, {0, 1, -1, 1, 1, 2, 0.5, 1}, {0.5, 0, 1, -1, 2, 1, -1, 0}},
          {{0.9476709477803394, -1.0813176800541089, -0.023340424385216735, 1.9766595756147787,
            0.5406588400270517, -2.0873396887974898, 0.9554777500050043, -0.9109555000100086},
           {0.8947235122355007, -1.1654823740222016, 0.030090437773767225, 1.9905208896765467,
            0.4717185970783626, -2.2303462706307506, 0.8709201249770337, -0.91047513415487},
           {0.8383393172002417, -1.2616619794621018, -0.014089604044774221, 1.9721913374273,
            0.37933922292592914, -2.3829205280818715, 0.8770986675616472, -0.881754071765262}});
}

// V = 0.9 V + G, W = (1 - 0.1/2) W - 0.1 sqrt(3/2) NS(G + 0.9 V), with NS five times
// X = 3.4445 X + (-4.775 A + 2.0315 A A) X, A = X X', from X = its argument over its length (each
// transposed, as there are more rows than columns); the bias by Adam, lr = 0.1 and beta2 = 0.95.
TEST(Papers, Muon) {
  matrix_and_bias("muon", {{"lr", 0.1}, {"momentum", 0.9}, {"weight_decay", 0.5}, {"adam_lr", 0.1}})
      .follow(matrix_gradients,
              {{0.8952748129286281, -1.0225892313126375, -0.03686114283010639, 1.8631388571698935,
                0.5112946156563186, -2.0100169013165314, 0.900000001, -0.9000000005, 0.400000002},
               {0.8336007225376196, -1.0519529107634633, 0.01351177861050646, 1.7215933239225496,
                0.4609569636095944, -2.0307007548086915, 0.8060706953680277, -0.8731630558626695,
                0.43633739659159293},
               {0.6765518973847345, -1.0651935320066563, 0.02127128772013496, 1.6870168187678667,
                0.39316617559720346, -2.0015716084603077, 0.7949940056092968, -0.8521497874825488,
                0.3951087924455352}});
}

// L += G G', R += G' G, V = 0.9 V + (L + I/100)^(-1/4) G (R + I/100)^(-1/4), W -= 0.1 V; the bias
// with (g g' summed + I/100)^(-1/2) alone. The roots were taken through eigenvalues; an iteration
// in double precision comes as near as the condition, about 1e3, allows.
TEST(Papers, Shampoo) {
  matrix_and_bias("shampoo", {{"lr", 0.1}, {"momentum", 0.9}, {"eps", 0.01}})
      .follow(matrix_gradients,
              {{0.94746657553788, -1.0815817016448004, -0.023485147279439508, 1.9765148527205605,
                0.5407908508224002, -2.087761145381279, 0.9563979279803049, -0.9127958559606107,
                0.4781989639901526},
               {0.9048849214602558, -1.2007459366929092, -0.01482602326256486, 1.9276715720853101,
                0.5363911537294064, -2.2403314533525838, 0.8578768101572606, -0.8742801646740322,
                0.528017495303323},
               {0.8494640843358464, -1.3092630396211102, -0.043605995287213116, 1.9266821452689564,
                0.47534386861202105, -2.4104583417531336, 0.785532912788348, -0.8615075829388193,
                0.4772743864997328}},
              1e-10);
}

}  // namespace
}  // namespace descent::testing
