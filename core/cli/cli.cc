// SPDX-License-Identifier: MIT
#include "cli/cli.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <system_error>

#include "base/build.h"
#include "base/error.h"
#include "base/floating_point.h"
#include "base/machine_fault.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "cli/command.h"

// Of OpenBLAS builds with threads; the serial one has it too and does nothing.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);

namespace descent::cli {
namespace {

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> all{
      &run_command,     &plan_command,   &data_command,   &sql_command,     &show_command,
      &report_command,  &plot_command,   &export_command, &compare_command, &plugins_command,
      &merge_command,   &schema_command, &submit_command, &share_command,   &status_command,
      &predict_command, &model_command};
  return all;
}

void print_usage(std::ostream& out) {
  out << "descent: measure what a loss, an optimizer or a regularizer does to learning\n\n"
         "usage: descent COMMAND ... | --help | --version\n\n";
  for (const auto* command : commands())
    out << fmt::format("  {:<9}{}\n", command->name, command->summary);
  out << "\nEvery command has --help with an example. Exit codes: 0 all done, 1 some runs ended\n"
         "other than done, 2 usage, experiment or plugin error, 3 store error, 130 interrupted;\n"
         "of submit also 4 a round waits to be run by hand, 5 the scheduler refused.\n\n"
         "example:\n  descent run experiments/optimizers.yaml --db results.db\n";
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    print_usage(std::cerr);
    return usage_error;
  }
  const auto& word = arguments.front();
  if (word == "--help" || word == "-h" || word == "help") {
    print_usage(std::cout);
    return all_done;
  }
  if (word == "--version") {
    std::cout << "descent " << version() << " (" << compiler() << ")\n";
    return all_done;
  }
  std::vector<std::string> names;
  for (const auto* command : commands()) {
    if (command->name == word) return command->run({arguments.begin() + 1, arguments.end()});
    names.push_back(command->name);
  }
  throw Error(fmt::format("command '{}' is not known{}", word, did_you_mean(word, names)));
}

// A closed standard stream would give its number to the next file that is opened, and what is
// printed would end up there. A folder takes its place: writing to it fails, and is reported.
void occupy_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) ::open("/", O_RDONLY | O_DIRECTORY);
}

// The main thread's stack grows up to the limit of the moment, so raising the limit helps at once.
void raise_stack_limit() {
  constexpr rlim_t enough = 1 << 20, usual = 8 << 20;
  rlimit stack{};
  if (::getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur >= enough) return;
  stack.rlim_cur = std::min(stack.rlim_max, usual);
  ::setrlimit(RLIMIT_STACK, &stack);
  if (stack.rlim_cur < enough)
    throw Error(
        fmt::format("the stack is limited to {} kB, and descent needs {} kB; raise the "
                    "limit: ulimit -s {}",
                    stack.rlim_cur / 1024, enough / 1024, usual / 1024));
}

// Some file systems report only when a file is closed that it could not be written.
bool reports_at_close(int file) {
  const int copy = ::dup(file);
  return copy >= 0 && ::close(copy) != 0;
}

constexpr auto not_enough_memory =
    "error: not enough memory; use smaller data or models, or fewer points at a time\n";

volatile std::sig_atomic_t memory_ran_out = 0;  // for the handler, which takes no argument

// Where memory runs out in a function that is noexcept, no catch is reached: destructors and
// comparisons of nlohmann::json and folder iterators of libstdc++ 12 allocate in such functions.
void report_memory_that_ran_out_in_noexcept() {
  std::set_new_handler([] {
    memory_ran_out = 1;
    throw std::bad_alloc();
  });
  std::set_terminate([] {
    // A noexcept function that was inlined terminates before the exception counts as caught.
    if (memory_ran_out == 0 || (!std::current_exception() && std::uncaught_exceptions() == 0))
      __gnu_cxx::__verbose_terminate_handler();
    std::fputs(not_enough_memory, stderr);  // without a buffer
    ::_exit(usage_error);  // a store is as whole as after any other end of the process
  });
}

// Asks stdout, too: what was flushed before a fork and failed there is not std::cout's own.
// What plugins print when they are unloaded is not part of the output.
void close_output() {
  std::cout.flush();
  std::fflush(stdout);
  if (!std::cout || std::ferror(stdout) || reports_at_close(STDOUT_FILENO))
    throw Error(
        "the output could not be written: the disk is full, or standard output is closed; free "
        "some space or write elsewhere, and repeat the command: stored results are kept");
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

}  // namespace

// The one place that catches: every error is reported in full, never as a bare exception.
int run_command_line(int argc, char** argv) {
  occupy_closed_streams();
  if (openblas_set_num_threads) openblas_set_num_threads(1);  // workers are processes
  set_standard_floating_point();  // a library of LD_PRELOAD may have changed it
  report_memory_that_ran_out_in_noexcept();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to report
  try {
    raise_stack_limit();
    const int code = dispatch({argv + 1, argv + argc});
    close_output();
    return code;
  } catch (const StoreError& error) {
    std::cerr << printable_lines(error.what()) << '\n';
    return store_error;
  } catch (const Error& error) {
    std::cerr << printable_lines(error.what()) << '\n';
    return usage_error;
  } catch (const std::bad_alloc&) {
    std::cerr << not_enough_memory;
    return usage_error;
  } catch (const std::system_error& error) {
    std::cerr << "error: " << printable_lines(describe_fault(error)) << '\n';
    return usage_error;
  } catch (const std::exception& error) {
    std::cerr
        << "error: descent itself failed: " << printable_lines(error.what())
        << "\nThis is a bug; please report it with the command line and the experiment file.\n";
    return usage_error;
  }
}

}  // namespace descent::cli
