// The life of a gateway session under any sequence of events: it always knows what comes next.
#include "infra/gateway/session_rules.hpp"
#include "tools/fuzz/fuzz_input.hpp"
#include <algorithm>
#include <utility>

using namespace hearth;
using fuzz::must;

namespace {

struct script {
  std::string_view bytes;
  uint8_t next() {
    if (bytes.empty())
      return 0;
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    return byte;
  }
};

class driven_session {
public:
  explicit driven_session(std::string_view input) : script_{input} {}

  void run() {
    auto saved = resume_point{};
    if (script_.next() % 2 == 1)
      saved = {"saved", "wss://saved", 5};
    obey(session_.start(at(), saved, {}));
    while (!script_.bytes.empty())
      step();
    check();
  }

private:
  moment at() { return {now_, script_.next() / 256.0}; }

  void step() {
    now_ += int64_t{1} << (script_.next() % 16);
    switch (script_.next() % 16) {
    case 0:
      return obey(session_.info(at(), {"wss://gateway", 1, 1000, script_.next(), 1'000, 1}));
    case 1:
      return obey(session_.info_failed(at(), script_.next() == 255));
    case 2:
      return obey(session_.connected(at()));
    case 3:
      return obey(
          session_.disconnected(at(), script_.next() == 0 ? 0 : 4000 + script_.next() % 16));
    case 4:
      return obey(session_.hello(at(), (script_.next() - 1) * int64_t{1'000'000'000'000}));
    case 5:
      return obey(session_.hello(at(), 41'250));
    case 6:
      return obey(session_.heartbeat_ack(at()));
    case 7:
      return obey(session_.heartbeat_asked(at()));
    case 8:
      return obey(session_.reconnect_asked(at()));
    case 9:
      return obey(session_.invalid_session(at(), script_.next() % 2 == 0));
    case 10:
      return obey(session_.ready(at(), "session", "wss://resume"));
    case 11:
      return obey(session_.resumed(at()));
    case 12:
      return obey(session_.garbage(at()));
    case 13:
      session_.dispatch(now_, int64_t{script_.next()} - 1);
      return;
    case 14:
      if (script_.next() == 255)
        obey(session_.stop(at(), true));
      return;
    default:
      if (const auto due = session_.next_wake())
        now_ = std::max(now_, *due);
      obey(session_.tick(at()));
    }
  }

  void obey(const session_actions& actions) {
    const auto before = identifies_;
    for (const auto& action : actions) {
      if (std::holds_alternative<session_do::connect>(action))
        must(!std::exchange(open_, true), "one connection at a time");
      if (std::holds_alternative<session_do::identify>(action)) {
        must(identifies_ == 0 || now_ - identified_ >= 5'000, "five seconds between IDENTIFYs");
        identified_ = now_;
        ++identifies_;
      }
      must(!ended_, "nothing follows the end");
      ended_ = ended_ || std::holds_alternative<session_do::stopped>(action);
    }
    must(identifies_ - before <= 1, "one IDENTIFY at a time");
    const auto phase = session_.phase();
    open_ = phase != session_phase::idle && phase != session_phase::resolving &&
            phase != session_phase::waiting_quota && phase != session_phase::backoff &&
            phase != session_phase::stopped && phase != session_phase::failed && open_;
    check();
  }
  /// Only an end and an answer that the owner owes may leave the session without a deadline.
  void check() const {
    const auto phase = session_.phase();
    const auto may_rest = phase == session_phase::idle || phase == session_phase::stopped ||
                          phase == session_phase::failed || phase == session_phase::resolving ||
                          phase == session_phase::connecting;
    must(may_rest || session_.next_wake(), "a session always knows when to wake");
  }

  script script_;
  gateway_session session_{session_timing{}, ""};
  int64_t now_ = 1'000;
  int64_t identified_ = 0;
  int identifies_ = 0;
  bool open_ = false, ended_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  driven_session{hearth::fuzz::text_of(data, std::min<size_t>(size, 4'096))}.run();
  return 0;
}
