#include "discord-sim/websocket_beast.hpp"
#include "discord-sim/coalescing_stream.hpp"
#include "discord-sim/websocket_stream.hpp"

namespace sim {

template <> struct stream_parts<coalescing_stream> {
  static tcp::socket& socket(coalescing_stream& stream) { return stream.socket(); }
  static std::size_t waiting(const coalescing_stream& stream) { return stream.waiting(); }
  static void cork(coalescing_stream& stream, bool on) { stream.cork(on); }
};

void accept_websocket(tcp::socket socket, beast::http::request<beast::http::string_body> upgrade,
                      std::function<void(std::shared_ptr<websocket>)> ready) {
  std::make_shared<beast_websocket<coalescing_stream>>(coalescing_stream(std::move(socket)))
      ->accept(std::move(upgrade), std::move(ready));
}

} // namespace sim
