#include "discord-sim/journal.hpp"

namespace sim {

void journal::add(unix_ms now, std::string kind, const json& detail) {
  // Text instead of a tree: a fifth of the memory.
  entries_.push_back(
      {next_++, now, std::move(kind), detail.dump(-1, ' ', false, json::error_handler_t::replace)});
  if (entries_.size() > entries_max)
    entries_.pop_front();
}

json journal::since(std::uint64_t number, std::string_view kind, std::size_t limit) const {
  auto list = json::array();
  const auto first = entries_.empty() ? next_ : entries_.front().number;
  const auto skip = number + 1 > first ? number + 1 - first : 0;
  for (auto i = static_cast<std::size_t>(skip); i < entries_.size() && list.size() < limit; ++i) {
    const auto& entry = entries_[i];
    if (!kind.empty() && entry.kind != kind)
      continue;
    auto line = json::parse(entry.detail);
    line["n"] = entry.number;
    line["at_ms"] = entry.at;
    line["kind"] = entry.kind;
    list.push_back(std::move(line));
  }
  return {{"first", first}, {"last", next_ - 1}, {"entries", std::move(list)}};
}

} // namespace sim
