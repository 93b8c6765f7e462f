// SPDX-License-Identifier: MIT
#include "store/run_tables.h"

#include <fmt/format.h>

#include <numeric>

#include "base/error.h"
#include "store/bind.h"
#include "store/schema.h"

namespace descent::store {
namespace {

constexpr int rows_per_block = 16;  // measured: past that nothing is gained

std::int64_t run_id(std::int64_t point_id, std::uint64_t replicate) {
  return point_id * runs_per_point + static_cast<std::int64_t>(replicate);
}

void execute(SQLite::Database& database, const std::string& sql, std::int64_t point_id) {
  SQLite::Statement statement(database, sql);
  Binder{statement}(point_id).exec();
}

void bind_estimate(Binder& bind, const BiasVarianceRow::Estimate& estimate) {
  bind(estimate.value)(estimate.se)(estimate.lo)(estimate.hi);
}

void bind_row(Binder& bind, std::int64_t point_id, const BiasVarianceRow& row) {
  bind(point_id)(row.epoch)(row.metric);
  for (const auto* estimate : {&row.total, &row.bias2, &row.variance, &row.excess})
    bind_estimate(bind, *estimate);
  bind(row.noise)(row.bias_includes_noise)(row.bias2_plugin)(row.variance_plugin);
  bind(row.identity_residual)(row.replicates)(row.left_out)(row.jackknife_groups)(row.test_points);
  bind(row.resample)(row.central)(row.ci_level)(row.df)(row.se_method)(row.floor_used);
  bind(row.max_replicate_share)(row.clip_eps)(row.n_clipped)(row.tie_count)(row.layout)(row.seeds);
  for (const auto* errors : {&row.se_points, &row.se_two_way})
    bind(errors->total)(errors->bias2)(errors->variance);
}

template <class T>
void bind_value(Binder& bind, const T& value) {
  bind(value);
}
void bind_value(Binder& bind, const std::string& text) { text.empty() ? bind.null() : bind(text); }

const std::string& name_of(record::Set set) {
  static const std::vector<std::string> names(std::begin(record::set_names),
                                              std::end(record::set_names));
  return names[std::size_t(set)];
}

struct CurveRow {
  std::int64_t run_id;
  const record::CurvePoint* point;
};

struct CostRow {
  std::int64_t run_id;
  const record::CurveCost* cost;
};

struct Element {
  const std::string* name;
  std::uint64_t row, col;
  double value;
};

std::vector<Element> elements(const std::vector<WeightBlock>& blocks,
                              const std::vector<double>& weights) {
  std::vector<Element> all;
  for (const auto& block : blocks)
    for (std::uint64_t j = 0; j < block.cols; ++j)
      for (std::uint64_t i = 0; i < block.rows; ++i)
        all.push_back({&block.name, i, j, weights.at(block.offset + i + j * block.rows)});
  return all;
}

// Of a finished point with `record: {model: best}`: of equal losses, the first replicate's.
constexpr auto drop_all_but_best =
    "DELETE FROM models WHERE run_id IN (SELECT run_id FROM (SELECT m.run_id, row_number() OVER "
    "(ORDER BY coalesce(r.validation_loss, r.train_loss) IS NULL, "
    "coalesce(r.validation_loss, r.train_loss), r.run_id) AS place "
    "FROM points p JOIN models m ON m.run_id BETWEEN p.first_run AND p.last_run "
    "JOIN runs r ON r.run_id = m.run_id WHERE p.point_id = ? "
    "AND json_extract(p.configuration, '$.record.model') = 'best') WHERE place > 1)";

}  // namespace

std::string placeholders(int columns, int rows) {
  std::string row = "(?", all;
  for (int i = 1; i < columns; ++i) row += ", ?";
  row += ')';
  for (int i = 0; i < rows; ++i) all += (i ? ", " : "") + row;
  return all;
}

RunTables::BlockInsert::BlockInsert(SQLite::Database& database, const std::string& table, int n)
    : block(database,
            fmt::format("INSERT INTO {} VALUES {}", table, placeholders(n, rows_per_block))),
      single(database, fmt::format("INSERT INTO {} VALUES {}", table, placeholders(n))),
      columns(n) {}

RunTables::RunTables(SQLite::Database& database)
    : database_(database),
      run_(database, "INSERT INTO runs VALUES " + placeholders(2 + int(run_columns().size()))),
      invocation_(database, "INSERT OR IGNORE INTO point_invocations VALUES (?, ?)"),
      bias_variance_(database, "INSERT INTO bias_variance VALUES " + placeholders(46)),
      effect_(database, "INSERT INTO effects VALUES " + placeholders(9)),
      drop_bias_variance_(database, "DELETE FROM bias_variance WHERE point_id = ?"),
      drop_effects_(database, "DELETE FROM effects WHERE point_id = ?"),
      drop_jackknife_(database, "DELETE FROM jackknife WHERE point_id = ?"),
      drop_point_groups_(database, "DELETE FROM point_groups WHERE point_id = ?"),
      set_finished_(database,
                    "UPDATE points SET finished = 1, replicates = ?2 WHERE point_id = ?1"),
      model_(database, "INSERT INTO models VALUES (?, ?)"),
      drop_models_(database, drop_all_but_best),
      curves_(database, "curve_rows", 4),
      costs_(database, "curve_costs", 5),
      weights_(database, "weights", 5),
      steps_(database, "step_rows", 5),
      run_metrics_(database, "run_metrics", 3),
      confusion_(database, "confusion", 7),
      predictions_(database, "predictions", 7),
      notes_(database, "notes", 4),
      checkpoints_(database, "checkpoints", 6),
      jackknife_(database, "jackknife", 7),
      point_groups_(database, "point_groups", 7) {}

void RunTables::write(const ChunkRecord& chunk, std::int64_t invocation) {
  if (invocation > 0) Binder{invocation_}(chunk.point_id)(invocation).exec();
  for (const auto& run : chunk.runs) write_run(chunk.point_id, run);
  write_curves(chunk);
  write_costs(chunk);
  write_weights(chunk);
  write_measures(chunk);
  write_predictions(chunk);
  write_models(chunk);
}

void RunTables::write_run(std::int64_t point_id, const record::Run& run) {
  Binder bind(run_);
  bind(run_id(point_id, run.replicate))(point_id);
  record::for_each_column(run, [&](const char*, const auto& value) { bind_value(bind, value); });
  bind.exec();
}

template <class Rows, class Bind>
void RunTables::insert(BlockInsert& into, const Rows& rows, Bind bind) {
  std::size_t next = 0;
  const auto execute_with = [&](SQLite::Statement& statement, int count) {
    for (int i = 0; i < count; ++i) bind(Binder(statement, 1 + i * into.columns), rows[next++]);
    execute(statement);
  };
  while (rows.size() - next >= rows_per_block) execute_with(into.block, rows_per_block);
  while (next < rows.size()) execute_with(into.single, 1);
}

void RunTables::write_curves(const ChunkRecord& chunk) {
  std::vector<CurveRow> rows;
  for (const auto& run : chunk.runs)
    for (const auto& point : run.curve)
      rows.push_back({run_id(chunk.point_id, run.replicate), &point});
  insert(curves_, rows, [](Binder bind, const CurveRow& row) {
    bind(row.run_id)(row.point->epoch)(std::int64_t(row.point->metric))(row.point->value);
  });
}

void RunTables::write_costs(const ChunkRecord& chunk) {
  std::vector<CostRow> rows;
  for (const auto& run : chunk.runs)
    for (const auto& cost : run.costs)
      rows.push_back({run_id(chunk.point_id, run.replicate), &cost});
  insert(costs_, rows, [](Binder bind, const CostRow& row) {
    const auto& cost = *row.cost;
    bind(row.run_id)(cost.epoch)(cost.steps)(cost.evaluations)(cost.elapsed_seconds);
  });
}

void RunTables::write_weights(const ChunkRecord& chunk) {
  for (const auto& run : chunk.runs) {
    if (run.weights.empty()) continue;
    const auto id = run_id(chunk.point_id, run.replicate);
    insert(weights_, elements(chunk.blocks, run.weights), [&](Binder bind, const Element& one) {
      bind(id) (*one.name)(one.row)(one.col)(one.value);
    });
  }
}

// What the measures of record.metrics, record.every: {steps} and record.confusion give, and notes.
void RunTables::write_measures(const ChunkRecord& chunk) {
  for (const auto& run : chunk.runs) {
    const auto id = run_id(chunk.point_id, run.replicate);
    insert(steps_, run.step_curve, [&](Binder bind, const record::StepPoint& point) {
      bind(id)(point.step)(std::int64_t(point.metric))(point.epoch)(point.value);
    });
    insert(run_metrics_, run.measures, [&](Binder bind, const record::MetricValue& one) {
      bind(id)(std::int64_t(one.metric))(one.value);
    });
    insert(confusion_, run.confusion, [&](Binder bind, const record::ConfusionCell& cell) {
      bind(id)(cell.epoch)(name_of(cell.set))(cell.output);
      bind(cell.actual)(cell.predicted)(cell.weight);
    });
    insert(notes_, run.notes, [&](Binder bind, const record::Note& note) {
      bind(id)(note.epoch)(note.name)(note.value);
    });
  }
}

void RunTables::write_predictions(const ChunkRecord& chunk) {
  for (const auto& run : chunk.runs)
    for (const auto& set : run.predictions) {
      std::vector<std::size_t> cells(set.value.size());
      std::iota(cells.begin(), cells.end(), std::size_t{0});
      insert(predictions_, cells, [&](Binder bind, std::size_t i) {
        const auto sample = i / set.outputs.size();
        bind(run_id(chunk.point_id, run.replicate))(name_of(set.set))(sample + 1);
        bind(set.outputs[i % set.outputs.size()]);
        set.lines.empty() ? bind.null() : bind(set.lines[sample]);
        bind(set.value[i])(set.target[i]);
      });
    }
}

void RunTables::write_models(const ChunkRecord& chunk) {
  for (const auto& run : chunk.runs) {
    const auto id = run_id(chunk.point_id, run.replicate);
    for (const auto& checkpoint : run.checkpoints)
      insert(checkpoints_, elements(chunk.blocks, checkpoint.weights),
             [&](Binder bind, const Element& one) {
               bind(id)(checkpoint.epoch) (*one.name)(one.row)(one.col)(one.value);
             });
    if (!run.model.empty()) Binder{model_}(id)(run.model).exec();
  }
}

void RunTables::write_effects(std::int64_t point_id, const BiasVarianceRow& row) {
  for (const auto& effect : row.effects) {
    Binder bind(effect_);
    bind(point_id)(row.epoch)(row.metric)(effect.definition)(effect.term);
    bind_estimate(bind, effect.estimate);
    bind.exec();
  }
}

void RunTables::write_jackknife(std::int64_t point_id, const BiasVarianceRow& row) {
  std::uint64_t part = 0;
  insert(jackknife_, row.jackknife, [&](Binder bind, const BiasVarianceRow::Part& values) {
    bind(point_id)(row.metric)(part++)(values.left_out);
    bind(values.total)(values.bias2)(values.variance);
  });
}

void RunTables::write_point_groups(std::int64_t point_id, const BiasVarianceRow& row) {
  std::uint64_t part = 0;
  insert(point_groups_, row.point_groups, [&](Binder bind, const auto& group) {
    bind(point_id)(row.metric)(part++)(group.points);
    bind(group.total)(group.bias2)(group.variance);
  });
}

void RunTables::finish(std::int64_t point_id, std::uint64_t replicates,
                       const std::vector<BiasVarianceRow>& rows) {
  Binder{drop_bias_variance_}(point_id).exec();
  Binder{drop_effects_}(point_id).exec();
  Binder{drop_jackknife_}(point_id).exec();
  Binder{drop_point_groups_}(point_id).exec();
  for (const auto& row : rows) {
    Binder bind(bias_variance_);
    bind_row(bind, point_id, row);
    bind.exec();
    write_effects(point_id, row);
    write_jackknife(point_id, row);
    write_point_groups(point_id, row);
  }
  Binder{set_finished_}(point_id)(replicates).exec();
  Binder{drop_models_}(point_id).exec();
}

void RunTables::forget(std::int64_t point_id) {
  for (const auto* table : tables_of_runs)
    execute(database_,
            fmt::format("DELETE FROM {} WHERE run_id BETWEEN ?1 * {} AND ?1 * {} + {}", table,
                        runs_per_point, runs_per_point, runs_per_point - 1),
            point_id);
  for (const auto* table : {"bias_variance", "effects", "jackknife", "point_groups",
                            "point_invocations", "selections", "rungs", "rung_chunks"})
    execute(database_, fmt::format("DELETE FROM {} WHERE point_id = ?", table), point_id);
  execute(database_, "DELETE FROM contrast_rows WHERE a = ?1 OR b = ?1", point_id);
  execute(database_, "UPDATE points SET finished = 0 WHERE point_id = ?", point_id);
}

}  // namespace descent::store
