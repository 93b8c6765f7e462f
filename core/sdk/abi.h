/* SPDX-License-Identifier: MIT
 * The whole boundary between host and plugins, in plain C: one exported symbol, `descent_entry`, a
 * constant table of pure functions.
 *
 * 1. `abi` is the first field of the table for ever; the host checks it before reading further.
 * 2. The host owns every buffer. A plugin keeps nothing between calls; what an optimizer must
 *    remember lives in slots and state, so a checkpoint is a copy of vectors.
 * 3. Hyperparameters are passed with every call, in the order of the table, so that any of them may
 *    follow a schedule.
 * 4. Functions come in pairs indexed by element type: [DESCENT_F32], [DESCENT_F64].
 * 5. A function returns null on success, else a message readable until the thread's next call.
 *    No exception crosses. Functions are called from one thread at a time.
 * 6. Matrices are column-major and dense. Samples are columns.
 */
#ifndef DESCENT_SDK_ABI_H
#define DESCENT_SDK_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DESCENT_ABI 4u /* raised by every change to this file */

enum descent_kind { DESCENT_LOSS, DESCENT_OPTIMIZER, DESCENT_REGULARIZER };
/* DESCENT_CHOICE: one of `words`; its value is the position among them. */
enum descent_type { DESCENT_REAL, DESCENT_INTEGER, DESCENT_BOOLEAN, DESCENT_CHOICE };
enum descent_element { DESCENT_F32, DESCENT_F64 };
enum descent_reduction { DESCENT_MEAN, DESCENT_SUM };

/* What a loss reads as target: any of these, or-ed. The host refuses data that hold anything else.
 */
enum descent_targets {
  DESCENT_NUMBERS = 1,       /* k x n real values */
  DESCENT_CLASSES = 2,       /* n class indices 0 .. k-1 */
  DESCENT_PROBABILITIES = 4, /* k x n values in [0, 1]; of a loss of logits or log-probabilities,
                                distributions: each column sums to 1 */
  DESCENT_SIGNS = 8,         /* k x n values, -1 or 1 */
  DESCENT_COUNTS = 16,       /* k x n values >= 0 */
  DESCENT_POSITIVE = 32      /* k x n values > 0 */
};

/* The meaning of the model's outputs for the loss. It determines which last layers a model may
 * have, accuracy and log-probabilities. */
enum descent_prediction {
  DESCENT_VALUES,               /* estimates of the target itself */
  DESCENT_LOGITS,               /* a softmax over the k classes makes them probabilities */
  DESCENT_LOG_PROBABILITIES,    /* logarithms of the k class probabilities */
  DESCENT_BINARY_LOGITS,        /* a sigmoid makes each output a probability of its own */
  DESCENT_BINARY_PROBABILITIES, /* each output is a probability of its own */
  DESCENT_MEANS_AND_VARIANCES,  /* 2k rows for k of the target: estimates, then their variances */
  DESCENT_RATES,                /* estimates of the target that are positive */
  DESCENT_LOG_RATES             /* the logarithms of such estimates */
};

/* Properties that an author declares; `descent plugins check` verifies them. */
enum descent_traits {
  DESCENT_MINIMUM_AT_TARGET = 1, /* loss: least, with gradient 0, where prediction = target */
  DESCENT_WEIGHTED_MEAN = 2,     /* loss over classes: a mean divides by the sum of the weights */
  DESCENT_ELEMENTWISE = 4,       /* optimizer: a weight moves by its own gradient alone */
  DESCENT_DECAYS = 8,            /* optimizer: weights move though their gradient is zero */
  DESCENT_ZERO_ELSEWHERE = 16,   /* regularizer: the penalty of zero weights is not zero */
  DESCENT_PROJECTS = 32,         /* regularizer: the proximal step goes to the nearest weights
                                    without penalty, whatever its size */
  DESCENT_SMALL = 64,            /* optimizer: its memory grows with the square of the weights */
  DESCENT_NOISY = 128,           /* optimizer: draws random numbers, so a zero gradient may move */
  DESCENT_DECOMPOSES = 256,      /* optimizer: decomposes matrices, which allocates memory */
  DESCENT_RELATIVE = 512,        /* optimizer: the step depends on the size of the weights */
  DESCENT_RATIO = 1024,          /* loss: of the batch as a whole, no sum over its samples */
  DESCENT_TWICE = 2048           /* loss, regularizer: gives second derivatives, along `tangent` */
};

