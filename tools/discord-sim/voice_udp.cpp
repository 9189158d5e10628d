#include "discord-sim/voice_listener.hpp"
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace sim {

namespace asio = boost::asio;
using udp = asio::ip::udp;

namespace {

constexpr int batch_max = 64; // datagrams taken before others have their turn
constexpr int buffer_bytes = 4 << 20;

} // namespace

struct voice_udp::impl : std::enable_shared_from_this<voice_udp::impl> {
  impl(event_loop& loop, std::function<void(peer, std::string_view)> r)
      : socket(loop.io(), udp::endpoint(asio::ip::address_v4::loopback(), 0)),
        received(std::move(r)) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(asio::socket_base::receive_buffer_size(buffer_bytes), ignored);
    socket.set_option(asio::socket_base::send_buffer_size(buffer_bytes), ignored);
  }

  void wait() {
    socket.async_wait(udp::socket::wait_read,
                      [self = shared_from_this()](boost::system::error_code error) {
                        if (error)
                          return;
                        self->take();
                        self->wait();
                      });
  }

  void take() {
    for (int i = 0; i < batch_max && received; ++i) {
      boost::system::error_code error;
      udp::endpoint from;
      const auto size = socket.receive_from(asio::buffer(buffer), from, 0, error);
      if (error == asio::error::would_block)
        return;
      // A refusal of something sent before: nothing was received.
      if (!error)
        received({from.address().to_v4().to_uint(), from.port()}, {buffer.data(), size});
    }
  }

  udp::socket socket;
  std::function<void(peer, std::string_view)> received;
  std::array<char, 65536> buffer{};
};

voice_udp::voice_udp(event_loop& loop, std::function<void(peer, std::string_view)> received)
    : impl_(std::make_shared<impl>(loop, std::move(received))) {
  impl_->wait();
}

voice_udp::~voice_udp() {
  impl_->received = nullptr;
  boost::system::error_code ignored;
  impl_->socket.close(ignored);
}

std::uint16_t voice_udp::port() const { return impl_->socket.local_endpoint().port(); }

void voice_udp::send(peer to, std::string_view datagram) {
  boost::system::error_code ignored;
  impl_->socket.send_to(asio::buffer(datagram.data(), datagram.size()),
                        udp::endpoint(asio::ip::address_v4(to.address), to.port), 0, ignored);
}

} // namespace sim
