#pragma once
// What the acting half of the simulator remembers beside the world: files, nonces, interactions in
// flight, the journal, faults, open pages. One per simulator, on its thread.
#include "discord-sim/attachments.hpp"
#include "discord-sim/core.hpp"
#include "discord-sim/endpoint_courier.hpp"
#include "discord-sim/faults.hpp"
#include "discord-sim/interaction_desk.hpp"
#include "discord-sim/journal.hpp"
#include "discord-sim/pages.hpp"

namespace sim {

/// First message of each nonce that was to be enforced (discord-api 2.4).
struct nonce_entry {
  snowflake message = 0;
  steady::time_point at;
};

struct activity {
  explicit activity(sim::core& c)
      : core(c), desk(*this), endpoints(*this), pages(c), faults(*this) {}
  activity(const activity&) = delete;
  activity& operator=(const activity&) = delete;

  sim::core& core;
  attachment_store files;
  std::map<std::string, nonce_entry> nonces; ///< key: bot, channel, nonce
  std::map<std::pair<snowflake, snowflake>, std::vector<unix_ms>>
      command_creates; ///< by application and guild (0 = global): the 200 of a day (3.4)
  std::map<snowflake, int> dead_webhooks; ///< calls to webhooks that are not there
  journal log;
  interaction_desk desk;
  endpoint_courier endpoints;
  page_sockets pages;
  fault_box faults;
};

// Each part's routes, in its own file.
void add_message_routes(activity& a);
void add_pin_routes(activity& a);
void add_reaction_routes(activity& a);
void add_dm_routes(activity& a);
void add_cdn_routes(activity& a);
void add_command_routes(activity& a);
void add_interaction_routes(activity& a);
void add_webhook_routes(activity& a);
void add_thread_routes(activity& a);
void add_control_routes(activity& a);

} // namespace sim
