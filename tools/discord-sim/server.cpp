#include "discord-sim/server.hpp"
#include "discord-sim/flood.hpp"
#include "discord-sim/gateway_hub.hpp"
#include "discord-sim/http_post.hpp"
#include "discord-sim/http_server.hpp"
#include "discord-sim/page_files.hpp"
#include "discord-sim/rate_limit.hpp"
#include "discord-sim/rest_front.hpp"
#include "discord-sim/signing.hpp"
#include "discord-sim/voice_hub.hpp"
#include "discord-sim/world_file.hpp"
#include <cstdio>

namespace sim {

std::uint64_t core::random() { return random_(); }

std::string core::random_hex(std::size_t bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes * 2);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bytes * 2; ++i, bits >>= 4) {
    if (i % 16 == 0)
      bits = random_();
    out += digits[bits & 15];
  }
  return out;
}

struct server::impl : core {
  explicit impl(server_options o)
      : options(std::move(o)), limiter(options.seed), hub(*this, loop, options.gateway),
        talk(*this, loop, options.voice),
        front(*this, [this](const http_request& r) { return page_file(r, options.page_dir); }) {
    seed(options.seed);
    clock = domain_clock(options.start_time);
    world = load();
    for (auto& [id, app] : world.applications) {
      if (app.signing_seed.empty())
        app.signing_seed = signing_seed_of(std::to_string(options.seed) + " " + id_text(id));
      app.verify_key = public_key_hex(app.signing_seed);
    }
    limiter.enable(options.rate_limits);
    add_core_routes(*this);
    add_activity_routes(*this);
    add_flood_route(*this);
    http_server_options http_options;
    http_options.port = options.port;
    http_options.on_request = [this](http_request request, respond answer) {
      serve(std::move(request), std::move(answer));
    };
    http_options.find_upgrade = [this](const http_request& request) {
      return find_upgrade(request);
    };
    http_options.spared = [](const http_request& request) { return of_control(request); };
    http = std::make_unique<http_server>(loop, std::move(http_options));
    port = http->port();
    if (options.control_port)
      open_control();
  }

  static bool of_control(const http_request& request) {
    return request.path.rfind("/sim/", 0) == 0;
  }

  void open_control() {
    http_server_options http_options;
    http_options.port = *options.control_port;
    http_options.on_request = [this](http_request request, respond answer) {
      if (of_control(request))
        serve(std::move(request), std::move(answer));
      else
        answer(http_response::text(404, "only the control interface is here\n", "text/plain"));
    };
    http_options.find_upgrade = [this](const http_request& request) {
      return of_control(request) ? find_upgrade(request) : upgrade_handler{};
    };
    control = std::make_unique<http_server>(loop, std::move(http_options));
  }

  // What the parts keep in routes and hooks may hold sockets: it goes before the loop does.
  ~impl() override {
    hub.remove_listeners();
    hooks = {};
    api = {};
    plain = {};
    sockets.clear();
  }

  sim::world load() {
    if (!options.world_text.empty())
      return load_world(options.world_text, "world", clock.now());
    if (!options.world_file.empty())
      return load_world_file(options.world_file, clock.now());
    return load_demo_world(clock.now());
  }

  // Paths only: queries and headers may hold tokens; interaction tokens in paths belong to nobody.
  void serve(http_request request, respond answer) {
    if (!options.verbose) {
      front.handle(std::move(request), std::move(answer));
      return;
    }
    auto line = request.method + " " + request.path;
    front.handle(std::move(request), [line, answer = std::move(answer)](http_response r) {
      std::fprintf(stderr, "%s -> %d\n", line.c_str(), r.status);
      answer(std::move(r));
    });
  }

  upgrade_handler find_upgrade(const http_request& request) {
    if (const auto it = sockets.find(request.path); it != sockets.end())
      return it->second;
    const std::string_view path = request.path;
    if (path == "/gateway/resume" && hub.take_refused_connection())
      return {};
    if (path == "/" || path == "/gateway" || path.substr(0, 9) == "/gateway/")
      return [this](std::shared_ptr<websocket> socket, const http_request& r) {
        hub.accept(std::move(socket), r);
      };
    return {};
  }

  std::string http_base() const override { return "http://127.0.0.1:" + std::to_string(port); }
  std::string ws_base() const override { return "ws://127.0.0.1:" + std::to_string(port); }
  dispatcher& events() override { return hub; }
  gateway_server& gateway() override { return hub; }
  rate_limiter& limits() override { return limiter; }
  voice_server& voice() override { return talk; }
  void after(std::chrono::milliseconds delay, std::function<void()> then) override {
    loop.after(delay, std::move(then));
  }
  void post(const std::string& url, header_list headers, std::string body,
            std::chrono::milliseconds limit,
            std::function<void(std::optional<http_response>)> then) override {
    if (const auto target = parse_post_url(url))
      http_post(loop, *target, headers, std::move(body), limit, std::move(then));
    else
      loop.post([then = std::move(then)] { then(std::nullopt); });
  }
  void set_network(network_mode mode, int count, bool cut) override {
    http->set_network(mode, count);
    if (!cut)
      return;
    http->cut();
    hub.drop_connections();
  }
  void on_websocket(std::string path, websocket_acceptor accept) override {
    sockets[std::move(path)] = std::move(accept);
  }
  void announce_time(std::function<void(time_moved)> done) override {
    hub.announce_time(std::move(done));
  }

  server_options options;
  event_loop loop;
  rate_limiter limiter;
  gateway_hub hub;
  voice_hub talk;
  rest_front front;
  std::map<std::string, upgrade_handler> sockets;
  std::unique_ptr<http_server> http;
  std::unique_ptr<http_server> control;
  std::uint16_t port = 0;
};

server::server(server_options options) : impl_(std::make_unique<impl>(std::move(options))) {}
server::~server() = default;
std::uint16_t server::port() const { return impl_->port; }
std::uint16_t server::control_port() const {
  return impl_->control ? impl_->control->port() : std::uint16_t{0};
}
void server::run() { impl_->loop.run(); }
void server::stop() { impl_->loop.stop(); }
void server::stop_on_signals() {
  impl_->loop.on_signal([this] { stop(); });
}
sim::core& server::core() { return *impl_; }
void server::post(std::function<void()> work) { impl_->loop.post(std::move(work)); }

in_process::in_process(server_options options)
    : server_(std::move(options)), thread_([this] { server_.run(); }) {}

in_process::~in_process() {
  server_.stop();
  thread_.join();
}

std::string in_process::api_base() const {
  return "http://127.0.0.1:" + std::to_string(port()) + "/api";
}

std::string in_process::ws_base() const { return "ws://127.0.0.1:" + std::to_string(port()); }

} // namespace sim