/* What an optimizer asks of a step beyond the gradient and `evaluate`. The host refuses an
 * experiment that cannot give it before anything runs. */
enum descent_needs {
  DESCENT_NEEDS_HESSIAN = 1,         /* calls hessian_times */
  DESCENT_NEEDS_SAMPLE_GRADIENTS = 2 /* calls sample_gradients: a column of x's size a sample */
};

/* What a regularizer asks for. With DESCENT_NEEDS_JACOBIAN the penalty is not of weights but of
 * derivatives: `weights` of a penalty call is the Jacobian of the model's outputs with respect to
 * its inputs at one sample, outputs x inputs, which is the one block. The host sums over the
 * samples of the batch, divides by their number, and carries the gradient on to the weights. */
enum descent_regularizer_needs { DESCENT_NEEDS_JACOBIAN = 4 };

struct descent_hyper {
  /* Of the elements of a list "betas", which follow each other: "betas.0", "betas.1", ... */
  const char* name;
  const char* doc;
  enum descent_type type;
  double fallback, low, high; /* low <= value <= high; high may be infinite */
/* of a choice: high + 1 of them; else null, as in C++ where it is left out */
#ifdef __cplusplus
  const char* const* words = nullptr;
#else
  const char* const* words;
#endif
};

struct descent_matrix { /* of the call's element type; data null: absent */
  void* data;
  uint64_t rows, cols;
};

/* Working memory of the host's, reused from call to call, contents undefined. A function that finds
 * too little sets `needed` above `bytes` and returns null; the host enlarges it and calls again. */
struct descent_scratch {
  void* data;
  uint64_t bytes, needed;
};

/* A weight matrix or bias vector inside a flat vector, column-major. */
struct descent_block {
  const char* name;
  uint64_t offset, rows, cols;
  uint32_t is_bias;
};

struct descent_loss_call {
  struct descent_matrix prediction;   /* k x n (2k x n: means and variances) */
  struct descent_matrix target;       /* k x n; absent when classes are given */
  const int64_t* classes;             /* n, or null */
  struct descent_matrix weights;      /* absent, 1 x n (a sample) or k x n (an element) */
  struct descent_matrix class_weight; /* absent or k x 1, if the table names it */
  enum descent_reduction reduction;
  struct descent_matrix gradient; /* as prediction, to be written; absent: the value only */
  double value;                   /* to be written */
  /* A direction in which the prediction moves, as prediction, and the derivative of `gradient` in
   * this direction, to be written. Absent unless the table has DESCENT_TWICE and gradient is
   * there. */
  struct descent_matrix tangent, gradient_tangent;
  uint64_t seed; /* for a random stream: the same in every evaluation of a step; 0: measurements */
  struct descent_scratch* scratch;
};

struct descent_penalty_call {
  struct descent_matrix weights;  /* size x 1 */
  struct descent_matrix gradient; /* size x 1, to be ADDED to; absent: the value only */
  double value;                   /* to be written */
  /* As of a loss, but ADDED to. */
  struct descent_matrix tangent, gradient_tangent;
  const struct descent_block* blocks;
  uint64_t block_count;
  struct descent_scratch* scratch;
};

struct descent_proximal_call {   /* weights = argmin_u |u - weights|^2 / 2 + step * penalty(u) */
  struct descent_matrix weights; /* size x 1, changed in place */
  double step;                   /* >= 0 */
  const struct descent_block* blocks;
  uint64_t block_count;
  struct descent_scratch* scratch;
};

/* What a step may ask the host for; `host` is that of the call. All return null or a message. The
 * objective is that of `evaluate`: the current batch's loss and penalties. */
