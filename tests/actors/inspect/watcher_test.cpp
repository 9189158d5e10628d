// The operator is told once when something is wrong and once when it is well again, by each way,
// whatever the network does meanwhile. Virtual time; addresses outside are a typed fake.
#include "actors/inspect/watcher.hpp"
#include "infra/inspect/snapshot_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/det_system.hpp"
#include "tests/support/fake_rest.hpp"
#include <nlohmann/json.hpp>

namespace {

using namespace hearth;
using std::chrono::seconds;

struct outside_record {
  std::vector<call_outside> asked;
  uint16_t status = 200; ///< 0: unreachable.
};

class fake_outside final : public outside_actor::base {
public:
  fake_outside(caf::actor_config& config, std::shared_ptr<outside_record> record)
      : outside_actor::base(config), record_(std::move(record)) {}

protected:
  behavior_type make_behavior() override {
    return {[this](const call_outside& asked) -> caf::result<called> {
      record_->asked.push_back(asked);
      if (record_->status == 0)
        return make_error(errc::unreachable);
      return called{record_->status};
    }};
  }

private:
  std::shared_ptr<outside_record> record_;
};

struct watched : test::det_system {
  watched() {
    facts.gateway_ready = true;
    plan.channel = channel_id{55};
    plan.webhook = true;
    rest = sys.spawn<test::fake_rest>(told);
    outside = sys.spawn<fake_outside>(out);
    auto parts = watcher_parts{};
    parts.look = [this] { return facts; };
    parts.plan = [this] { return plan; };
    parts.rest = rest_actor{rest};
    parts.outside = outside;
    parts.board = &board;
    subject = sys.spawn<watcher>(std::move(parts));
    run();
  }
  ~watched() {
    stop(subject);
    stop(rest);
    stop(outside);
    subject = nullptr;
  }
  /// What the channel was told, in order.
  std::vector<std::string> channel() const {
    auto lines = std::vector<std::string>{};
    for (const auto& one : told->to("/channels/55/messages"))
      lines.push_back(nlohmann::json::parse(one.body).at("content"));
    return lines;
  }
  std::vector<std::string> webhook() const {
    auto lines = std::vector<std::string>{};
    for (const auto& one : out->asked)
      if (one.where == outside::alert_webhook)
        lines.push_back(nlohmann::json::parse(one.body).at("state").get<std::string>() + " " +
                        nlohmann::json::parse(one.body).at("alert").get<std::string>());
    return lines;
  }

  health_facts facts;
  watch_plan plan;
  alert_board board;
  std::shared_ptr<test::rest_record> told = std::make_shared<test::rest_record>();
  std::shared_ptr<outside_record> out = std::make_shared<outside_record>();
  test::fake_rest_actor rest;
  outside_actor outside;
  watcher_actor subject;
};

} // namespace

TEST_CASE_METHOD(watched, "watcher: told once, and once that all is well", "[inspect]") {
  advance(seconds{60});
  CHECK(channel().empty());
  facts.token_refused = true;
  advance(seconds{10});
  REQUIRE(channel().size() == 1);
  CHECK(channel()[0].find("**token_refused**") != std::string::npos);
  CHECK(webhook() == std::vector<std::string>{"raised token_refused"});
  CHECK(board.standing() == std::vector<std::string>{"token_refused"});
  for (auto i = 0; i < 30; ++i)
    advance(seconds{10});
  CHECK(channel().size() == 1);
  facts.token_refused = false;
  advance(seconds{10});
  REQUIRE(channel().size() == 2);
  CHECK(webhook().back() == "clear token_refused");
  CHECK(board.standing().empty());
  CHECK(board.log.get() == 2);
  CHECK(board.channel.get() == 2);
  CHECK(board.webhook.get() == 2);
  CHECK(board.channel_failed.get() == 0);
}

TEST_CASE_METHOD(watched, "watcher: a way that fails tries again, with the same nonce",
                 "[inspect]") {
  told->fail = errc::unreachable;
  out->status = 0;
  facts.token_refused = true;
  advance(seconds{10});
  advance(seconds{10});
  REQUIRE(channel().size() == 2);
  const auto nonce = [&](size_t i) {
    return nlohmann::json::parse(told->asked[i].body).at("nonce").get<std::string>();
  };
  CHECK(nonce(0) == nonce(1));
  told->fail = errc::none;
  out->status = 503;
  advance(seconds{10});
  CHECK(channel().size() == 3);
  out->status = 200;
  advance(seconds{10});
  advance(seconds{10});
  CHECK(channel().size() == 3); // told
  CHECK(webhook().size() == 4);
  CHECK(board.webhook_failed.get() == 3);
  facts.token_refused = false;
  advance(seconds{10});
  CHECK(nonce(3) != nonce(2));
}

TEST_CASE_METHOD(watched, "watcher: what came and went unheard is not told", "[inspect]") {
  told->fail = errc::unreachable;
  out->status = 0;
  facts.token_refused = true;
  advance(seconds{10}); // sent: it may have arrived, although nothing came back
  facts.invalid_requests = 5'000;
  advance(seconds{10}); // waits behind
  told->fail = errc::none;
  out->status = 200;
  facts.invalid_requests = 0;
  facts.token_refused = false;
  for (auto i = 0; i < 3; ++i)
    advance(seconds{10});
  CHECK(webhook() == std::vector<std::string>{"raised token_refused", "raised token_refused",
                                              "raised token_refused", "clear token_refused"});
  REQUIRE(channel().size() == 4);
  CHECK(channel()[2].find("refuses the bot's token") != std::string::npos);
  CHECK(channel()[3].find("takes the bot's token again") != std::string::npos);
}

TEST_CASE_METHOD(watched, "watcher: a channel that refuses is not asked for ever", "[inspect]") {
  told->answer = [](const rest_request&) {
    auto refused = rest_response{};
    refused.status = 403;
    refused.code = 50013;
    return refused;
  };
  facts.token_refused = true;
  for (auto i = 0; i < 6; ++i)
    advance(seconds{10});
  CHECK(channel().size() == 1);
  CHECK(board.channel_failed.get() == 1);
}

TEST_CASE_METHOD(watched, "watcher: without channel and webhook the log has it", "[inspect]") {
  plan.channel = {};
  plan.webhook = false;
  facts.store_writable = false;
  advance(seconds{10});
  CHECK(told->asked.empty());
  CHECK(out->asked.empty());
  CHECK(board.log.get() == 1);
}

TEST_CASE_METHOD(watched, "watcher: the uptime monitor is told in time, and when not all is well",
                 "[inspect]") {
  plan.uptime = true;
  plan.webhook = false;
  plan.uptime_period = seconds{60};
  for (auto i = 0; i < 12; ++i)
    advance(seconds{10});
  REQUIRE(out->asked.size() == 2);
  CHECK(out->asked[0].where == outside::uptime_push);
  CHECK(out->asked[0].query == "status=up&msg=OK&ping=");
  CHECK(out->asked[0].body.empty());
  facts.gateway_ready = false;
  facts.gateway_phase = "awaiting hello";
  for (auto i = 0; i < 6; ++i)
    advance(seconds{10});
  CHECK(out->asked.back().query == "status=down&msg=gateway%3A%20awaiting%20hello&ping=");
  facts.token_refused = true;
  for (auto i = 0; i < 6; ++i)
    advance(seconds{10});
  CHECK(out->asked.back().query == "status=down&msg=token_refused&ping=");
  CHECK(board.uptime.get() == out->asked.size());
}
