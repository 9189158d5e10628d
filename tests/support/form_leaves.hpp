#pragma once
// Reading 50035 trees in tests.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sim_test {

/// "path CODE" of every leaf below a node, in the order of its keys.
inline std::vector<std::string> leaves(const nlohmann::json& node, const std::string& at = "") {
  std::vector<std::string> found;
  if (node.contains("_errors"))
    for (const auto& leaf : node["_errors"])
      found.push_back(at + " " + leaf["code"].get<std::string>());
  for (const auto& [key, child] : node.items())
    if (key != "_errors")
      for (auto& leaf : leaves(child, at.empty() ? key : at + "." + key))
        found.push_back(leaf);
  return found;
}

/// The first leaf of a 50035 body, "" when it has none.
inline std::string first_leaf(const nlohmann::json& body) {
  const auto errors = body.find("errors");
  if (errors == body.end())
    return "";
  const auto found = leaves(*errors);
  return found.empty() ? "" : found.front();
}

} // namespace sim_test
