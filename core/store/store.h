// SPDX-License-Identifier: MIT
// The store: one SQLite file, written by one process. Open it, register an experiment, add its
// points in plan order, write chunks (a transaction a batch), finish each point.
//
// The content does not depend on the order of writes; only columns named *_seconds and *_at, and
// the table provenance, differ from one invocation to another. Every function throws StoreError
// with the file's path and what to do. Not for several threads at once.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "base/error.h"
#include "store/records.h"

namespace descent::store {

class Store {
 public:
  // Creates the file, or opens it and migrates an older schema. Another writer is waited for as
  // long as busy_seconds.
  static Store open(const std::string& path, double busy_seconds = 10);
  static Store open(const std::string& path, const StoreOptions& options);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  const std::string& path() const;

  // All that is written while it lives is stored by commit(), or not at all. The Store outlives it.
  // A function called without one makes a transaction of its own.
  class Transaction {
   public:
    explicit Transaction(Store& store);
    ~Transaction();  // rolls back what was not committed
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

   private:
    friend class Store;
    struct State;
    explicit Transaction(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };

  // The same, unless another program holds the lock: then nothing, after a moment. Throws
  // StoreError when it has been held at every call for as long as the patience.
  std::unique_ptr<Transaction> try_transaction();

  // How long other programs are waited for from now on; tell is called once a wait has become long,
  // and when it has ended.
  void set_patience(double seconds, std::function<void(const std::string&)> tell);

  // The experiment of that name, new or updated; its view shows every path swept so far.
  std::int64_t register_experiment(const ExperimentRecord& record);

  // What is odd about an experiment: replaces its earlier warnings.
  void record(std::int64_t experiment_id, const std::vector<WarningRecord>& warnings);

  // The point with this content, new or there already. Ids follow the order of the calls. Points
  // of the same configuration with other content are kept, but superseded: no view shows them.
  std::int64_t add_point(const PointRecord& record);
  // After the last point of an experiment: its view shows the swept values of all, and labels
  // distinguish them.
  void describe_points(std::int64_t experiment_id);

  std::vector<std::uint64_t> stored_replicates(std::int64_t point_id);  // ascending
  // Of these replicates, those that are stored.
  std::vector<std::uint64_t> stored_replicates(std::int64_t point_id, std::uint64_t first,
                                               std::uint64_t count);
  std::vector<ChunkRange> stored_chunks(std::int64_t point_id);  // by first replicate
  // A piece of the accumulators of a chunk; nothing: they are not stored any more.
  std::optional<std::string> chunk_piece(std::int64_t point_id, const ChunkRange& chunk,
                                         std::size_t number);
  bool finished(std::int64_t point_id);
  // Stored runs with another status than done or pruned, of all or of these replicates.
  std::uint64_t not_done(std::int64_t point_id);
  std::uint64_t not_done(std::int64_t point_id, std::uint64_t from, std::uint64_t count);

  // Runs that are not stored yet, and the chunk's accumulators if any are given. Whether those
  // are stored now: other ones that begin with the same replicate stay.
  bool write(const ChunkRecord& chunk);

  // Drops the accumulators of the chunk that begins with this replicate; its runs stay.
  void drop_chunk(std::int64_t point_id, std::uint64_t first);

  // Stores the point's bias and variance and its fit, drops its chunks, marks it finished with so
  // many replicates.
  void finish(std::int64_t point_id, std::uint64_t replicates,
              const std::vector<BiasVarianceRow>& rows, const FitRecord& fit = {});

  void forget(std::int64_t point_id);  // everything a training gave; the point itself stays

  void remove_scratch_if_empty();  // the file of accumulators, when no point needs it

  // The score of a point at a rung, if it is known for as many replicates; the epoch after which
  // its runs were pruned, 0: none was; the reason recorded for it. forget_pruned() keeps runs of
  // another status.
  std::optional<double> rung_value(const RungRecord& rung);
  std::vector<RungChunk> rung_chunks(const RungRecord& rung);  // by first replicate
  void write_rung(const RungRecord& rung);  // replaces an earlier one, and its chunks
  void write_rung_chunk(const RungRecord& rung, const RungChunk& chunk);
  void forget_rungs(std::int64_t point_id, std::uint64_t after_epoch = 0);
  std::uint64_t pruned_after(std::int64_t point_id);
  void forget_pruned(std::int64_t point_id);
  void set_prune_reason(std::int64_t point_id, const std::string& reason);

  // Writes a family of comparisons; replaces an earlier one of the same call.
  void record(const ContrastFamily& family);

  // Replaces an earlier selection of that experiment.
  void record(const SelectionRecord& selection);

  // A row of provenance per fact; later writes are recorded as its work; started_at is
  // noted here, finished_at by end_invocation. Unless the options allow it, throws where runs of
  // the same `build` were trained with other `arithmetic`.
  std::int64_t begin_invocation(const std::map<std::string, std::string>& facts);
  void note(std::int64_t invocation, const std::string& key, const std::string& value);
  void end_invocation(std::int64_t invocation);

 private:
  struct Content;
  explicit Store(std::unique_ptr<Content> content);
  template <class F>
  auto atomically(F&& f);
  std::unique_ptr<Content> content_;
};

}  // namespace descent::store
