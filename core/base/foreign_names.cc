// SPDX-License-Identifier: MIT
#include "base/foreign_names.h"

#include <algorithm>
#include <cctype>
#include <span>

namespace descent {
namespace {

struct Row {
  std::string_view kind;     // of suggestion(); "key": of any map
  std::string_view ours;     // of a key its path; "": there is none
  std::string_view brought;  // as plain_name() has them, between blanks
  std::string_view how;
};

// The first that fits is taken: rows of names, then rows of keys.
constexpr Row rows[] = {
    {"optimizer", "sgd", "momentum sgdm momentumsgd sgdmomentum sgdwithmomentum heavyball polyak",
     "with momentum: 0.9"},
    {"optimizer", "sgd", "nesterov nag nesterovmomentum acceleratedgradient",
     "with momentum: 0.9, nesterov: true"},
    {"optimizer", "sgd", "gd gradientdescent stochasticgradientdescent minibatchsgd vanilla", ""},
    {"optimizer", "adam", "amsgrad", "with amsgrad: true"},
    {"optimizer", "adam", "sparseadam fusedadam optimisticadam", ""},
    {"optimizer", "adamw", "adamwithweightdecay decoupledadam adamweightdecay", ""},
    {"optimizer", "nadam", "nadamw nesterovadam", "with decoupled_weight_decay: true"},
    {"optimizer", "radam", "radamw rectifiedadam", "with decoupled_weight_decay: true"},
    {"optimizer", "asgd", "averagedsgd averagesgd polyakruppert", ""},
    {"optimizer", "lbfgs", "bfgs lbfgsb limitedmemorybfgs quasinewton", ""},
    {"optimizer", "exact",
     "ols leastsquares lstsq normalequation normalequations closedform analytic cholesky svd "
     "linearregression",
     ""},
    {"optimizer", "schedule_free_adamw", "schedulefree schedulefreeadam adamwschedulefree", ""},
    {"optimizer", "schedule_free_sgd", "sgdschedulefree", ""},
    {"optimizer", "prodigy", "dadaptation dadaptadam dadapt", ""},
    {"optimizer", "sam", "sharpnessaware sharpnessawareminimization sgdsam asam", ""},
    {"optimizer", "rprop", "irprop resilientbackprop", ""},
    {"optimizer", "rmsprop", "rmspropmomentum rmspropgraves", ""},
    {"loss", "l1", "mae meanabsoluteerror absoluteerror absolute meanabsolute lad", ""},
    {"loss", "mse",
     "meansquarederror squarederror squared l2 quadratic leastsquares rmse rootmeansquarederror "
     "sse",
     ""},
    {"loss", "cross_entropy",
     "categoricalcrossentropy sparsecategoricalcrossentropy softmaxcrossentropy "
     "softmaxcrossentropywithintegerlabels softmaxcrossentropywithlogits "
     "sparsesoftmaxcrossentropywithlogits ce xent crossent logloss softmax multinomial deviance",
     ""},
    {"loss", "bce_with_logits",
     "binarycrossentropywithlogits sigmoidcrossentropy sigmoidcrossentropywithlogits "
     "sigmoidbinarycrossentropy logistic bcelogits bcewithlogit",
     ""},
    {"loss", "bce", "binarycrossentropy binaryce", ""},
    {"loss", "focal",
     "binaryfocal binaryfocalcrossentropy categoricalfocalcrossentropy sigmoidfocal "
     "sigmoidfocalcrossentropy",
     ""},
    {"loss", "kl_div",
     "kl kld kldivergence kullbackleibler kullbackleiblerdivergence convexkldivergence", ""},
    {"loss", "nll", "negativeloglikelihood loglikelihood", ""},
    {"loss", "poisson_nll", "poisson poissonlog poissonregression", ""},
    {"loss", "gaussian_nll", "gaussian gaussiannegativeloglikelihood heteroscedastic normalnll",
     ""},
    {"loss", "hinge", "squaredhinge", "with squared: true"},
    {"loss", "hinge", "svm margin hingeembedding", ""},
    {"loss", "multi_margin", "categoricalhinge multiclasshinge crammersinger multihinge", ""},
    {"loss", "quantile", "pinball quantileregression check", ""},
    {"loss", "smooth_l1", "smoothmae smoothabsoluteerror", ""},
    {"loss", "multilabel_soft_margin", "multilabel multilabelmargin", ""},
    {"regularizer", "l2", "ridge tikhonov weightdecay squaredl2 l2norm l2penalty gaussianprior",
     ""},
    {"regularizer", "l1", "lasso l1norm l1penalty laplaceprior sparse", ""},
    {"regularizer", "elastic_net", "l1l2 l1andl2 enet", ""},
    {"regularizer", "group_lasso", "group l21 sparsegrouplasso", ""},
    {"regularizer", "max_norm", "maxnormconstraint normconstraint unitnorm", ""},
    {"regularizer", "nuclear", "nuclearnorm tracenorm lowrank", ""},
    {"regularizer", "orthogonal", "orthogonality orthonormal orthogonalconstraint", ""},
    {"regularizer", "total_variation", "tv fusedlasso", ""},
    {"regularizer", "huber_penalty", "huber smoothl1", ""},
    {"regularizer", "none", "off no false null", ""},
    {"regularizer", "", "confidencepenalty entropy entropypenalty labelsmoothing",
     "it reads the predictions, so it is part of a loss; use loss: confidence_penalty, or "
     "label_smoothing of loss: cross_entropy"},
    {"regularizer", "", "dropout alphadropout",
     "there is no dropout; a penalty of the weights or train.stop limits overfitting"},
    {"layer", "linear", "dense fullyconnected fc affine lazylinear perceptron hidden", ""},
    {"layer", "leaky_relu", "lrelu leaky prelu", ""},
    {"layer", "sigmoid", "logistic", ""},
    {"layer", "tanh", "hyperbolictangent", ""},
    {"layer", "softmax", "softargmax", ""},
    {"layer", "", "silu swish mish hardswish hardsilu", "gelu is the nearest activation here"},
    {"layer", "", "identity noop passthrough",
     "leave it out: a layer passes its values on as they are"},
    {"layer", "", "flatten input inputlayer", "leave it out: the inputs are a vector already"},
    {"layer", "", "dropout alphadropout",
     "there is no dropout; a regularizer or train.stop limits overfitting"},
    {"schedule", "cosine_annealing", "cosine cosinedecay cosineannealingdecay cosineschedule", ""},
    {"schedule", "cosine_annealing", "warmupcosine warmupcosinedecay cosinewithwarmup cosinewarmup",
     "with warmup: 5"},
    {"schedule", "cosine_warm_restarts",
     "cosineannealingwarmrestarts cosinedecayrestarts sgdr cosinerestarts warmrestarts", ""},
    {"schedule", "linear_warmup", "warmup linear linearschedule lineardecay", ""},
    {"schedule", "multi_step", "piecewiseconstant piecewiseconstantdecay piecewise milestones", ""},
    {"schedule", "step", "stepdecay staircase", ""},
    {"schedule", "exponential", "exponentialdecay expdecay exp", ""},
    {"schedule", "polynomial", "polynomialdecay poly polynomialschedule", ""},
    {"schedule", "one_cycle", "onecyclepolicy cosineonecycle superconvergence linearonecycle", ""},
    {"schedule", "cyclic", "cycliclearningrate triangular clr", ""},
    {"schedule", "constant", "none fixed constantschedule", ""},
    {"schedule", "reduce_on_plateau", "reducelronplateau reduceonplateau plateau", ""},
    {"initializer", "xavier", "xavieruniform xaviernormal glorot glorotuniform glorotnormal", ""},
    {"initializer", "he", "kaiming kaiminguniform kaimingnormal heuniform henormal variancescaling",
     ""},
    {"initializer", "normal", "randomnormal truncatednormal truncnormal gaussian randn", ""},
    {"initializer", "uniform", "randomuniform rand", ""},
    {"initializer", "zeros", "zero constant", ""},
    {"initializer", "torch", "default pytorch lecun lecununiform lecunnormal", ""},
    {"feature", "standardize",
     "standardscaler standardise normalize normalise normalization zscore scaler whiten batchnorm",
     ""},
    {"feature", "scale", "rescale rescaling multiply minmaxscaler", ""},
    {"feature", "polynomial", "polynomialfeatures poly powers", ""},
    {"feature", "gaussian_basis", "rbf rbfsampler gaussian radialbasis", ""},
    {"feature", "log1p", "log logarithm logtransform", ""},
    {"feature", "quantile", "quantiletransformer rank ranks uniformize", ""},
    {"feature", "pca", "principalcomponents principalcomponentanalysis svd truncatedsvd", ""},
    {"feature", "interactions", "interaction products crossterms crosses", ""},
    {"feature", "", "onehot onehotencoder dummies getdummies onehotencoding",
     "categories become rows of 0 and 1 when the file is read: text does by itself, and other "
     "columns by `data: {csv: {columns: {categorical: [rooms]}}}`"},
    {"feature", "random_relu", "randomfeatures extremelearning", ""},
    {"noise", "normal", "gaussian gauss randn additive white", ""},
    {"noise", "bernoulli", "binomial binary labelnoise", ""},
    {"noise", "none", "off no zero", ""},
    {"input distribution", "normal", "gaussian gauss randn", ""},
    {"input distribution", "uniform", "rand random", ""},
    {"input distribution", "midpoints", "linspace grid even equidistant", ""},
    {"pruner", "asha", "hyperband successivehalving halving median sha medianpruner ashascheduler",
     ""},
    {"dtype", "float32", "float single fp32 f32 half float16 bfloat16", ""},
    {"dtype", "float64", "double fp64 f64 longdouble", ""},
    {"replicates.resample", "kfold", "crossvalidation cv crossvalidate", ""},
    {"replicates.resample", "bootstrap", "bagging withreplacement", ""},
    {"metric", "validation_loss", "valloss validloss devloss", ""},
    {"metric", "validation_accuracy", "valaccuracy valacc validacc", ""},
    {"metric", "train_loss", "loss trainingloss", ""},
    {"key", "optimizer.lr",
     "learningrate learningrateinit lr eta eta0 stepsize baselr initiallr alpha initlr rate", ""},
    {"key", "optimizer.beta1", "betas", "with beta2 as a key of its own"},
    {"key", "optimizer.beta1", "b1 momentum", ""},
    {"key", "optimizer.beta", "beta1 b1 momentum", ""},
    {"key", "optimizer.beta2", "b2 rho decay", ""},
    {"key", "optimizer.alpha", "rho decay decayrate beta2 smoothing", ""},
    {"key", "optimizer.momentum", "mu beta1 beta b1 momentum", ""},
    {"key", "optimizer.nesterov", "usenesterov nesterovmomentum nesterov", ""},
    {"key", "optimizer.eps", "epsilon fuzz", ""},
    {"key", "optimizer.weight_decay", "wd l2 decay decoupledweightdecay", ""},
    {"key", "optimizer.initial_accumulator_value", "initialaccumulator", ""},
    {"key", "optimizer.history_size", "memorysize maxcor m", ""},
    {"key", "optimizer.tolerance_grad", "gtol tol pgtol", ""},
    {"key", "optimizer.tolerance_change", "ftol", ""},
    {"key", "optimizer.strong_wolfe", "linesearch linesearchfn", ""},
    {"key", "optimizer.max_eval", "maxfun maxfev", ""},
    {"key", "regularizer.lambda",
     "weightdecay alpha lam lmbda lambd reg reglambda strength coef coefficient penalty "
     "penaltyweight weight factor c l1 l2 scale",
     ""},
    {"key", "regularizer.l1", "l1ratio alpha lambda", ""},
    {"key", "regularizer.limit", "maxvalue max c maxnorm radius norm", ""},
    {"key", "regularizer",
     "penalty regularization regularizers regularisation regulariser kernelregularizer l1 l2 "
     "regularize",
     ""},
    {"key", "layer.units",
     "hiddenunits units outfeatures neurons size width nunits outputs hiddensize outputdim dim "
     "nodes features numoutputs",
     ""},
    {"key", "layer.bias", "usebias fitintercept withbias", ""},
    {"key", "layer.slope", "negativeslope alpha", ""},
    {"key of layer", "", "infeatures inputdim inputshape inputsize",
     "leave it out: a layer takes what the layer before it gives"},
    {"key", "", "activation activationfn activationfunction",
     "an activation is a layer of its own, as in `layers: [{linear: 16}, relu, {linear: 1}]`"},
    {"key", "train.batch",
     "batchsize minibatch minibatchsize trainbatchsize bs batch batches batchlen", ""},
    {"key", "schedule.gamma", "decayrate factor decay drop", ""},
    {"key", "schedule.step_size", "decaysteps stepepochs epochsdrop transitionsteps period", ""},
    {"key", "schedule.t_max", "decaysteps maxsteps totalsteps steps totaliters", ""},
    {"key", "schedule.t_0", "firstdecaysteps restart", ""},
    {"key", "schedule.t_mult", "tmul", ""},
    {"key", "schedule.eta_min", "minlr etamin endvalue alpha minlearningrate", ""},
    {"key", "schedule.max_lr", "maxlearningrate peakvalue peaklr lrmax", ""},
    {"key", "schedule.warmup", "warmupsteps warmupepochs warmupiters numwarmupsteps", ""},
    {"key", "schedule.milestones", "boundaries steps", ""},
    {"key", "schedule.total_iters", "totalsteps transitionsteps decaysteps steps", ""},
    {"key", "schedule.start_factor", "initvalue factor", ""},
    {"key", "schedule.end_factor", "endvalue", ""},
    {"key", "train.epochs",
     "numepochs nepochs maxepochs nbepoch nbepochs nepoch niter maxiter iterations iters steps "
     "numsteps nsteps maxsteps trainingepochs epochs maxiterations numiterations",
     ""},
    {"key", "train.schedule",
     "lrscheduler scheduler lrschedule schedule learningrateschedule schedules", ""},
    {"key", "train.clip_norm",
     "gradclip clip clipping gradientclip gradientclipping maxgradnorm gradientclipval "
     "clipgradnorm globalclipnorm clipnorm maxnorm gradclipnorm",
     ""},
    {"key", "train.clip_value", "clipgradvalue clipvalue gradientclipvalue", ""},
    {"key", "train.stop", "earlystopping patience niternochange earlystop stop", ""},
    {"key of train.stop", "train.stop.patience", "niternochange epochs wait", ""},
    {"key of train.stop", "train.stop.min_delta", "tol threshold mindelta", ""},
    {"key of train.stop", "train.stop.metric", "monitor", ""},
    {"key of train.stop", "train.stop.restore", "restorebestweights restorebest", ""},
    {"key", "train.ema", "emadecay useema emamomentum ema swa", ""},
    {"key", "train.timeout", "timelimit maxtime timeout", ""},
    {"key", "train.memory", "memorylimit maxmemory", ""},
    {"key", "seed", "randomstate randomseed rngseed rng manualseed prngkey key seed", ""},
    {"key", "dtype", "precision datatype floattype defaultdtype floatx", ""},
    {"key", "loss", "criterion lossfn lossfunction objective cost lossfunc loss", ""},
    {"key", "optimizer", "optim solver algorithm opt tx optimizer", ""},
    {"key", "model.layers",
     "layers hiddenunits hiddenlayers hiddenlayersizes hiddensize hiddensizes architecture units "
     "hidden",
     ""},
    {"key", "model.init", "kernelinitializer initializer init weightinit initialization", ""},
    {"key of an experiment", "model", "network net mlp module", ""},
    {"key of an experiment", "experiment", "name title experimentname", ""},
    {"key of an experiment", "description", "desc about comment notes", ""},
    {"key of an experiment", "features",
     "preprocessing transforms transform pipeline scaler featuremaps", ""},
    {"key of an experiment", "where", "filter constraint constraints condition conditions", ""},
    {"key", "replicates",
     "repeats nrepeats numruns nruns trials ntrials runs seeds nseeds numseeds repetitions", ""},
    {"key of replicates", "replicates.count",
     "repeats n num nrepeats number repetitions runs replicates nseeds numseeds nruns numruns "
     "trials ntrials",
     ""},
    {"key of replicates", "replicates.parts", "folds nsplits k nfolds splits", ""},
    {"key of an experiment", "data", "dataset datasets", ""},
    {"key of data.csv.columns", "data.csv.columns.leave", "drop ignore exclude skip without", ""},
    {"key of data.csv.columns", "data.csv.columns.use", "keep include only features inputs", ""},
    {"key of data.csv", "", "drop dropcolumns ignore ignorecolumns exclude skip without",
     "columns are left out with `columns: {leave: [id]}`"},
    {"key of data.csv", "",
     "features featurecolumns inputs input inputcolumns use usecols predictors",
     "inputs are chosen with `columns: [length, width]`"},
    {"key of data.csv", "", "categorical ordinal date dtype dtypes parsedates",
     "kinds of columns stand in `columns`, as in `columns: {categorical: [sex]}`"},
    {"key of data.csv", "data.csv.missing", "navalues missingvalues na nan impute imputer", ""},
    {"key of data.csv", "data.csv.separator", "sep delimiter delim", ""},
    {"key of data.csv", "", "kfold folds nfolds nsplits cv crossvalidation",
     "write `test: {kfold: 5}`"},
    {"key of data.csv", "", "shuffle", "rows are drawn by the seed; `time: COLUMN` keeps an order"},
    {"key of data.csv", "", "standardize normalize scale scaler",
     "inputs are scaled with `features: [standardize]` at the top of the file"},
    {"key", "data.csv.path", "file filename filepath csvpath path datapath source url", ""},
    {"key", "data.csv.target", "label labels y targetcolumn targets output response ycol outcome",
     ""},
    {"key", "data.csv.test", "testsize testsplit testfraction test", ""},
    {"key", "data.csv.validation",
     "validationsplit valsplit val valid valsize validationfraction validationsize dev validation",
     ""},
    {"key", "data.synthetic.validation",
     "validationsplit valsplit nval validationsamples numval val valid validationsize valsize", ""},
    {"key", "data.csv.weight", "sampleweight sampleweights weights weightcolumn", ""},
    {"key", "data.csv.truth", "expectation", ""},
    {"key", "data.synthetic.train",
     "nsamples numsamples samples ntrain trainsize numtrain size n trainsamples count", ""},
    {"key", "data.synthetic.test", "ntest testsamples numtest testsize", ""},
    {"key", "data.synthetic.dims",
     "nfeatures numfeatures inputdim infeatures dim d dimension dimensions ninputs", ""},
    {"key", "data.synthetic.function", "formula expression func f fn targetfunction", ""},
    {"key", "data.synthetic.x", "inputs input distribution xrange domain", ""},
    {"key", "data.synthetic.noise", "sigma noisestd std sd noiselevel noisesd", ""},
    {"key", "data.synthetic", "synthetic", ""},
    {"key", "data.csv", "csv", ""},
    {"key", "data.surface", "surface", ""},
    {"key", "record.every",
     "logevery evalevery loginterval evalinterval saveevery printevery evalfreq logfreq", ""},
    {"key of record", "", "steps per perstep everysteps", "write `every: {steps: 10}`"},
    {"key of record", "", "checkpoints checkpoint", "write `weights: {every: 10}`"},
    {"key of record", "", "models savemodel savebest best", "write `model: best`"},
    {"key of record", "record.metrics", "measures metric scores scoring", ""},
    {"key of record", "record.confusion", "confusionmatrix confusionmatrices", ""},
    {"key of record", "record.predictions", "prediction outputs savepredictions", ""},
    {"key", "record.weights", "saveweights storeweights", ""},
    {"key", "loss.class_weight", "classweights weight weights", ""},
    {"key", "loss.pos_weight", "positiveweight scaleposweight", ""},
    {"key", "loss.delta", "beta threshold", ""},
    {"key", "loss.beta", "delta threshold", ""},
    {"key", "loss.tau", "q alpha quantile tau level", ""},
    {"key", "loss.label_smoothing", "smoothing", ""},
    {"key", "loss.ignore_index", "ignore ignoreclass", ""},
    {"key", "loss.log_input", "fromlogits loginput", ""},
    {"key", "feature.degree", "n power order", ""},
    {"key of an experiment", "", "sweep grid hyperparameters searchspace space params hyperparams",
     "an axis stands in place of the value it varies, as in `optimizer: {sgd: {lr: {grid: [0.1, "
     "0.01]}}}`"},
};

bool is_one_of(std::string_view names, std::string_view name) {
  for (std::size_t at = 0; (at = names.find(name, at)) != names.npos; at += name.size()) {
    const auto end = at + name.size();
    if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' '))
      return true;
  }
  return false;
}

