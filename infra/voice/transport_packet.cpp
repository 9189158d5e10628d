#include "infra/voice/transport_packet.hpp"
#include <algorithm>
#include <array>

namespace hearth::voice {
namespace {

constexpr size_t nonce_size_max = 24;

} // namespace

packet_sealer::packet_sealer(std::unique_ptr<dave::aead_key> key, transport_mode mode,
                             rtp_header first)
    : key_(std::move(key)), nonce_size_(nonce_size_of(mode)), next_(first) {}

size_t packet_sealer::seal(byte_view frame, std::span<uint8_t> out) {
  const auto size = frame.size() + packet_overhead;
  if (out.size() < size || nonce_ == UINT32_MAX)
    return 0;
  ++nonce_;
  auto nonce = std::array<uint8_t, nonce_size_max>{};
  for (auto at = size_t{0}; at < packet_nonce_size; ++at)
    nonce[at] = static_cast<uint8_t>(nonce_ >> (24 - 8 * at));
  const auto header = out.first(rtp_header_size);
  write_rtp_header(next_, header);
  const auto tag = out.subspan(rtp_header_size + frame.size(), dave::aead_tag_size);
  if (!key_->seal(std::span(nonce).first(nonce_size_), header, frame, out.data() + rtp_header_size,
                  tag))
    return 0;
  std::copy_n(nonce.begin(), packet_nonce_size, out.begin() + static_cast<ptrdiff_t>(size - 4));
  ++next_.sequence;
  next_.timestamp += samples_per_frame;
  return size;
}

std::optional<opened_packet> packet_opener::open(byte_view packet) {
  const auto found = read_rtp(packet);
  if (!found || found->rest.size() < dave::aead_tag_size + packet_nonce_size)
    return std::nullopt;
  const auto sealed =
      found->rest.first(found->rest.size() - dave::aead_tag_size - packet_nonce_size);
  const auto tag = found->rest.subspan(sealed.size(), dave::aead_tag_size);
  auto nonce = std::array<uint8_t, nonce_size_max>{};
  const auto sent = found->rest.last(packet_nonce_size);
  std::copy(sent.begin(), sent.end(), nonce.begin());
  plain_.resize(sealed.size());
  if (!key_->open(std::span(nonce).first(nonce_size_), found->clear, sealed, tag, plain_.data()))
    return std::nullopt;
  const auto payload = rtp_payload(*found, plain_);
  if (!payload)
    return std::nullopt;
  return opened_packet{found->header, *payload};
}

} // namespace hearth::voice
