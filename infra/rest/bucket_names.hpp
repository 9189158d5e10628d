#pragma once
// Buckets whose hash Discord changes while they are in use. Pure; time is steady milliseconds given
// by the caller. Source: discord-api 2.3.
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hearth {

/// Which bucket a hash means. A new hash with the limit of the one that a request was sent under is
/// taken for the same bucket renamed, so that what was used of its window stays used, in all
/// channels and for all routes. That was wrong when the former name comes back for a request that
/// left later: then both are buckets.
class bucket_names {
public:
  /// The name under which the bucket of an answer is kept.
  /// @param told The hash in the answer, and its `limit`.
  /// @param sent_at When the request left. @param sent_under Names kept that it may have counted
  /// in.
  std::string kept_name(const std::string& told, uint32_t limit, int64_t sent_at,
                        const std::vector<std::string>& sent_under, int64_t now);
  /// The same for a hash that `kept_name` has seen.
  const std::string& known(const std::string& told) const;
  /// The limit last told for a kept name, 1 when none was.
  uint32_t limit_of(const std::string& kept) const;
  /// Forgets all when more than `names_max` are held; they are learnt anew.
  void sweep(size_t names_max);

private:
  struct last_name {
    std::string name;
    int64_t since_ms = 0;
  };
  std::unordered_map<std::string, uint32_t> limits_;     ///< By name kept.
  std::unordered_map<std::string, std::string> renamed_; ///< Later name -> name kept.
  std::unordered_map<std::string, last_name> last_;      ///< By name kept.
  std::unordered_set<std::string> distinct_;             ///< Were wrongly taken for new names.
};

} // namespace hearth
