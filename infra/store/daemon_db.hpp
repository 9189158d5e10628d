#pragma once
// The database of one run of hearthd: brought to today's schema, and marked while it runs.
#include <string>
#include <vector>

namespace hearth {

/// Opens `<folder>/hearth.db` and migrates it; `<folder>/running` stays until the end was in order.
/// Throws migrate_error, sqlite_error.
class daemon_db {
public:
  explicit daemon_db(const std::string& folder);

  const std::string& path() const noexcept { return path_; }
  /// The folder of its copies.
  const std::string& backups() const noexcept { return backups_; }
  /// The last run did not end in order.
  bool unclean() const noexcept { return unclean_; }
  /// Features that some guild has switched on, as of the start.
  const std::vector<std::string>& switched_on() const noexcept { return switched_on_; }
  void ended_in_order();

private:
  std::string path_, backups_, mark_;
  bool unclean_;
  std::vector<std::string> switched_on_;
};

} // namespace hearth
