#include "infra/inspect/actor_figures.hpp"
#include <array>
#include <cctype>

namespace hearth {
namespace {

bool is_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

} // namespace

std::string message_name(std::string_view demangled) {
  if (demangled.substr(0, 1) == "@")
    return std::string{demangled.substr(1)};
  constexpr auto wrapper = std::string_view{"std::shared_ptr<"};
  const auto wrapped = demangled.substr(0, wrapper.size()) == wrapper;
  if (wrapped)
    demangled.remove_prefix(wrapper.size());
  // The first name with its namespaces, up to a template's arguments or the end.
  auto end = size_t{0};
  while (end < demangled.size() && (is_part(demangled[end]) || demangled[end] == ':'))
    ++end;
  auto name = demangled.substr(0, end);
  if (const auto last = name.rfind(':'); last != std::string_view::npos)
    name.remove_prefix(last + 1);
  return name.empty() ? std::string{demangled} : std::string{name};
}

} // namespace hearth
