// SPDX-License-Identifier: MIT
#include "cli/cli.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>

#include "base/build.h"
#include "base/error.h"
#include "base/floating_point.h"
#include "base/suggestion.h"
#include "cli/command.h"

// Of OpenBLAS builds with threads; the serial one has it too and does nothing.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);

namespace descent::cli {
namespace {

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> all{&run_command,     &plan_command,   &sql_command,
                                               &show_command,    &export_command, &compare_command,
                                               &plugins_command, &merge_command,  &schema_command};
  return all;
}

void print_usage(std::ostream& out) {
  out << "descent: what does this loss, this optimizer, this regularizer do to learning?\n\n"
         "usage: descent COMMAND ... | --help | --version\n\n";
  for (const auto* command : commands())
    out << fmt::format("  {:<9}{}\n", command->name, command->summary);
  out << "\nEvery command has --help with an example. Exit codes: 0 all done, 1 some runs ended\n"
         "other than done, 2 usage, experiment or plugin error, 3 store error, 130 interrupted.\n\n"
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

// What plugins print when they are unloaded is not part of it.
void close_output() {
  std::cout.flush();
  if (!std::cout) throw Error("the output could not be written; is the disk full?");
  std::fflush(stdout);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

}  // namespace

// The one place that catches: whatever reaches it is told in full, and never as a bare exception.
int run_command_line(int argc, char** argv) {
  if (openblas_set_num_threads) openblas_set_num_threads(1);  // workers are processes
  set_standard_floating_point();  // a library of LD_PRELOAD may have changed it
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error to be told
  try {
    const int code = dispatch({argv + 1, argv + argc});
    close_output();
    return code;
  } catch (const StoreError& error) {
    std::cerr << error.what() << '\n';
    return store_error;
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return usage_error;
  } catch (const std::bad_alloc&) {
    std::cerr << "error: there is not enough memory for this; ask for smaller data or models, or "
                 "for fewer points at a time\n";
    return usage_error;
  } catch (const std::exception& error) {
    std::cerr
        << "error: descent itself failed: " << error.what()
        << "\nThis is a bug; please report it with the command line and the experiment file.\n";
    return usage_error;
  }
}

}  // namespace descent::cli
