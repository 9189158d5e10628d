#include "messages/errc.hpp"
#include <caf/deep_to_string.hpp>
#include <caf/message.hpp>

namespace hearth {

const char* to_string(errc code) noexcept {
  switch (code) {
  case errc::none:
    return "none";
  case errc::queue_full:
    return "queue full";
  case errc::stopping:
    return "stopping";
  case errc::deadline:
    return "deadline passed";
  case errc::unreachable:
    return "unreachable";
  case errc::unauthorized:
    return "unauthorized";
  case errc::store_failed:
    return "store failed";
  case errc::not_found:
    return "not found";
  case errc::invalid:
    return "invalid";
  case errc::cancelled:
    return "cancelled";
  }
  return "unknown";
}

std::string describe(const caf::error& error) {
  if (!error)
    return "none";
  if (error.category() != caf::atom("hearth"))
    return caf::to_string(error);
  auto text = std::string{to_string(static_cast<errc>(error.code()))};
  if (error.context().match_elements<std::string>())
    text += ": " + error.context().get_as<std::string>(0);
  return text;
}

} // namespace hearth
