// SPDX-License-Identifier: MIT
#include "engine/pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "base/error.h"

namespace descent::engine {
namespace {

using Clock = std::chrono::steady_clock;

// A worker is sent about this much work in advance, so that it never waits for the parent. A small
// amount keeps the workers' finish times close together.
constexpr double seconds_ahead = 0.1;
constexpr std::size_t most_ahead = 4096;
constexpr double grace_seconds = 0.25;  // lets a run that checks the time itself stop first
constexpr std::int64_t longest_pause = 250'000'000;  // nanoseconds without a look at the clock
constexpr int most_accidents = 3;                    // consecutive deaths by a signal from outside
constexpr int most_futile = 3;                       // consecutive deaths outside of any run

// The memory a worker begins with: this process's, without what is mapped from files.
std::uint64_t resident_memory() {
  std::uint64_t size = 0, resident = 0, shared = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared;
  return (resident - shared) * std::uint64_t(::sysconf(_SC_PAGESIZE));
}

std::uint64_t first_not_lost(const ChunkRequest& request) {
  auto replicate = request.first;
  while (std::any_of(request.lost.begin(), request.lost.end(),
                     [&](const record::Run& lost) { return lost.replicate == replicate; }))
    ++replicate;
  return replicate;
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::pair<std::uint64_t, const char*> units[] = {
      {1'000'000'000, "GB"}, {1 << 30, "GiB"}, {1'000'000, "MB"}, {1 << 20, "MiB"}, {1'000, "kB"}};
  for (const auto& [size, name] : units)
    if (bytes % size == 0) return fmt::format("{}{}", bytes / size, name);
  return fmt::format("{}B", bytes);
}

// Signals that operators, schedulers and the system send, not those that a fault raises. A plugin
// may send one to itself, but then it does so every time.
bool is_from_outside(int signal) {
  static constexpr int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
  return std::find(std::begin(faults), std::end(faults), signal) == std::end(faults);
}

bool answers(const ChunkResult& result, const ChunkRequest& request) {
  return result.point == request.point && result.chunk == request.chunk &&
         result.first == request.first && result.count == request.count &&
         result.runs.size() == request.count;
}

}  // namespace

// States of a worker. Dead: its process is not started; feed() starts it when there is a request.
// Idle: running, nothing sent. Busy: running, with results outstanding. on_exit() takes it from any
// state to dead and returns its requests to again_. timed_out, protocol_error and closed say why it
// is about to die by our hand; start() clears them.
struct Pool::Worker {
  WorkerProcess process;
  std::deque<ChunkRequest> sent;  // requests without a result, in order
  std::string unsent, received;
  std::size_t position = 0;
  double seconds_per_task = 0;
  Clock::time_point last_result = Clock::now();
  bool timed_out = false;
  bool protocol_error = false;   // it sent something other than a result
  bool closed = false;           // it is alive, but has closed its pipe
  std::uint64_t memory = 0;      // resident bytes at its start
  std::uint64_t results_in = 0;  // since its start
  int kills = 0;                 // since the last result, by a signal from outside
  int futile = 0;                // deaths since the last result, outside of any run

