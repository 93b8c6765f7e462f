// SPDX-License-Identifier: MIT
// The merge of a foreign database into a fresh store: it is merged completely, or refused
// without a trace. Bytes that begin with "sql:" are statements that change a good store; any others
// are the database file itself.
#include "store/merge.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "fuzz/input.h"
#include "store/dump.h"
#include "store/store.h"

namespace {

using namespace descent;
namespace fs = std::filesystem;

struct Desk {
  fs::path folder = fs::path("/dev/shm") / ("descent-fuzz-" + std::to_string(::getpid()));
  std::string foreign = folder / "foreign.db", ours = folder / "ours.db";
  std::string fresh = folder / "fresh.db", good = folder / "good.db";

  Desk() {
    fs::remove_all(folder);
    fs::create_directories(folder);
    store::Store::open(fresh);
    fill(good);
  }
  ~Desk() { fs::remove_all(folder); }

  // An experiment of one finished point and one under way.
  static void fill(const std::string& path) {
    auto store = store::Store::open(path);
    const auto id = store.register_experiment({"a", "", "a.yaml", "", {"optimizer.lr"}});
    for (std::uint64_t i = 0; i < 2; ++i) {
      store::PointRecord point;
      point.experiment_id = id;
      point.position = i;
      point.configuration_hash = "c" + std::to_string(i);
      point.content_hash = "h" + std::to_string(i);
      point.configuration = R"({"optimizer": {"name": "sgd", "lr": )" + std::to_string(i) + "}}";
      point.replicates = 2;
      point.primary_metric = "mse";
      const auto point_id = store.add_point(point);
      record::Run run;
      run.curve = {{0, record::Metric::train_loss, 1.0}};
      run.weights = {1.0};
      store.write({point_id, 0, 1, {run}, {"state"}, {{"w", 0, 1, 1}}});
      if (i == 0) store.finish(point_id, 1, {});
    }
  }

  void place(std::string_view bytes) const {
    for (const auto* end : {"", "-wal", "-shm", "-journal"})
      for (const auto& path : {foreign, ours}) fs::remove(path + end);
    fs::copy_file(fresh, ours);
    if (!bytes.starts_with("sql:")) {
      std::ofstream(foreign, std::ios::binary) << bytes;
      return;
    }
    fs::copy_file(good, foreign);
    SQLite::Database database(foreign, SQLite::OPEN_READWRITE);
    database.exec("PRAGMA journal_mode = MEMORY");
    int calls = 0;
    const auto enough = [](void* n) { return int(++*static_cast<int*>(n) > 100); };
    sqlite3_progress_handler(database.getHandle(), 1000, enough, &calls);
    sqlite3_set_authorizer(
        database.getHandle(),
        [](void*, int action, const char*, const char*, const char*, const char*) {
          return action == SQLITE_ATTACH || action == SQLITE_PRAGMA ? SQLITE_DENY : SQLITE_OK;
        },
        nullptr);
    const std::string text(bytes.substr(4));
    sqlite3_exec(database.getHandle(), text.c_str(), nullptr, nullptr, nullptr);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Desk desk;
  static const std::string nothing = store::dump(desk.fresh);
  desk.place(fuzz::text_of(data, size));
  try {
    store::merge(desk.ours, {desk.foreign});
  } catch (const Error&) {
    fuzz::require(store::dump(desk.ours) == nothing);
    return 0;
  }
  const auto merged = store::dump(desk.ours);
  const auto again = store::merge(desk.ours, {desk.foreign});
  fuzz::require(again.points == 0 && again.runs == 0 && store::dump(desk.ours) == merged);
  return 0;
}
