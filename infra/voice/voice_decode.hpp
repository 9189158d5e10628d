#pragma once
// What the voice gateway says, version 8. Pure. Source: dave 1.1-1.4.
#include "infra/dave/bytes.hpp"
#include "messages/ids.hpp"
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hearth::voice {

constexpr size_t text_size_max = size_t{1} << 20; ///< Of a JSON message.
constexpr size_t users_max = 4096;                ///< Of one Clients Connect.

/// Messages that we have a use for.
namespace heard {
struct hello { ///< op 8.
  int64_t heartbeat_interval_ms = 0;
};
struct ready { ///< op 2.
  uint32_t ssrc = 0;
  std::string address;
  uint16_t port = 0;
  std::vector<std::string> modes;
};
struct session_description { ///< op 4.
  std::string mode;
  dave::bytes secret_key; ///< 32 bytes. Secret.
  uint16_t dave_version = 0;
};
struct speaking { ///< op 5.
  user_id user;
  uint32_t ssrc = 0;
  uint32_t flags = 0;
};
struct heartbeat_ack { ///< op 6.
  int64_t nonce = 0;
};
struct resumed {};       ///< op 9.
struct users_connected { ///< op 11.
  std::vector<user_id> users;
};
struct user_disconnected { ///< op 13.
  user_id user;
};
struct prepare_transition { ///< op 21.
  uint16_t transition = 0;
  uint16_t version = 0;
};
struct execute_transition { ///< op 22.
  uint16_t transition = 0;
};
struct prepare_epoch { ///< op 24.
  uint64_t epoch = 0;
  uint16_t version = 0;
};
/// op 25, 27, 29 or 30: for the DAVE session.
struct dave_message {
  uint8_t op = 0;
  dave::bytes payload; ///< Behind the op.
};
struct other { ///< Everything else, to be ignored.
  int64_t op = -1;
};
} // namespace heard

using voice_message =
    std::variant<heard::other, heard::hello, heard::ready, heard::session_description,
                 heard::speaking, heard::heartbeat_ack, heard::resumed, heard::users_connected,
                 heard::user_disconnected, heard::prepare_transition, heard::execute_transition,
                 heard::prepare_epoch, heard::dave_message>;

struct numbered_message {
  std::optional<uint16_t> seq; ///< Counter of what a resume repeats; wraps.
  voice_message message;
};

/// Reads messages of one connection; keeps the parser's memory.
class voice_decoder {
public:
  voice_decoder();
  ~voice_decoder();
  voice_decoder(voice_decoder&&) noexcept;
  voice_decoder& operator=(voice_decoder&&) noexcept;

  /// A text frame. Nothing when it is no JSON object with an op, too big, or lacks what its op
  /// needs.
  std::optional<numbered_message> text(std::string_view frame);
  /// A binary frame. Nothing when it is cut or too big.
  static std::optional<numbered_message> binary(dave::byte_view frame);

private:
  struct parser;
  std::unique_ptr<parser> parser_;
};

} // namespace hearth::voice
