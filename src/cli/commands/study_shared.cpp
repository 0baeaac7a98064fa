#include "cli/commands/study_shared.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "cli/process.hpp"
#include "initlaw/version.hpp"
#include "study/cell_task.hpp"

namespace initlaw {

void ThreadsOption::add_to(CLI::App& app) {
  add_text(app, "--threads", text_, "threads (default: all cores; 1 a process under MPI)")->type_name("T");
}

unsigned ThreadsOption::count(const Mpi& mpi) const {
  if (text_.empty()) return mpi.size() > 1 ? 1 : std::max(1u, std::thread::hardware_concurrency());
  const std::uint64_t count = count_of("threads", text_);
  if (count < 1 || count > 1024)
    throw std::invalid_argument(fmt::format("--threads {}: is out of range [1, 1024]", text_));
  return static_cast<unsigned>(count);
}

void add_file(CLI::App& app, std::string& file, const std::string& description) {
  add_text(app, "file", file, description)->required()->type_name("FILE");
}

std::vector<std::filesystem::path> files_of_study(const std::string& file) {
  return {file, file + "-wal", file + "-shm", file + "-journal", file + ".lock"};
}

ExitStatus run_study_watched(Store& store, const Study* study, const Mpi& mpi, unsigned threads) {
  const Interrupt interrupt;
  const auto stop = [&] { return interrupt.requested(); };
  const auto pool = mpi.pool(threads, [&](const std::string& task) { return perform_study_task(task, stop); });
  StudyProgress last{};
  bool finished = false;
  {
    ProgressBar bar(1, "updates", true);
    finished = run_study(store, study, *pool, [&](const StudyProgress& progress) {
      last = progress;
      bar.set_total(progress.work + progress.work_left);
      bar.show(progress.work, fmt::format("{}/{} cells, worst standard error {:.2g}", progress.finished, progress.cells,
                                          progress.worst_std_error));
      return !stop();
    });
  }
  if (!finished && stop()) {
    print(stderr, "{} of {} cells finished\ninitlaw: interrupted; run the same command to go on\n", last.finished,
          last.cells);
    return kInterrupted;
  }
  const Store::Counts counts = store.counts();
  print(stderr, "{} of {} cells finished, {} networks, {:.3g} s of simulation\n", counts.finished, counts.cells,
        counts.samples, counts.seconds);
  if (counts.foreign > 0) {
    print(stderr, "initlaw: {} cells are of another result version than this initlaw's {}, and are left as they are\n",
          counts.foreign, kResultVersion);
  }
  return kDone;
}

}  // namespace initlaw
