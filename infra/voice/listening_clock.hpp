#pragma once
// Who listens since when, cut into slices that are committed one after the other: a crash loses at
// most the slice that is under way, and a store that stalls loses nothing. Pure.
#include "messages/ambience.hpp"
#include <cstddef>
#include <map>
#include <vector>

namespace hearth {

class listening_clock {
public:
  /// Longest slice that is believed: of more nobody was watching (a suspended machine, a clock that
  /// jumped).
  static constexpr int64_t slice_ms_max = 300'000;
  /// Slices that wait for a store; the oldest go.
  static constexpr size_t waiting_max = 4'096;

  /// From now on exactly these listen.
  void update(instant now, const std::vector<user_id>& listeners);
  /// Ends the slices under way and begins the next ones.
  void cut(instant now);

  /// Not committed yet, oldest first.
  const std::vector<listening_slice>& waiting() const noexcept { return waiting_; }
  /// The first `count` of them are on disk.
  void committed(size_t count);
  size_t listeners() const noexcept { return since_.size(); }

private:
  void end(user_id user, instant since, instant now);

  std::map<user_id, instant> since_;
  std::vector<listening_slice> waiting_;
};

} // namespace hearth