bool is_key(std::string_view kind) { return kind.starts_with("key"); }

// "metric" is of "train.stop.metric" too, "key" of all maps, "key of layer" of
// "key of layer 'linear'" too.
bool is_of_kind(const Row& row, std::string_view kind) {
  if (!is_key(row.kind)) return row.kind == kind || kind.ends_with("." + std::string(row.kind));
  return kind.starts_with(row.kind) && is_key(kind);
}

// Whether a key's path leads into the map that `kind` is of.
bool leads_into(std::string_view path, std::string_view kind) {
  const auto dot = path.rfind('.');
  const auto above = dot == path.npos ? "an experiment" : path.substr(0, dot);
  const auto map = kind.substr(std::min(kind.size(), std::string_view("key of ").size()));
  return map == above || (map.starts_with(above) && map.substr(above.size()).starts_with(" '"));
}

// Layers, schedules and features are items of lists: their keys have no path from the top.
bool is_path(std::string_view ours) {
  return !ours.starts_with("layer.") && !ours.starts_with("schedule.") &&
         !ours.starts_with("feature.");
}

// Whether somebody may look for the keys of other maps here. Of short names only few are sure.
bool may_be_elsewhere(const std::string& name, std::string_view kind) {
  static constexpr std::string_view maps[] = {"key of an experiment", "key of train",
                                              "key of model", "key of data", "key of optimizer"};
  return (name.size() > 2 || name == "lr" || name == "bs") &&
         std::ranges::any_of(maps, [&](auto map) { return kind.starts_with(map); });
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('.') + 1); }

