#pragma once
// Keeps Discord's list of our commands as declared, and writes only where it differs.
#include "actors/interactions/command_ids.hpp"
#include "infra/inspect/instrumented_context.hpp"
#include "infra/settings/catalog.hpp"
#include "messages/commands.hpp"
#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hearth {

/// Spawned once by main; stops by an exit message. One registration at a time, in the background:
/// a GET, a comparison, and a PUT only on a difference (200 creations a day and guild are all that
/// Discord allows). Nothing is stored: Discord's own list is what is compared with.
class command_registrar final : public instrumented<command_registrar_actor::base> {
public:
  /// @param texts Outlives the actor.
  /// @param ids Filled with the ids that Discord gives.
  /// @param retry_ms First wait after a failure that may pass; doubles to 16 times that.
  command_registrar(caf::actor_config& config, rest_actor rest, const catalog& texts,
                    std::shared_ptr<command_ids> ids, int64_t retry_ms = 30'000);
  const char* name() const override { return "command_registrar"; }

protected:
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct scope {
    std::vector<std::string> features;
    bool queued = false;
    uint32_t failures = 0;
  };

  void queue_up(guild_id guild);
  void next();
  void ask_present();
  void on_present(const rest_response& response);
  void write(std::string body);
  void on_written(const rest_response& response);
  void on_failure(const std::string& what, bool may_pass);
  void done();
  std::string path() const;

  rest_actor rest_;
  const catalog& texts_;
  std::shared_ptr<command_ids> ids_;
  int64_t retry_ms_;
  application_id application_;
  std::map<guild_id, scope> scopes_;
  std::deque<guild_id> queue_;
  bool busy_ = false;
  guild_id current_; ///< The scope at work while busy.
};

} // namespace hearth
