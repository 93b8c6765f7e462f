// SPDX-License-Identifier: MIT
#include "engine/pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <system_error>

namespace descent {
namespace {

using Clock = std::chrono::steady_clock;

// A worker is kept in work for about this long ahead, so that it never waits for the parent's
// writing; less at the end, so that all finish together.
constexpr double seconds_ahead = 0.1;
constexpr std::size_t most_ahead = 4096;
constexpr double grace_seconds = 0.25;  // a run that checks the time itself stops first
constexpr int most_accidents = 3;       // deaths by a SIGKILL that is not ours, in a row
constexpr int most_futile = 3;          // deaths in a row outside of any run

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::string last_lines(int log) {
  const auto size = ::lseek(log, 0, SEEK_END);
  const auto from = std::max<off_t>(0, size - 400);
  std::string text(std::size_t(size - from), '\0');
  const auto n = ::pread(log, text.data(), text.size(), from);
  text.resize(n > 0 ? std::size_t(n) : 0);
  if (from > 0) text.erase(0, text.find('\n') + 1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', '|');
  return text;
}

// The worker and all that its plugins started, unless they left its process group.
void kill_group(pid_t worker) {
  ::kill(-worker, SIGKILL);
  ::kill(worker, SIGKILL);  // it may not have made its group yet
}

bool has_ended(pid_t worker) {
  siginfo_t about{};
  return ::waitid(P_PID, id_t(worker), &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         about.si_pid == worker;
}

// False of a process that is about to end: it has given its descriptors back before.
bool holds_files(pid_t worker) {
  std::error_code gone;
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(worker) + "/fd", gone);
  return !gone && files != std::filesystem::directory_iterator();
}

// What a worker begins with: of this process, without what is mapped from files.
std::uint64_t resident_memory() {
  std::uint64_t size = 0, resident = 0, shared = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared;
  return (resident - shared) * std::uint64_t(::sysconf(_SC_PAGESIZE));
}

std::uint64_t first_not_lost(const Task& task) {
  auto replicate = task.first;
  while (std::any_of(task.lost.begin(), task.lost.end(),
                     [&](const Run& lost) { return lost.replicate == replicate; }))
    ++replicate;
  return replicate;
}

std::string in_units(std::uint64_t bytes) {
  static constexpr std::pair<std::uint64_t, const char*> units[] = {
      {1'000'000'000, "GB"}, {1 << 30, "GiB"}, {1'000'000, "MB"}, {1 << 20, "MiB"}, {1'000, "kB"}};
  for (const auto& [size, name] : units)
    if (bytes % size == 0) return fmt::format("{}{}", bytes / size, name);
  return fmt::format("{}B", bytes);
}

bool answers(const ChunkResult& result, const Task& task) {
  return result.point == task.point && result.chunk == task.chunk && result.first == task.first &&
         result.count == task.count && result.runs.size() == task.count;
}

}  // namespace

struct Pool::Worker {
  pid_t pid = -1;
  int tasks = -1, results = -1, log = -1;
  Beacon* beacon = nullptr;
  std::deque<Task> sent;  // no result yet, in order
  std::string unsent, received;
  std::size_t position = 0;
  double seconds_per_task = 0;
  Clock::time_point last_result = Clock::now();
  bool timed_out = false;
  bool garbled = false;          // it sent what is no result
  bool closed = false;           // it lives, but has closed its pipe
  std::uint64_t memory = 0;      // resident bytes that it began with
  std::uint64_t results_in = 0;  // since it was started
  int kills = 0;                 // since the last result, by a SIGKILL that is not ours
  int futile = 0;                // deaths since the last result, outside of any run

  bool alive() const { return pid > 0; }

