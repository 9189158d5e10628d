#include <utility> // Asio 1.74 needs it first in C++20

#include "infra/gateway/byte_pipe_socket.hpp"
#include "infra/gateway/byte_transport_socket.hpp"
#include "infra/gateway/frame_counter.hpp"
#include "infra/gateway/websocket_client.hpp"
#include "infra/gateway/websocket_url.hpp"
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace hearth {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace ws = beast::websocket;
using beast::error_code;

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr size_t kept_bytes = 256 * 1024; // of the message buffer after a huge one

} // namespace

/// One connection. Lives as long as its operations; `owner_` is gone once nobody wants its news.
class websocket_client::connection final
    : public std::enable_shared_from_this<websocket_client::connection> {
public:
  connection(websocket_client& owner, websocket_address address)
      : owner_(&owner), options_(owner.options_), address_(std::move(address)), timer_(owner.io_),
        transport_(make_transport(owner.io_, address_.tls, options_.ca_file)), ws_(owner.io_) {}

  void start(bool allowed) {
    if (!allowed)
      return post_finish("this address is not allowed");
    arm(options_.connect_ms_max, "timed out while connecting");
    transport_->connect(address_, [self = shared_from_this()](error_code error) {
      if (error)
        return self->finish(0, "cannot connect: " + error.message());
      self->shake_hands();
    });
  }

  bool send(std::string_view text, bool binary) {
    if (!open_ || closing_ || ws_.next_layer().unsent() > options_.unsent_bytes_max)
      return false;
    auto error = error_code{};
    ws_.binary(binary);
    ws_.write(net::buffer(text.data(), text.size()), error); // into memory: never waits
    return !error;
  }

  void close(uint16_t code) {
    if (closing_)
      return;
    if (!open_)
      return post_finish("cut while connecting");
    closing_ = true;
    arm(options_.close_ms_max, "the peer did not close");
    ws_.async_close(ws::close_reason{static_cast<ws::close_code>(code)},
                    [self = shared_from_this()](error_code error) {
                      self->finish(self->peer_code(),
                                   error ? "closed by us: " + error.message() : "closed by us");
                    });
  }

  /// Nobody is to hear of this connection any more.
  void abandon() noexcept {
    owner_ = nullptr;
    shut();
  }

private:
  template <class Do> void guard(Do&& act) {
    if (owner_ == nullptr)
      return;
    act();
  }

  void arm(int64_t wait_ms, const char* why) {
    timer_.expires_after(std::chrono::milliseconds{wait_ms});
    timer_.async_wait([weak = weak_from_this(), why](error_code error) {
      if (const auto self = weak.lock(); self && !error)
        self->finish(self->peer_code(), why);
    });
  }

  void shake_hands() {
    if (owner_ == nullptr)
      return;
    ws_.next_layer().starved = [this] { fetch(); };
    ws_.next_layer().written = [this] { flush(); };
    ws_.set_option(
        ws::stream_base::timeout{ws::stream_base::none(), ws::stream_base::none(), false});
    ws_.set_option(
        ws::stream_base::decorator([agent = options_.user_agent](ws::request_type& head) {
          head.set(beast::http::field::user_agent, agent);
        }));
    ws_.read_message_max(options_.message_bytes_max);
    ws_.auto_fragment(false);
    const auto host =
        address_.host.find(':') == std::string::npos ? address_.host : "[" + address_.host + "]";
    ws_.async_handshake(host + ":" + address_.port, address_.target,
                        [self = shared_from_this()](error_code error) {
                          if (error)
                            return self->finish(0, "handshake refused: " + error.message());
                          self->opened();
                        });
  }

  void opened() {
    timer_.cancel();
    guard([&] {
      open_ = true;
      owner_->events_.opened();
    });
    read();
  }

  // -- bytes ------------------------------------------------------------------------------------

  /// The websocket waits for bytes: reads from the network once.
  void fetch() {
    if (fetching_ || done_)
      return;
    fetching_ = true;
    transport_->read(ws_.next_layer().room(),
                     [self = shared_from_this()](error_code error, size_t size) {
                       self->fetching_ = false;
                       if (self->done_)
                         return;
                       if (error)
                         return self->ws_.next_layer().fail(error);
                       self->arrived(size);
                     });
  }

  void arrived(size_t size) {
    auto& pipe = ws_.next_layer();
    const auto room = pipe.room();
    auto bytes = std::string_view{static_cast<const char*>(room.data()), size};
    auto head_bytes = size_t{0};
    if (!head_over_) {
      // Frames may follow the HTTP head in the same read; the library must not swallow them with
      // it.
      const auto seen = head_.size();
      head_.append(bytes);
      const auto end = head_.find(head_end, seen < head_end.size() ? 0 : seen - head_end.size());
      head_over_ = end != std::string::npos;
      head_bytes = head_over_ ? end + head_end.size() - seen : size;
      bytes.remove_prefix(head_bytes);
      if (head_over_ || head_.size() > 64 * 1024)
        head_.clear();
    }
    ready_ += counter_.feed(bytes);
    pipe.filled(size, head_bytes);
  }

  void flush() {
    if (writing_ || done_)
      return;
    ws_.next_layer().take_output(sending_);
    if (sending_.empty())
      return;
    writing_ = true;
    transport_->write(net::buffer(sending_), [self = shared_from_this()](error_code error) {
      self->writing_ = false;
      if (error)
        return self->finish(self->peer_code(), "cannot write: " + error.message());
      self->flush();
    });
  }

  // -- messages ---------------------------------------------------------------------------------

  void read() {
    if (done_ || closing_ || owner_ == nullptr)
      return;
    ws_.async_read(
        buffer_, [self = shared_from_this()](error_code error, size_t) { self->read_done(error); });
  }

  /// One message came by waiting; those that are complete in memory are taken without.
  void read_done(error_code error) {
    while (deliver(error)) {
      if (ready_ == 0) {
        guard([&] { owner_->events_.drained(); });
        if (ws_.next_layer().unsent() > options_.unsent_bytes_max)
          return finish(0, "the peer does not read");
        return read();
      }
      ws_.read(buffer_, error);
    }
  }

  /// False when there is nothing to go on with.
  bool deliver(error_code error) {
    if (done_ || closing_) // the close under way reports by itself
      return false;
    if (error) {
      guard([&] { owner_->events_.drained(); });
      if (!closing_)
        finish(peer_code(), error == ws::error::closed ? "closed by the peer" : error.message());
      return false;
    }
    if (ready_ > 0)
      --ready_;
    const auto size = buffer_.size();
    buffer_.prepare(text_padding);
    guard([&] {
      owner_->events_.message({static_cast<const char*>(buffer_.data().data()), size},
                              ws_.got_binary());
    });
    buffer_.consume(size);
    if (buffer_.capacity() > kept_bytes && size < kept_bytes / 4)
      buffer_.shrink_to_fit();
    if (closing_) // by what the message said: all of it still has to be passed on
      guard([&] { owner_->events_.drained(); });
    return !done_ && !closing_ && owner_ != nullptr;
  }

  // -- the end ----------------------------------------------------------------------------------

  uint16_t peer_code() const {
    const auto code = static_cast<uint16_t>(ws_.reason().code);
    return code == static_cast<uint16_t>(ws::close_code::no_status) ? 0 : code;
  }

  void post_finish(const char* why) {
    closing_ = true;
    net::post(timer_.get_executor(), [self = shared_from_this(), why] { self->finish(0, why); });
  }

  void shut() noexcept {
    done_ = true;
    auto ignored = error_code{};
    timer_.cancel(ignored);
    transport_->close();
    ws_.next_layer().fail_later(net::error::operation_aborted);
  }

  void finish(uint16_t code, const std::string& why) {
    if (done_)
      return;
    shut();
    auto* const owner = std::exchange(owner_, nullptr);
    if (owner == nullptr)
      return;
    owner->connection_.reset();
    owner->events_.closed(code, why);
  }

  websocket_client* owner_;
  const websocket_options options_;
  const websocket_address address_;
  net::steady_timer timer_;
  std::shared_ptr<byte_transport> transport_;
  ws::stream<byte_pipe, false> ws_;
  beast::flat_buffer buffer_;
  std::string sending_;
  std::string head_; ///< Of the HTTP answer, until it is over.
  frame_counter counter_;
  size_t ready_ = 0; ///< Complete messages that arrived and were not taken yet.
  bool head_over_ = false;
  bool fetching_ = false;
  bool writing_ = false;
  bool open_ = false;
  bool closing_ = false;
  bool done_ = false;
};

websocket_client::websocket_client(net::io_context& io, websocket_options options,
                                   websocket_events events)
    : io_(io), options_(std::move(options)), events_(std::move(events)) {}

websocket_client::~websocket_client() { drop(); }

void websocket_client::drop() {
  if (const auto old = std::move(connection_))
    old->abandon();
}

void websocket_client::connect(const std::string& url) {
  drop();
  auto address = parse_websocket_url(url);
  const auto allowed = address.has_value();
  connection_ =
      std::make_shared<connection>(*this, std::move(address).value_or(websocket_address{}));
  connection_->start(allowed);
}

bool websocket_client::send(std::string_view text) {
  return connection_ && connection_->send(text, false);
}

bool websocket_client::send_binary(std::string_view bytes) {
  return connection_ && connection_->send(bytes, true);
}

void websocket_client::close(uint16_t code) {
  if (connection_)
    connection_->close(code);
}

} // namespace hearth
