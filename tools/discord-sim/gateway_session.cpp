#include "discord-sim/gateway_session.hpp"

namespace sim {

std::string dispatch_text(const outgoing& what, std::int64_t seq) {
  std::string text;
  text.reserve(what.data->size() + what.type.size() + 48);
  text += R"({"t":")";
  text += what.type;
  text += R"(","s":)";
  text += std::to_string(seq);
  text += R"(,"op":0,"d":)";
  text += *what.data;
  text += '}';
  return text;
}

std::string gateway_session::number(outgoing what, std::size_t events_max, steady::duration age_max,
                                    steady::time_point now) {
  auto text = dispatch_text(what, ++seq_);
  memory_.push_back({now, std::move(what)});
  while (memory_.size() > events_max || memory_.front().at + age_max < now)
    memory_.pop_front();
  return text;
}

bool gateway_session::can_replay(std::int64_t seq) const {
  return seq >= seq_ - static_cast<std::int64_t>(memory_.size()) && seq <= seq_;
}

std::vector<std::string> gateway_session::replay(std::int64_t seq) const {
  std::vector<std::string> texts;
  const auto first = seq_ - static_cast<std::int64_t>(memory_.size()) + 1;
  for (std::size_t i = 0; i < memory_.size(); ++i)
    if (const auto number = first + static_cast<std::int64_t>(i); number > seq)
      texts.push_back(dispatch_text(memory_[i].what, number));
  return texts;
}

} // namespace sim