  // Whether the chunk under way is the first that its process was given.
  bool is_at_first_task() const {
    return results_in == 0 && !sent.empty() && is_under_way(sent.front());
  }
  bool is_under_way(const Task& task) const {
    return task.point == beacon->point && task.first == beacon->first;
  }
};

Pool::Pool(Options options, ChunkTrainer train)
    : options_(std::move(options)), train_(std::move(train)) {
  for (unsigned i = 0; i < options_.workers; ++i) {
    auto worker = std::make_unique<Worker>();
    void* const page =
        ::mmap(nullptr, sizeof(Beacon), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) fail("mmap");
    worker->beacon = new (page) Beacon;
    worker->log = ::memfd_create("descent-worker-log", MFD_CLOEXEC);
    if (worker->log < 0) fail("memfd_create");
    workers_.push_back(std::move(worker));
  }
}

Pool::~Pool() {
  for (auto& worker : workers_) {
    if (worker->alive()) {
      kill_group(worker->pid);
      ::waitpid(worker->pid, nullptr, 0);
    }
    for (const int file : {worker->tasks, worker->results, worker->log})
      if (file >= 0) ::close(file);
    ::munmap(worker->beacon, sizeof(Beacon));
  }
}

void Pool::start(Worker& worker) {
  int tasks[2], results[2];
  // A socket takes tasks: writing to one whose worker died is an error, not a SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, tasks) < 0) fail("socketpair");
  if (::pipe2(results, O_CLOEXEC) < 0) fail("pipe");
  ::fcntl(results[1], F_SETPIPE_SZ, 1 << 20);  // a courtesy; the default works too
  worker.beacon->replicate = worker.beacon->last = worker.beacon->first = Beacon::idle;
  worker.beacon->reason = Beacon::Reason::none;
  worker.timed_out = worker.garbled = worker.closed = false;
  worker.memory = resident_memory();
  worker.results_in = 0;
  worker.unsent.clear();
  worker.received.clear();
  worker.position = 0;
  std::fflush(nullptr);  // or the child would print it again
  const pid_t pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    ::close(tasks[1]);
    ::close(results[0]);
    for (const auto& other : workers_)
      for (const int file : {other->tasks, other->results})
        if (file >= 0) ::close(file);
    serve({tasks[0], results[1], worker.log}, *worker.beacon, train_, options_.memory);
  }
  ::setpgid(pid, pid);  // whoever of the two is first
  ::close(tasks[0]);
  ::close(results[1]);
  ::fcntl(tasks[1], F_SETFL, O_NONBLOCK);
  ::fcntl(results[0], F_SETFL, O_NONBLOCK);
  worker.pid = pid;
  worker.tasks = tasks[1];
  worker.results = results[0];
  worker.last_result = Clock::now();
}

void Pool::feed(Worker& worker) {
  std::size_t ahead = 2;
  if (worker.seconds_per_task > 0)
    ahead = std::clamp(std::size_t(seconds_ahead / worker.seconds_per_task), std::size_t(2),
                       most_ahead);
  if (worker.sent.size() * 2 > ahead) return;
  while (worker.sent.size() < ahead) {
    Task task;
    if (!again_.empty()) {
      task = std::move(again_.front());
      again_.pop_front();
    } else if (!next_(task)) {
      break;
    }
    if (!worker.alive()) start(worker);
    append_frame(worker.unsent, encode(task));
    worker.sent.push_back(std::move(task));
  }
  if (!worker.unsent.empty()) send(worker);
}

// False when the pipe is full: the rest goes later.
bool Pool::send(Worker& worker) {
  while (!worker.unsent.empty()) {
    const auto n = ::send(worker.tasks, worker.unsent.data(), worker.unsent.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;  // full, or the worker died: its end will be seen
    worker.unsent.erase(0, std::size_t(n));
  }
  return true;
}

// The next result. A plugin that writes where only results belong has its worker killed.
bool Pool::take_result(Worker& worker, ChunkResult& result) {
  std::string_view message;
  try {
    if (worker.garbled || !take_frame(worker.received, worker.position, message)) return false;
    result = decode_result(message);
    if (!worker.sent.empty() && answers(result, worker.sent.front())) return true;
  } catch (const std::out_of_range&) {
  }
  worker.garbled = true;
  kill_group(worker.pid);
  return false;
}

void Pool::receive(Worker& worker, const OnResult& on_result) {
  char buffer[1 << 16];
  bool ended = false;
  for (;;) {
    const auto n = ::read(worker.results, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      ended = n == 0;
      break;
    }
    worker.received.append(buffer, std::size_t(n));
  }
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
  worker.closed = !has_ended(worker.pid) && holds_files(worker.pid);
  bury(worker);
}

// Its pipe stays open when a process that it started still holds it.
void Pool::reap(const OnResult& on_result) {
  for (auto& worker : workers_) {
    if (!worker->alive() || !has_ended(worker->pid)) continue;
    receive(*worker, on_result);
    if (worker->alive()) bury(*worker);
  }
}

// The worker is dead: what it had not delivered is trained again, but for the run it died in.
void Pool::bury(Worker& worker) {
  int status = 0;
  rusage usage{};
  ::kill(-worker.pid, SIGKILL);  // what it leaves behind
  while (::wait4(worker.pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  worker.pid = -1;
  for (int* file : {&worker.tasks, &worker.results}) {
    ::close(*file);
    *file = -1;
  }
  const auto end = describe(worker, status, std::uint64_t(usage.ru_maxrss) * 1024);
  if (const auto run = victim(worker, status); run.replicate != Beacon::idle)
    lose(worker, run, end);
  else if (worker.futile >= most_futile)
    throw std::runtime_error("a worker process cannot work: " + end);
  // What had no memory is next: as the first of a new process it tells.
  if (worker.beacon->reason == Beacon::Reason::out_of_memory)
    std::stable_partition(worker.sent.begin(), worker.sent.end(),
                          [&](const Task& task) { return worker.is_under_way(task); });
  for (auto task = worker.sent.rbegin(); task != worker.sent.rend(); ++task)
    again_.push_front(std::move(*task));
  worker.sent.clear();
}

// The run that is not tried again; none: all that the worker had gets another try.
Pool::RunName Pool::victim(Worker& worker, int status) {
  constexpr RunName none;
  const auto& beacon = *worker.beacon;
  const std::uint64_t replicate = beacon.replicate;
  if (worker.garbled && beacon.last != Beacon::idle) return {beacon.last_point, beacon.last};
  // A SIGKILL that is not ours is taken as an accident, up to a number.
  if (!worker.timed_out && !worker.closed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
      worker.kills++ < most_accidents)
    return none;
  if (replicate != Beacon::idle && beacon.reason != Beacon::Reason::out_of_memory)
    return {beacon.point, replicate};
  if (beacon.reason == Beacon::Reason::out_of_memory && worker.is_at_first_task()) {
    const auto& task = worker.sent.front();
    return {task.point, replicate != Beacon::idle ? replicate : first_not_lost(task)};
  }
  // Memory may have been lost to the chunks before: what counts is what happens in a new process.
  if (beacon.reason == Beacon::Reason::out_of_memory) return none;
  // Outside of a run, as when a heap that one has damaged is used again: it was the last one, if
  // this happens every time.
  if (++worker.futile < most_futile || beacon.last == Beacon::idle) return none;
  worker.futile = 0;
  return {beacon.last_point, beacon.last};
}

std::string Pool::describe(const Worker& worker, int status, std::uint64_t most_memory) const {
  const auto memory = options_.memory(worker.beacon->point);
  const auto limit = fmt::format("train.memory is {}", in_units(memory));
  if (worker.garbled) return "wrote into the descriptors of its process; killed";
  if (worker.closed || worker.beacon->reason == Beacon::Reason::lost_files)
    return "closed the descriptors of its process";
  if (worker.beacon->reason == Beacon::Reason::out_of_memory)
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

void Pool::lose(Worker& worker, const RunName& run, const std::string& end) {
  const auto task = std::find_if(worker.sent.begin(), worker.sent.end(), [&](const Task& t) {
    return t.point == run.point && t.first <= run.replicate && run.replicate < t.first + t.count;
  });
  if (task == worker.sent.end()) return;
  const auto elapsed =
      Clock::now().time_since_epoch() - std::chrono::nanoseconds(worker.beacon->since);
  Run lost{.replicate = run.replicate, .status = Status::crashed, .reason = end};
  lost.train_seconds = std::chrono::duration<double>(elapsed).count();
  if (worker.beacon->reason == Beacon::Reason::out_of_memory) lost.status = Status::failed;
  if (worker.timed_out) {
    lost.status = Status::timeout;
    lost.reason = fmt::format("longer than {} s; killed", limit(worker));
  }
  if (const auto words = last_lines(worker.log); !words.empty())
    lost.reason += "; last output: " + words;
  task->lost.push_back(std::move(lost));
}

double Pool::limit(const Worker& worker) const { return options_.timeout(worker.beacon->point); }

void Pool::enforce_timeouts() {
  const auto now =
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
  for (auto& worker : workers_) {
    if (!worker->alive() || worker->sent.empty() || worker->timed_out) continue;
    if (worker->beacon->replicate == Beacon::idle) continue;
    const double seconds = limit(*worker);
    if (seconds <= 0 || double(now - worker->beacon->since) * 1e-9 < seconds + grace_seconds)
      continue;
    worker->timed_out = true;
    kill_group(worker->pid);
  }
}

void Pool::wait(std::vector<Worker*>& readable) {
  std::vector<pollfd> files;
  std::vector<Worker*> owners;
  for (auto& worker : workers_) {
    if (!worker->alive()) continue;
    files.push_back({worker->results, POLLIN, 0});
    owners.push_back(worker.get());
    if (worker->unsent.empty()) continue;
    files.push_back({worker->tasks, POLLOUT, 0});
    owners.push_back(worker.get());
  }
  if (::poll(files.data(), files.size(), 50) <= 0) return;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].revents == 0) continue;
    if (files[i].events == POLLOUT)
      send(*owners[i]);
    else
      readable.push_back(owners[i]);
  }
}

bool Pool::busy() const {
  if (!again_.empty()) return true;
  return std::any_of(workers_.begin(), workers_.end(),
                     [](const auto& w) { return !w->sent.empty(); });
}

bool Pool::run(const NextTask& next, const OnResult& on_result, const std::function<void()>& idle,
               const volatile std::sig_atomic_t& stop) {
  next_ = next;
  for (auto& worker : workers_) feed(*worker);
  auto last_idle = Clock::now();
  while (busy() && !stop) {
    std::vector<Worker*> readable;
    wait(readable);
    for (auto* worker : readable) receive(*worker, on_result);
    enforce_timeouts();
    for (auto& worker : workers_) feed(*worker);
    if (Clock::now() - last_idle < std::chrono::milliseconds(50)) continue;
    reap(on_result);
    idle();
    last_idle = Clock::now();
  }
  return !stop;
}

}  // namespace descent
