#include "discord-sim/world_reader.hpp"
#include "discord-sim/permissions.hpp"
#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace sim {

void fail_at(const std::string& file, const toml::source_region& where, const std::string& reason) {
  throw std::runtime_error(file + ":" + std::to_string(where.begin.line) + ": " + reason);
}

world_reader::world_reader(const toml::table& table, const std::string& file, std::string what,
                           std::initializer_list<std::string_view> keys)
    : table_(table), file_(file), what_(std::move(what)) {
  for (const auto& [key, node] : table_)
    if (std::find(keys.begin(), keys.end(), std::string_view(key)) == keys.end())
      fail_at(file_, node.source(), what_ + ": unknown key '" + std::string(key) + "'");
}

const toml::node* world_reader::find(std::string_view key) const { return table_.get(key); }

void world_reader::fail(std::string_view key, const std::string& reason) const {
  const auto* node = find(key);
  fail_at(file_, node ? node->source() : table_.source(),
          what_ + ": " + std::string(key) + ": " + reason);
}

std::string world_reader::text(std::string_view key, std::string fallback) const {
  const auto* node = find(key);
  if (!node)
    return fallback;
  if (!node->is_string())
    fail(key, "must be a text");
  return node->as_string()->get();
}

std::string world_reader::required(std::string_view key) const {
  auto value = text(key);
  if (value.empty())
    fail(key, "is required");
  return value;
}

std::int64_t world_reader::number(std::string_view key, std::int64_t fallback, std::int64_t low,
                                  std::int64_t high) const {
  const auto* node = find(key);
  if (!node)
    return fallback;
  if (!node->is_integer())
    fail(key, "must be a whole number");
  const auto value = node->as_integer()->get();
  if (value < low || value > high)
    fail(key, "must be between " + std::to_string(low) + " and " + std::to_string(high));
  return value;
}

bool world_reader::flag(std::string_view key, bool fallback) const {
  const auto* node = find(key);
  if (!node)
    return fallback;
  if (!node->is_boolean())
    fail(key, "must be true or false");
  return node->as_boolean()->get();
}

std::uint32_t world_reader::color(std::string_view key) const {
  const auto value = text(key);
  if (value.empty())
    return 0;
  std::uint32_t color = 0;
  const auto [end, error] =
      std::from_chars(value.data() + 1, value.data() + value.size(), color, 16);
  if (value.size() != 7 || value.front() != '#' || error != std::errc{} ||
      end != value.data() + value.size())
    fail(key, "must look like \"#f39c12\"");
  return color;
}

snowflake world_reader::id(std::string_view path) const {
  const auto value = text("id");
  if (!value.empty()) {
    const auto id = parse_id(std::string_view(value));
    if (!id || value.size() < 17 || value.size() > 19)
      fail("id", "must have 17-19 digits");
    return *id;
  }
  return id_of_path(path);
}

snowflake id_of_path(std::string_view path) noexcept {
  // FNV-1a of the path, placed in 2021-2024 so that ids have 18 or 19 digits and a past date.
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : path)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  constexpr std::uint64_t first_ms = 189302400000; // 2021-01-01 in Discord's epoch
  constexpr std::uint64_t span_ms = 94608000000;   // three years
  return (first_ms + (hash >> 12) % span_ms) << 22 | (hash & 0xfff);
}

std::vector<std::string> world_reader::texts(std::string_view key) const {
  std::vector<std::string> result;
  const auto* node = find(key);
  if (!node)
    return result;
  if (!node->is_array())
    fail(key, "must be a list of texts");
  for (const auto& element : *node->as_array()) {
    if (!element.is_string())
      fail(key, "must be a list of texts");
    result.push_back(element.as_string()->get());
  }
  return result;
}

std::uint64_t world_reader::permission_list(const toml::node& node) const {
  if (!node.is_array())
    fail_at(file_, node.source(), what_ + ": must be a list of permission names");
  std::uint64_t bits = 0;
  for (const auto& element : *node.as_array()) {
    const auto name = element.value_or(std::string());
    const auto bit = permission_by_name(name);
    if (bit == 0)
      fail_at(file_, element.source(), what_ + ": '" + name + "' is no permission");
    bits |= bit;
  }
  return bits;
}

std::uint64_t world_reader::permissions(std::string_view key) const {
  const auto* node = find(key);
  return node ? permission_list(*node) : 0;
}

std::map<std::string, std::uint64_t> world_reader::permission_table(std::string_view key) const {
  std::map<std::string, std::uint64_t> result;
  const auto* node = find(key);
  if (!node)
    return result;
  if (!node->is_table())
    fail(key, "must be a table of role names");
  for (const auto& [name, list] : *node->as_table())
    result[std::string(name)] = permission_list(list);
  return result;
}

std::vector<const toml::table*> world_reader::tables(std::string_view key) const {
  std::vector<const toml::table*> result;
  const auto* node = find(key);
  if (!node)
    return result;
  if (!node->is_array())
    fail(key, "must be written as [[" + std::string(key) + "]]");
  for (const auto& element : *node->as_array()) {
    if (!element.is_table())
      fail(key, "must be written as [[" + std::string(key) + "]]");
    result.push_back(element.as_table());
  }
  return result;
}

} // namespace sim
