// What survives the process, and how it stops.
#include "actors/gateway/gateway_shard_impl.hpp"
#include "infra/gateway/private_file_context.hpp"
#include <chrono>
#include <spdlog/spdlog.h>

namespace hearth {
namespace {

constexpr size_t session_bytes_max = size_t{256} << 20;
constexpr size_t identifies_bytes_max = size_t{1} << 20;

/// Real time: Discord counts real days, whatever a simulator's clock says.
int64_t wall_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

} // namespace

session_place gateway_shard::place() const {
  return {options_.api, options_.shard, options_.shards, intents_};
}

std::string gateway_shard::file(const char* suffix) const {
  return options_.folder + "/gateway-" + std::to_string(options_.shard) + suffix;
}

// -- IDENTIFYs of the last day ------------------------------------------------------------------

std::vector<int64_t> gateway_shard::load_identifies() {
  if (options_.folder.empty())
    return {};
  auto text = padded_buffer{};
  if (!read_private_file(file(".identifies"), identifies_bytes_max, text))
    return {};
  const auto now_ms = wall_ms();
  auto ages = decode_identifies(text.text().view(), now_ms);
  for (const auto age : ages)
    identifies_ms_.push_back(now_ms - age);
  return ages;
}

/// Written before the IDENTIFY leaves: a crash loop must find its own traces.
void gateway_shard::note_identify() {
  identifies_ms_.push_back(0);
  note_identify_read();
}

/// Written again with the answer: Discord counts from when it read it, see gateway_session.
void gateway_shard::note_identify_read() {
  if (options_.folder.empty())
    return;
  const auto now_ms = wall_ms();
  identifies_ms_.back() = now_ms;
  const auto text = encode_identifies(identifies_ms_, now_ms);
  if (const auto why = write_private_file(file(".identifies"), text, false); !why.empty())
    spdlog::error("gateway: the count of session starts is not kept: {}", why);
}

// -- the session --------------------------------------------------------------------------------

/// Takes what the last orderly stop left; it is deleted at once, so that it is used at most once.
resume_point gateway_shard::load_session() {
  auto text = padded_buffer{};
  if (options_.folder.empty() || !read_private_file(file(".session"), session_bytes_max, text))
    return {};
  remove_private_file(file(".session"));
  saved_ = decode_session(text.text());
  if (!saved_)
    spdlog::warn("gateway: the saved session cannot be read; starting a new one");
  else if (saved_->place != place())
    saved_.reset(); // other intents, other Discord: not ours to resume
  if (!saved_)
    return {};
  return saved_->point;
}

/// Discord replays the saved session, so its caches are what the replay builds upon.
void gateway_shard::apply_saved() {
  auto saved = std::move(*saved_);
  saved_.reset();
  application_ = saved.application;
  router_.restore(saved.user, std::move(saved.user_name), std::move(saved.guilds),
                  saved.unavailable);
  introduce_bot(router_.known());
}

void gateway_shard::save_session() {
  if (options_.folder.empty() || !session_.point().usable() || !router_.self())
    return;
  auto session = saved_session{};
  session.place = place();
  session.point = session_.point();
  session.user = router_.self();
  session.user_name = router_.self_name();
  session.application = application_;
  session.unavailable = router_.unavailable();
  const auto text = encode_session(session, router_.snapshots());
  if (const auto why = write_private_file(file(".session"), text, true); !why.empty())
    spdlog::error("gateway: the session is not kept: {}", why);
  else
    spdlog::info("gateway: the session is kept for the next start");
}

// -- stopping -----------------------------------------------------------------------------------

caf::result<shard_stopped> gateway_shard::on_stop(const stop_shard& how) {
  if (stop_promise_)
    return make_error(errc::stopping);
  auto promise = make_response_promise<shard_stopped>();
  stop_promise_ = promise;
  keep_session_ = how.resumable;
  flush();
  act(session_.stop(now(), how.resumable));
  return promise;
}

/// The socket is gone. Events that wait for their guild's actor get a moment: a session may only be
/// kept when everything up to its last sequence number was handed over.
void gateway_shard::finish_stop(bool in_time) {
  if (!stop_promise_)
    return;
  if (in_time && keep_session_ && !holding_ && !all_delivered()) {
    if (!stop_by_ms_)
      stop_by_ms_ = now().now_ms + options_.stop_ms_max;
    return;
  }
  stop_by_ms_.reset();
  if (keep_session_ && !saved_ && !holding_ && all_delivered())
    save_session();
  else if (keep_session_ && session_.point().usable())
    spdlog::warn("gateway: the session is not kept: not all of it was handed over");
  stop_promise_->deliver(shard_stopped{});
  stop_promise_.reset();
  caf::anon_send_exit(self_, caf::exit_reason::user_shutdown); // quit() is not for callbacks
}

} // namespace hearth
