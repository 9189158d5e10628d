#include "infra/sound/module_context.hpp"
#include <dlfcn.h>
#include <filesystem>

namespace hearth::sound {

void* open_module(const char* name, std::string& why) {
  auto trouble = std::error_code{};
  const auto program = std::filesystem::read_symlink("/proc/self/exe", trouble);
  const auto file = program.parent_path().parent_path() / "lib" / "hearth" /
                    (std::string("hearth-") + name + ".so");
  auto* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module) {
    why = ::dlerror(); // names the file
    return nullptr;
  }
  auto* entry = ::dlsym(module, (std::string("hearth_") + name).c_str());
  if (!entry)
    why = file.string() + " is not of this version";
  return entry;
}

} // namespace hearth::sound