// Without what other libraries add to the names of a kind: "HuberLoss", "StepLR".
std::string without_ending(const std::string& name, std::string_view kind) {
  static constexpr std::pair<std::string_view, std::string_view> endings[] = {
      {"loss", "loss"},           {"loss", "error"},        {"optimizer", "optimizer"},
      {"regularizer", "penalty"}, {"layer", "layer"},       {"regularizer", "regularizer"},
      {"schedule", "scheduler"},  {"schedule", "schedule"}, {"schedule", "lr"},
      {"schedule", "decay"},      {"layer", "activation"},  {"initializer", "initializer"},
      {"feature", "features"},    {"noise", "noise"},       {"regularizer", "regularization"}};
  for (const auto& [of, ending] : endings)
    if (of == kind && name.size() > ending.size() && name.ends_with(ending))
      return name.substr(0, name.size() - ending.size());
  return name;
}

std::optional<ForeignName> named(const std::string& name, std::span<const std::string> candidates,
                                 std::string_view kind) {
  const auto is_candidate = [&](std::string_view one) {
    return std::ranges::find(candidates, one) != candidates.end();
  };
  std::optional<ForeignName> elsewhere;
  for (const auto& row : rows) {
    if (!is_of_kind(row, kind) || !is_one_of(row.brought, name)) continue;
    const bool here = !is_key(kind) || row.ours.empty() || leads_into(row.ours, kind);
    const auto ours = is_key(kind) && here ? last_segment(row.ours) : row.ours;
    if (here && (ours.empty() || is_candidate(ours)))
      return ForeignName{std::string(ours), std::string(row.how), ours.empty()};
    if (!here && !elsewhere && is_path(row.ours) && may_be_elsewhere(name, kind))
      elsewhere = ForeignName{std::string(row.ours), std::string(row.how), true};
  }
  return elsewhere;
}

std::optional<std::string> candidate_named(const std::string& name,
                                           const std::vector<std::string>& candidates) {
  for (const auto& one : candidates)
    if (plain_name(one) == name) return one;
  return {};
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(name.rfind('.') + 1))
    if (c != '-' && c != '_' && c != ' ') plain += char(std::tolower((unsigned char)c));
  return plain;
}

std::optional<ForeignName> foreign_name(std::string_view word,
                                        const std::vector<std::string>& candidates,
                                        std::string_view kind) {
  if (kind.empty()) return {};
  const auto plain = plain_name(word);
  if (plain.empty()) return {};
  if (auto found = named(plain, candidates, kind)) return found;
  const auto shorter = without_ending(plain, kind);
  if (shorter == plain) return {};
  if (const auto same = candidate_named(shorter, candidates)) return ForeignName{*same, "", false};
  return named(shorter, candidates, kind);
}

}  // namespace descent