struct descent_services {
  /* The objective over the whole training set at x. */
  const char* (*evaluate_all)(void* host, const void* x, double* value, void* gradient);
  /* product = the Hessian of the objective at the call's x, as it is now, times v. */
  const char* (*hessian_times)(void* host, const void* v, void* product);
  /* Of the loss at the call's x, as it is now: x's size x n gradients, a column for each sample of
   * the batch, with the gradient of the loss as their mean, and the n x 1 losses of each sample
   * alone, with the loss as their mean (of one that is a sum over samples). In the host's memory,
   * valid until the step ends, and free to be overwritten. */
  const char* (*sample_gradients)(void* host, struct descent_matrix* gradients,
                                  struct descent_matrix* values);
  /* A step of the wrapped optimizer: moves x by its rule along this gradient. */
  const char* (*base_step)(void* host, void* x, const void* gradient);
  /* Puts a value under a name into the curves of the run, at recorded epochs. */
  const char* (*note)(void* host, const char* name, double value);
};

struct descent_step_call {
  struct descent_matrix x;        /* size x 1, moved in place */
  struct descent_matrix gradient; /* size x 1, not to be written */
  void** slots;                   /* slot_count vectors of x's size, zero before the first step */
  struct descent_matrix state;    /* state_size x 1, zero before the first step */
  uint64_t t;                     /* 1 on the first step */
  uint64_t epoch, planned_steps;  /* 1 in the first epoch; steps of the whole run */
  uint64_t seed; /* for a random stream: differs from step to step and run to run */
  const struct descent_block* blocks;
  uint64_t block_count;
  /* The objective of the current batch at any point: value and, unless gradient is null, gradient.
   */
  const char* (*evaluate)(void* host, const void* x, double* value, void* gradient);
  void* host; /* first argument of evaluate and of the services */
  const struct descent_services* services;
  double value; /* of the objective at x, which `gradient` belongs to; nan: ask evaluate */
  const uint64_t* samples; /* of the batch, as positions in the training set; null: all in order */
  uint64_t sample_count;   /* 0: the objective has no samples */
  uint64_t batch, batches; /* which batch of the epoch, from 1, of how many */
  struct descent_scratch* scratch;
};

struct descent_plugin {
  uint32_t abi; /* DESCENT_ABI; first for ever */
  enum descent_kind kind;
  const char* name;    /* as the file's, without .so */
  const char* doc;     /* one line */
  const char* formula; /* what is computed, one line; may be null */
  const char* source;  /* where it was published; may be null */
  uint32_t traits;     /* of descent_traits */
  const struct descent_hyper* hypers;
  uint32_t hyper_count;
  /* Why these values do not go together, beginning with the name of one of them; null when they do.
   * The pointer itself is null where any values do. */
  const char* (*conflict)(const double* hypers);

  /* optimizers */
  uint32_t slot_count;
  const char* settings; /* "lr=0.1 momentum=0.9": values that descend where the defaults do not */
  uint32_t needs;       /* of descent_needs; of a regularizer: descent_regularizer_needs */
  /* Of one that wraps another optimizer: which it wraps by default, and with which values,
   * as "sgd lr=0.01 momentum=0.9"; null: wraps none. */
  const char* base;
  /* The number of elements an optimizer keeps in addition to its slots, if it depends on
   * hyperparameters or shapes (histories, preconditioners); null: none. */
  uint64_t (*state_size)(const double* hypers, const struct descent_block*, uint64_t block_count);
  const char* (*step[2])(const double* hypers, const struct descent_step_call*);
  /* Weights to evaluate the model with, when they are not x (averaging); null when they are. */
  const char* (*average[2])(const double* hypers, const struct descent_step_call*, void* average);

  /* losses */
  uint32_t targets; /* of descent_targets */
  enum descent_prediction prediction;
  const char*
      class_weight; /* what the loss calls its weight per class or output; null: takes none */
  /* The names of boolean hyperparameters; null: none. Where one is true, the loss reads logarithms:
   * of the rates or variances that are predicted, or of the target's probabilities. */
  const char *log_prediction, *log_target;
  const char* (*loss[2])(const double* hypers, struct descent_loss_call*);

  /* regularizers; penalty null: a constraint, and its proximal step the projection */
  const char* (*penalty[2])(const double* hypers, struct descent_penalty_call*);
  const char* (*proximal[2])(const double* hypers, struct descent_proximal_call*); /* null: none */
};

#ifdef __cplusplus
}
#endif
#endif