  // Whether the chunk under way is the first one of its process.
  bool is_at_first_task() const {
    return results_in == 0 && !sent.empty() && is_under_way(sent.front());
  }
  bool is_under_way(const ChunkRequest& request) const {
    return request.point == process.page().point && request.first == process.page().first;
  }
};

Pool::Pool(Options options, ChunkTrainer train)
    : options_(std::move(options)), train_(std::move(train)) {
  for (unsigned i = 0; i < options_.workers; ++i) workers_.push_back(std::make_unique<Worker>());
}

Pool::~Pool() = default;

void Pool::start(Worker& worker) {
  std::vector<const WorkerProcess*> others;
  for (const auto& other : workers_)
    if (other.get() != &worker) others.push_back(&other->process);
  worker.timed_out = worker.protocol_error = worker.closed = false;
  worker.memory = resident_memory();
  worker.results_in = 0;
  worker.unsent.clear();
  worker.received.clear();
  worker.position = 0;
  worker.process.start(others, train_, options_.memory);
  worker.last_result = Clock::now();
}

void Pool::feed(Worker& worker) {
  std::size_t ahead = 2;
  if (worker.seconds_per_task > 0)
    ahead = std::clamp(std::size_t(seconds_ahead / worker.seconds_per_task), std::size_t(2),
                       most_ahead);
  if (worker.sent.size() * 2 > ahead) return;
  while (worker.sent.size() < ahead) {
    ChunkRequest request;
    if (!again_.empty()) {
      request = std::move(again_.front());
      again_.pop_front();
    } else if (!next_(request)) {
      break;
    }
    if (!worker.process.is_started()) start(worker);
    append_frame(worker.unsent, encode(request));
    worker.sent.push_back(std::move(request));
  }
  if (!worker.unsent.empty()) worker.process.write(worker.unsent);
}

// The next result. If a plugin writes into the pipe of results, its worker is killed: the stream
// cannot be trusted from there on.
bool Pool::take_result(Worker& worker, ChunkResult& result) {
  std::string_view message;
  try {
    if (worker.protocol_error || !take_frame(worker.received, worker.position, message))
      return false;
    result = decode_result(message);
    if (!worker.sent.empty() && answers(result, worker.sent.front())) return true;
  } catch (const std::out_of_range&) {
  }
  worker.protocol_error = true;
  worker.process.kill();
  return false;
}

void Pool::receive(Worker& worker, const OnResult& on_result) {
  const bool ended = !worker.process.read(worker.received);
  std::size_t count = 0;
  for (ChunkResult result; take_result(worker, result); ++count) {
    worker.sent.pop_front();
    on_result(std::move(result));
  }
  if (count > 0) {
    worker.results_in += count;
    worker.kills = worker.futile = 0;
    const auto now = Clock::now();
    const double each =
        std::chrono::duration<double>(now - worker.last_result).count() / double(count);
    worker.seconds_per_task =
        worker.seconds_per_task > 0 ? (worker.seconds_per_task + each) / 2 : each;
    worker.last_result = now;
  }
  if (!ended) return;
  worker.closed = !worker.process.has_ended() && !worker.process.is_exiting();
  on_exit(worker);
}

// Finds dead workers by their process: a pipe does not end while a process that a plugin started
// still holds it. What a worker sent before it died is read first: those chunks are not trained
// again, and failed_run() must see only the requests without a result.
void Pool::reap(const OnResult& on_result) {
  for (auto& worker : workers_) {
    if (!worker->process.has_ended()) continue;
    receive(*worker, on_result);
    if (worker->process.is_started()) on_exit(*worker);
  }
}

// The worker is dead. What it had not delivered is trained again, except for the run it died in.
void Pool::on_exit(Worker& worker) {
  const auto [status, most_memory] = worker.process.reap();
  if (worker.process.page().reason == WorkerStatusPage::Reason::error)
    throw Error("a worker cannot continue: " + worker.process.last_output());
  // The page still shows the dead process's last run: start() resets it for the next one.
  const auto end = describe(worker, status, most_memory);
  if (const auto run = failed_run(worker, status); run.replicate != WorkerStatusPage::idle)
    mark_failed(worker, run, end);
  else if (worker.futile >= most_futile)
    throw std::runtime_error("a worker process cannot work: " + end);
  // The chunk that ran out of memory goes first: as the first one of a new process it shows whether
  // it needs too much by itself.
  if (worker.process.page().reason == WorkerStatusPage::Reason::out_of_memory)
    std::stable_partition(worker.sent.begin(), worker.sent.end(), [&](const ChunkRequest& request) {
      return worker.is_under_way(request);
    });
  // From the back, so that the requests keep their order in front of the new ones.
  for (auto request = worker.sent.rbegin(); request != worker.sent.rend(); ++request)
    again_.push_front(std::move(*request));
  worker.sent.clear();
}

// The run that is recorded as failed and not tried again; none: everything is tried again. The
// tests go from certain causes to guesses: a protocol error (the run begun last), a signal from
// outside (an accident), death within a run, out of memory (only blamed in a new process), and
// death between runs (blamed on the last run when it repeats).
Pool::RunName Pool::failed_run(Worker& worker, int status) {
  constexpr RunName none;
  const auto& page = worker.process.page();
  const std::uint64_t replicate = page.replicate;
  if (worker.protocol_error && page.last != WorkerStatusPage::idle)
    return {page.last_point, page.last};
  if (!worker.timed_out && !worker.closed && WIFSIGNALED(status) &&
      is_from_outside(WTERMSIG(status)) && worker.kills++ < most_accidents)
    return none;
  if (replicate != WorkerStatusPage::idle && page.reason != WorkerStatusPage::Reason::out_of_memory)
    return {page.point, replicate};
  if (page.reason == WorkerStatusPage::Reason::out_of_memory && worker.is_at_first_task()) {
    const auto& request = worker.sent.front();
    return {request.point,
            replicate != WorkerStatusPage::idle ? replicate : first_not_lost(request)};
  }
  // Earlier chunks may have used up the memory: only a new process can show who needs too much.
  if (page.reason == WorkerStatusPage::Reason::out_of_memory) return none;
  // Outside of a run, for example when a damaged heap is used again. If it happens every time, the
  // last run is the cause.
  if (++worker.futile < most_futile || page.last == WorkerStatusPage::idle) return none;
  worker.futile = 0;
  return {page.last_point, page.last};
}

std::string Pool::describe(const Worker& worker, int status, std::uint64_t most_memory) const {
  const auto memory = options_.memory(worker.process.page().point);
  const auto limit = fmt::format("train.memory is {}", bytes_text(memory));
  if (worker.protocol_error) return "wrote into the descriptors of its process; killed";
  if (worker.closed || worker.process.page().reason == WorkerStatusPage::Reason::lost_files)
    return "closed the descriptors of its process";
  if (worker.process.page().reason == WorkerStatusPage::Reason::out_of_memory)
    return memory > 0 ? "out of memory: " + limit : "out of memory";
  const auto taken = most_memory > worker.memory ? most_memory - worker.memory : 0;
  const bool full = memory > 0 && taken > memory / 10 * 9;
  const auto more = full ? "; it had filled its memory: " + limit : "";
  if (WIFSIGNALED(status))
    return fmt::format("killed by signal {} ({}){}", WTERMSIG(status),
                       ::strsignal(WTERMSIG(status)), more);
  return fmt::format("the process exited with code {} in the middle of the run{}",
                     WEXITSTATUS(status), more);
}

void Pool::mark_failed(Worker& worker, const RunName& run, const std::string& end) {
  const auto request =
      std::find_if(worker.sent.begin(), worker.sent.end(), [&](const ChunkRequest& t) {
        return t.point == run.point && t.first <= run.replicate &&
               run.replicate < t.first + t.count;
      });
  if (request == worker.sent.end()) return;
  const auto elapsed = nanoseconds_now() - worker.process.page().since;
  record::Run lost;
  lost.replicate = run.replicate;
  lost.status = record::Status::crashed;
  lost.reason = end;
  lost.train_seconds = double(elapsed) * 1e-9;
  if (worker.process.page().reason == WorkerStatusPage::Reason::out_of_memory)
    lost.status = record::Status::failed;
  if (worker.timed_out) {
    lost.status = record::Status::timeout;
    lost.reason = fmt::format("longer than {} s; killed", limit(worker));
  }
  if (const auto words = worker.process.last_output(); !words.empty())
    lost.reason += "; last output: " + words;
  request->lost.push_back(std::move(lost));
}

double Pool::limit(const Worker& worker) const {
  return options_.timeout(worker.process.page().point);
}

// After a pause, this process did not run: most likely, the workers did not either (SIGSTOP to all,
// a frozen container, a suspended job). That time counts in no run.
void Pool::look_at_the_clock() {
  const auto now = nanoseconds_now();
  const auto pause = now - looked_;
  for (auto& worker : workers_) {
    auto& page = worker->process.page();
    if (pause > longest_pause) page.since += pause;
    page.looked = now;
  }
  looked_ = now;
}

void Pool::enforce_timeouts() {
  look_at_the_clock();
  const auto now = looked_;
  for (auto& worker : workers_) {
    if (!worker->process.is_started() || worker->sent.empty() || worker->timed_out) continue;
    if (worker->process.page().replicate == WorkerStatusPage::idle) continue;
    const double seconds = limit(*worker);
    if (seconds <= 0 || double(now - worker->process.page().since) * 1e-9 < seconds + grace_seconds)
      continue;
    worker->timed_out = true;
    worker->process.kill();
  }
}

void Pool::wait(std::vector<Worker*>& readable) {
  std::vector<pollfd> files;
  std::vector<Worker*> owners;
  for (auto& worker : workers_) {
    if (!worker->process.is_started()) continue;
    files.push_back({worker->process.results(), POLLIN, 0});
    owners.push_back(worker.get());
    if (worker->unsent.empty()) continue;
    files.push_back({worker->process.requests(), POLLOUT, 0});
    owners.push_back(worker.get());
  }
  if (::poll(files.data(), files.size(), 50) <= 0) return;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].revents == 0) continue;
    if (files[i].events == POLLOUT)
      owners[i]->process.write(owners[i]->unsent);
    else
      readable.push_back(owners[i]);
  }
}

bool Pool::busy() const {
  if (!again_.empty()) return true;
  return std::any_of(workers_.begin(), workers_.end(),
                     [](const auto& w) { return !w->sent.empty(); });
}

bool Pool::run(const NextRequest& next, const OnResult& on_result,
               const std::function<void()>& idle, const volatile std::sig_atomic_t& stop) {
  next_ = next;
  looked_ = nanoseconds_now();
  for (auto& worker : workers_) feed(*worker);
  auto last_idle = Clock::now();
  // Workers are fed before busy() is evaluated again: a result may have made new requests
  // available, and with nothing sent the loop would end without them.
  while (busy() && !stop) {
    std::vector<Worker*> readable;
    wait(readable);
    for (auto* worker : readable) receive(*worker, on_result);
    enforce_timeouts();
    const bool is_time_to_idle = Clock::now() - last_idle >= std::chrono::milliseconds(50);
    if (is_time_to_idle) reap(on_result);
    for (auto& worker : workers_) feed(*worker);
    if (!is_time_to_idle) continue;
    idle();
    last_idle = Clock::now();
  }
  return !stop;
}

}  // namespace descent::engine
