// SPDX-License-Identifier: MIT
#include "slurm/cluster.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "cli/program.h"
#include "shell.h"

namespace descent {
namespace {

using Clock = std::chrono::steady_clock;

const std::string path_of_daemons = "PATH=/usr/sbin:/sbin:$PATH";

bool is_free(int port) {
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(std::uint16_t(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(file, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(file);
  return free;
}

// The first of so many in a row, below those that the system hands out itself.
int free_ports(int count) {
  std::random_device random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int first = 20'000 + int(random() % 1'000) * 10;
    int found = 0;
    while (found < count && is_free(first + found)) ++found;
    if (found == count) return first;
  }
  throw std::runtime_error("no free ports");
}

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

}  // namespace

std::string SlurmCluster::objection() {
  if (::geteuid() != 0) return "a Slurm cluster needs root";
  for (const std::string program : {"munged", "slurmctld", "slurmd", "sbatch", "squeue"})
    if (shell(path_of_daemons + " command -v " + program).code != 0)
      return program + " is not there: apt-get install slurmctld slurmd slurm-client munge";
  if (shell("unshare --mount --uts --pid --fork --mount-proc true").code != 0)
    return "namespaces are not allowed here";
  return "";
}

SlurmCluster::SlurmCluster(int nodes, int cpus)
    : configuration_(folder_.path("slurm.conf")), nodes_(nodes) {
  write_configuration(nodes, cpus);
  std::ofstream(folder_.path("key")) << std::string(128, 'k') << ::getpid();
  ::chmod(folder_.path("key").c_str(), 0600);
  ::chmod(folder_.path().c_str(), 0755);
  launch("munged",
         "munged --foreground --force --key-file=key --socket=munge.sock --pid-file=munge.pid "
         "--log-file=munged.log --seed-file=munge.seed",
         false);
  if (!wait_for("munge -n -S " + folder_.path("munge.sock") + " </dev/null", "MUNGE:", 60))
    throw std::runtime_error("munged does not answer: " + ask("tail -5 munged*"));
  start("controller");
  for (int i = 1; i <= nodes; ++i) start("n" + std::to_string(i));
  if (!is_idle())
    throw std::runtime_error("the nodes are not ready: " + ask("sinfo; tail -5 *.log"));
}

bool SlurmCluster::is_idle() const {
  return wait_for("sinfo -h -o %D,%T", std::to_string(nodes_) + ",idle", 180);
}

SlurmCluster::~SlurmCluster() {
  while (!daemons_.empty()) cut(daemons_.rbegin()->first);
}

void SlurmCluster::write_configuration(int nodes, int cpus) {
  const int port = free_ports(nodes + 1);
  for (const std::string name : {"state", "spool"})
    std::filesystem::create_directory(folder_.path(name));
  std::ofstream hosts(folder_.path("hosts"));
  hosts << "127.0.0.1 localhost controller\n";
  std::ofstream conf(configuration_);
  conf << "ClusterName=test\nSlurmctldHost=controller(127.0.0.1)\nSlurmctldPort=" << port
       << "\nSlurmUser=root\nSlurmdUser=root\nAuthType=auth/munge\nCredType=cred/munge\n"
       // A job that is queued again waits as long as its old credential is valid.
       << "AuthInfo=socket=" << folder_.path("munge.sock") << ",cred_expire=5\n"
       << "CommunicationParameters=NoInAddrAny,NoCtldInAddrAny\n"
       << "StateSaveLocation=" << folder_.path("state")
       << "\nSlurmdSpoolDir=" << folder_.path("spool/%n")
       << "\nSlurmctldPidFile=" << folder_.path("controller.pid")
       << "\nSlurmdPidFile=" << folder_.path("%n.pid")
       << "\nSlurmctldLogFile=" << folder_.path("controller.log")
       << "\nSlurmdLogFile=" << folder_.path("slurmd-%n.log")
       << "\nProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nSwitchType=switch/none\n"
          "MpiDefault=none\nJobAcctGatherType=jobacct_gather/none\n"
          "AccountingStorageType=accounting_storage/none\nJobCompType=jobcomp/none\n"
          "MailProg=/bin/true\nPropagateResourceLimits=NONE\nSelectType=select/cons_tres\n"
          "SelectTypeParameters=CR_Core_Memory,CR_LLN\nDefMemPerCPU=50\n"
          "SchedulerType=sched/backfill\n"
          "SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,"
          "bf_interval=5\n"
          "SlurmdParameters=config_overrides\nMinJobAge=3600\nJobRequeue=1\nReturnToService=2\n"
          "SlurmdTimeout=5\nMessageTimeout=5\nKillWait=3\n";
  for (int i = 1; i <= nodes; ++i) {
    hosts << "127.0.0.1 n" << i << '\n';
    conf << "NodeName=n" << i << " NodeAddr=127.0.0.1 Port=" << port + i << " CPUs=" << cpus
         << " RealMemory=4000 State=UNKNOWN\n";
    std::filesystem::create_directory(folder_.path("spool/n" + std::to_string(i)));
  }
  conf << "TaskProlog=" << folder_.path("prolog") << '\n';
  std::ofstream(folder_.path("prolog")) << "#!/bin/sh\ncat " << folder_.path("environment-")
                                        << "$SLURMD_NODENAME 2>/dev/null\ntrue\n";
  ::chmod(folder_.path("prolog").c_str(), 0755);
  conf << "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP\n";
  std::ofstream(folder_.path("cgroup.conf")) << "CgroupPlugin=cgroup/v1\n";
}

// In a namespace, the shell is process 1 and reaps what jobs leave behind; when unshare is killed,
// all of the namespace ends with it.
void SlurmCluster::launch(const std::string& name, const std::string& command, bool has_namespace) {
  const auto folder = folder_.path().string();
  auto line = "cd " + descent::quoted(folder) + " && " + path_of_daemons +
              " && export PATH SLURM_CONF=" + descent::quoted(configuration_) + " && ";
  if (has_namespace)
    line += "exec unshare --mount --uts --pid --fork --kill-child=KILL --mount-proc sh -c " +
            descent::quoted("echo " + name +
                            " >/proc/sys/kernel/hostname && mount --bind hosts /etc/hosts "
                            "&& { " +
                            command + " & wait $!; }");
  else
    line += "exec " + command;
  const auto log = folder_.path(name + ".out");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::close_range(3, ~0u, 0);
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  daemons_[name] = pid;
}

std::map<std::string, std::string> SlurmCluster::environment() const {
  return {{"SLURM_CONF", configuration_}};
}

void SlurmCluster::set(const std::string& node, const std::string& assignment) const {
  std::ofstream(folder_.path("environment-" + node)) << "export " << assignment << '\n';
}

void SlurmCluster::repair() {
  for (int i = 1; i <= nodes_; ++i) {
    const auto node = "n" + std::to_string(i);
    std::filesystem::remove(folder_.path("environment-" + node));
    if (daemons_.contains(node))
      signal_daemon(node, SIGCONT);
    else
      start(node);
  }
  if (!daemons_.contains("controller")) start("controller");
  ask("scancel -u root; scontrol update nodename=ALL state=resume");
  wait_for("squeue -h | wc -l | sed s/^0$/none/", "none", 120);
  if (!is_idle())
    throw std::runtime_error("the cluster did not recover: " + ask("squeue; sinfo -R"));
}

std::string SlurmCluster::ask(const std::string& line) const {
  return shell("cd " + descent::quoted(folder_.path().string()) + " && " + path_of_daemons +
               " && export SLURM_CONF=" + descent::quoted(configuration_) + " && { " + line + "\n}")
      .text;
}

bool SlurmCluster::wait_for(const std::string& line, const std::string& text, int seconds) const {
  for (const auto end = Clock::now() + std::chrono::seconds(seconds); Clock::now() < end; pause())
    if (ask("timeout 5 " + line).find(text) != std::string::npos) return true;
  return false;
}

void SlurmCluster::start(const std::string& name) {
  if (name != "controller") return launch(name, "slurmd -D -b -N " + name, true);
  launch(name, "slurmctld -D -i", true);
  if (!wait_for("scontrol ping", "is UP", 120))
    throw std::runtime_error("slurmctld does not answer: " + ask("tail -5 controller.*"));
}

void SlurmCluster::cut(const std::string& name) {
  const auto found = daemons_.find(name);
  if (found == daemons_.end()) return;
  const auto inside = children_of(found->second);
  ::kill(found->second, SIGKILL);
  ::waitpid(found->second, nullptr, 0);
  const auto end = Clock::now() + std::chrono::seconds(10);
  for (const auto pid : inside)
    while (is_running(pid) && Clock::now() < end) pause();
  daemons_.erase(found);
}

void SlurmCluster::signal_daemon(const std::string& node, int signal) const {
  for (const auto shell : children_of(daemons_.at(node)))
    for (const auto daemon : children_of(shell)) ::kill(daemon, signal);
}

}  // namespace descent
