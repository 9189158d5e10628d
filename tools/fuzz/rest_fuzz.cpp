// HTTP answers of Discord's, Cloudflare's or anybody's: limit headers, error bodies, and everything
// that reads a body. An input is a list of answers, each "STATUS\nheader\n...\n\nbody", with NUL
// between them.
#include "infra/interactions/command_json.hpp"
#include "infra/rest/rate_gate.hpp"
#include "infra/rest/request_rules.hpp"
#include "infra/schedule/evening_view.hpp"
#include "tools/fuzz/fuzz_input.hpp"
#include <algorithm>
#include <charconv>

using namespace hearth;
using fuzz::must;

namespace {

constexpr int64_t day_ms = 86'400'000;

struct answer {
  uint16_t status = 200;
  answer_headers headers;
  std::string_view body;
};

answer read_answer(std::string_view text) {
  auto got = answer{};
  const auto blank = text.find("\n\n");
  auto head = text.substr(0, blank);
  if (blank != std::string_view::npos)
    got.body = text.substr(blank + 2);
  std::from_chars(head.data(), head.data() + head.size(), got.status);
  fuzz::each_part(head, '\n', [&](std::string_view line) { note_header(got.headers, line); });
  return got;
}

void read_body(const std::string& body) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  const auto present = canonical_commands(parsed);
  must(canonical_commands(present) == present, "what is canonical stays so");
  registration_json({}, {"core"}, embedded_catalog(), parsed);
  registered_ids(parsed);
  find_evening_message(body, user_id{500}, evening_day{20'000}, {});
}

/// The gate under these answers: it never sends what is unknown, and lets everything go in the end.
class driven_gate {
public:
  void answered(const limit_report& report, uint16_t status) {
    for (const auto& path : {"/channels/1/messages", "/channels/2/messages", "/guilds/1/roles"})
      if (!gate_.offer(++last_, describe_route(http_method::get, path, 0), rest_priority::member,
                       now_ + 2 * day_ms))
        ++open_;
    now_ += 7;
    run([&](uint64_t id) {
      must(gate_.answered(id, status, report, now_) >= 0, "no lane waits a negative time");
      if (status == 429)
        gate_.again(id, now_ + 1);
      else
        close(id);
    });
  }
  /// From here Discord answers without limits; everything must leave or expire.
  void drain() {
    for (auto steps = 0; open_ > 0; ++steps) {
      must(steps < 5'000, "the gate lets everything go");
      const auto step = run([&](uint64_t id) {
        gate_.answered(id, 200, limit_report{}, now_);
        close(id);
      });
      if (!step.send.empty() || open_ == 0)
        continue; // what was answered may let others go
      must(step.wake_ms.has_value(), "who waits is woken");
      now_ = std::max(now_ + 1, step.wake_ms.value_or(0));
    }
    must(gate_.waiting() == 0 && gate_.in_flight() == 0, "nothing is left in the gate");
  }

private:
  template <class Do> gate_step run(Do act) {
    auto step = gate_.advance(now_);
    open_ -= step.expired.size();
    for (const auto id : step.send)
      act(id);
    return step;
  }
  void close(uint64_t id) {
    gate_.finish(id);
    --open_;
  }

  rate_gate gate_;
  uint64_t last_ = 0;
  size_t open_ = 0;
  int64_t now_ = 1'000;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto gate = driven_gate{};
  auto answers = 0;
  fuzz::each_part(fuzz::text_of(data, size), '\0', [&](std::string_view text) {
    if (++answers > 20)
      return;
    const auto got = read_answer(text);
    const auto report = read_limits(got.status, got.headers, got.body);
    must(report.remaining <= report.limit, "no more remains than the limit");
    must(report.reset_after_ms >= 0 && report.reset_after_ms <= day_ms,
         "a window ends within a day");
    must(report.retry_after_ms >= 0 && report.retry_after_ms <= day_ms, "a wait ends within a day");
    must(got.status >= 400 || report.refusal == rate_refusal::none, "success refuses nothing");
    read_body(std::string{got.body});
    gate.answered(report, got.status);
  });
  gate.drain();
  return 0;
}
