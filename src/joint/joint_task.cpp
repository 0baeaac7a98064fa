#include "joint/joint_task.hpp"

#include <algorithm>

#include "joint/joint_archive.hpp"
#include "parallel/marked_bytes.hpp"
#include "parallel/sample.hpp"
#include "statistics/statistics_archive.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kJointTask = "joint run";
constexpr std::string_view kJointSumsKind = "joint sums";

}  // namespace

std::string to_bytes(const JointTask& task) {
  return to_marked_bytes(kJointTask, [&](auto& archive) {
    archive(to_json(task.network), task.options, task.inputs, task.first, task.chunks);
  });
}

JointTask joint_task_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kJointTask, bytes, [](auto& archive) {
    std::string network;
    archive(network);
    JointTask task{network_from_json(network), {}, {}, 0, 0};
    archive(task.options, task.inputs, task.first, task.chunks);
    return task;
  });
}

std::string to_bytes(const OrderedJointSums& sums) {
  return to_marked_bytes(kJointSumsKind, [&](auto& archive) { archive(sums); });
}

OrderedJointSums ordered_sums_from_bytes(const JointSampler& sampler, std::string_view bytes) {
  return from_marked_bytes(kJointSumsKind, bytes, [&](auto& archive) {
    OrderedJointSums sums = sampler.sums();
    archive(sums);
    return sums;
  });
}

OrderedJointSums perform(const JointTask& task, const std::function<bool()>& stop) {
  const JointSampler sampler(task.network, task.options, task.inputs, 1);
  OrderedJointSums sums = sampler.sums(task.first);
  append_chunks(sampler, sums, task.first + task.chunks, stop);
  return sums;
}

std::uint64_t most_chunks_a_task(const JointSampler& sampler) {
  OrderedJointSums one = sampler.sums();
  one.append(sampler.sums().total());
  // A chunk's histogram may take that much more than its bytes while it is counted in.
  constexpr double kHistogram = 8192;
  const double bytes =
      static_cast<double>(to_bytes(one).size()) + kHistogram * static_cast<double>(sampler.options().pairs.size());
  return static_cast<std::uint64_t>(std::max(1.0, std::min(0x1p20 / bytes, 0x1p31 / sampler.chunk_updates())));
}

std::string run_joint_task(const std::string& task) { return to_bytes(perform(joint_task_from_bytes(task))); }

bool is_joint_task(std::string_view bytes) { return bytes.starts_with(mark_of(kJointTask)); }

JointEnsemble simulate_jointly(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, const Progress& progress,
                               WorkerPool& pool) {
  const JointSampler sampler(network, options, inputs, 1);
  return sample(
      sampler, pool, most_chunks_a_task(sampler),
      [&](std::uint64_t first, std::uint64_t chunks) {
        return to_bytes(JointTask{network, sampler.options(), inputs, first, chunks});
      },
      [&](const std::string& result) { return ordered_sums_from_bytes(sampler, result); }, progress);
}

}  // namespace initlaw
