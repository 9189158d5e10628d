#pragma once
// A websocket connection over Beast on any stream. Only websocket_beast.cpp and voice_listener.cpp
// include this.
#include "discord-sim/http.hpp"
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>

namespace sim {

namespace beast = boost::beast;
namespace ws = beast::websocket;
using tcp = boost::asio::ip::tcp;

// A client that stops reading must not fill the memory.
inline constexpr std::size_t queue_bytes_max = 512u << 20;
// Larger incoming messages end the connection at the websocket layer (1009); the gateway's own
// limit of 4096 bytes is checked above, so that it can close with 4002.
inline constexpr std::size_t message_bytes_max = 1u << 20;

/// What beast_websocket asks of its stream; specialised where a stream is used:
/// `socket(Stream&)`, its TCP socket; `waiting(const Stream&)`, bytes that the socket did not take
/// yet; `cork(Stream&, bool)`, whether more follows soon.
template <class Stream> struct stream_parts;

/// `Stream`: coalescing_stream, or one that encrypts.
template <class Stream>
class beast_websocket : public websocket,
                        public std::enable_shared_from_this<beast_websocket<Stream>> {
public:
  explicit beast_websocket(Stream stream) : stream_(std::move(stream)) {}

  void accept(beast::http::request<beast::http::string_body> upgrade,
              std::function<void(std::shared_ptr<websocket>)> ready) {
    parts::socket(stream_.next_layer()).set_option(tcp::no_delay(true));
    ws::stream_base::timeout limits{};
    // Also bounds the closing handshake with a peer that is gone.
    limits.handshake_timeout = std::chrono::seconds(5);
    limits.idle_timeout = ws::stream_base::none();
    limits.keep_alive_pings = false;
    stream_.set_option(limits);
    stream_.read_message_max(message_bytes_max);
    // One websocket message = one frame, as the gateway sends them.
    stream_.auto_fragment(false);
    upgrade_ = std::move(upgrade);
    stream_.async_accept(upgrade_, [self = this->shared_from_this(),
                                    ready = std::move(ready)](beast::error_code error) {
      if (error)
        return;
      ready(self);
      self->read();
    });
  }

  void send(std::shared_ptr<const std::string> data, bool binary) override {
    if (ended_ || closing_)
      return;
    queued_bytes_ += data->size();
    if (queued_bytes_ > queue_bytes_max) {
      drop();
      return;
    }
    queue_.push_back({std::move(data), binary});
    if (!writing_)
      write();
  }

  void close(std::uint16_t code, std::string_view reason) override {
    if (ended_ || closing_)
      return;
    closing_ = true;
    reason_ = ws::close_reason(static_cast<ws::close_code>(code), std::string(reason).c_str());
    if (!writing_)
      send_close();
  }

  void drop() override {
    if (ended_)
      return;
    beast::error_code ignored;
    parts::socket(stream_.next_layer()).shutdown(tcp::socket::shutdown_both, ignored);
    parts::socket(stream_.next_layer()).close(ignored);
    // The pending read ends with an error; the callback comes from there.
    closing_ = true;
  }

  std::size_t queued() const override {
    return queued_bytes_ + parts::waiting(stream_.next_layer());
  }

private:
  using parts = stream_parts<Stream>;
  struct frame {
    std::shared_ptr<const std::string> data;
    bool binary;
  };

  void read() {
    stream_.async_read(buffer_,
                       [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                         if (error) {
                           self->end();
                           return;
                         }
                         const auto bytes = self->buffer_.cdata();
                         if (self->on_message && !self->closing_)
                           self->on_message({static_cast<const char*>(bytes.data()), bytes.size()},
                                            self->stream_.got_binary());
                         self->buffer_.consume(self->buffer_.size());
                         self->read();
                       });
  }

  void write() {
    writing_ = true;
    parts::cork(stream_.next_layer(), queue_.size() > 1);
    stream_.binary(queue_.front().binary);
    stream_.async_write(boost::asio::buffer(*queue_.front().data),
                        [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                          self->written(error);
                        });
  }

  void written(beast::error_code error) {
    writing_ = false;
    if (error)
      return; // the read sees it too
    queued_bytes_ -= queue_.front().data->size();
    queue_.pop_front();
    if (!queue_.empty())
      write();
    else if (closing_)
      send_close();
  }

  void send_close() {
    if (!stream_.is_open())
      return;
    stream_.async_close(reason_, [self = this->shared_from_this()](beast::error_code) {
      beast::error_code ignored;
      parts::socket(self->stream_.next_layer()).close(ignored);
    });
  }

  void end() {
    if (ended_)
      return;
    ended_ = true;
    beast::error_code ignored;
    parts::socket(stream_.next_layer()).close(ignored);
    const auto code = closing_ ? reason_.code : stream_.reason().code;
    on_message = nullptr;
    // Moved out: the callback may own us.
    const auto call = std::move(on_close);
    on_close = nullptr;
    if (call)
      call(static_cast<std::uint16_t>(code));
  }

  ws::stream<Stream> stream_;
  beast::http::request<beast::http::string_body> upgrade_;
  beast::flat_buffer buffer_;
  std::deque<frame> queue_;
  std::size_t queued_bytes_ = 0;
  ws::close_reason reason_{ws::close_code::none};
  bool writing_ = false;
  bool closing_ = false;
  bool ended_ = false;
};

} // namespace sim
