#include "infra/root/idle_memory_process.hpp"
#include <ctime>
#include <link.h>
#include <malloc.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace hearth {
namespace {

/// Lets go of one program's or library's segments that nobody can write to: they hold what the file
/// holds. Constants with addresses, which the loader fills in, lie in a writable segment.
int let_go(dl_phdr_info* object, size_t, void*) {
  if (std::string_view{object->dlpi_name}.find("vdso") != std::string_view::npos)
    return 0; // the kernel's own
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (auto i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0)
      continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) / page * page;
    const auto end = (object->dlpi_addr + segment.p_vaddr + segment.p_memsz + page - 1) / page;
    // A refusal does no harm: the pages stay.
    ::madvise(reinterpret_cast<void*>(begin), end * page - begin, MADV_DONTNEED); // NOLINT
  }
  return 0;
}

} // namespace

int64_t process_cpu_ms() {
  auto used = timespec{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return int64_t{used.tv_sec} * 1'000 + used.tv_nsec / 1'000'000;
}

void idle_memory::act(int64_t now_ms, int64_t cpu_ms) {
  if (now_ms < look_at_ms_)
    return;
  const auto used = cpu_ms - std::exchange(cpu_ms_, cpu_ms);
  if (used > calm_cpu_ms_max) {
    look_at_ms_ = now_ms + period_ms;
    return;
  }
  look_at_ms_ = std::numeric_limits<int64_t>::max();
  ::malloc_trim(0);
  ::dl_iterate_phdr(&let_go, nullptr);
}

} // namespace hearth
