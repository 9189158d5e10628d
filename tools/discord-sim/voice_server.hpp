#pragma once
// The voice server as the rest of the simulator sees it: who comes and goes, faults, what it saw
// (dave 1-3, discord-api 6).
#include "discord-sim/core.hpp"

namespace sim {

struct voice_options {
  std::uint16_t port = 0; ///< of the voice gateway (TLS); 0: any free one
  std::string ca_file;    ///< where to write the certificate that clients have to trust; "" nowhere
  /// As before March 2026, for measuring clients of that time: also version 4 and an XSalsa20 mode,
  /// and no encryption end to end.
  bool legacy = false;
  std::chrono::milliseconds heartbeat{13750};
  std::chrono::milliseconds resume_window{15000};
  /// A transition is executed when all are ready, or then (dave 3).
  std::chrono::milliseconds transition_max{2000};
};

/// What befalls packets on their way to the clients: of every so many one; 0 = none.
struct udp_mischief {
  int lose = 0;
  int twice = 0;
  int reorder = 0;     ///< swapped with the next one
  int discoveries = 0; ///< the next answers to IP discovery are lost
};

class voice_server {
public:
  virtual ~voice_server() = default;

  /// What VOICE_SERVER_UPDATE says.
  struct ticket {
    std::string token;
    std::string endpoint;
  };
  /// A bot was put into a channel; a session it had in the guild ends (4014).
  virtual ticket admit(const voice_state& state) = 0;
  /// A person was put into a channel; they hear by a client of the simulator's own.
  virtual void seat(const voice_state& state) = 0;
  /// A user is in no channel of the guild any more.
  virtual void depart(snowflake guild, snowflake user) = 0;

  /// A channel is about to be deleted: its sessions end (4022).
  virtual void delete_channel(snowflake channel) = 0;

  /// A page of a person who wants to hear their channel (voice_ears.hpp).
  virtual void listen(snowflake user, std::shared_ptr<websocket> socket) = 0;
  /// Writes what a person hears to a WAV. Throws std::runtime_error when it cannot be written.
  virtual void record(snowflake user, const std::string& file) = 0;
  /// Ends the recording; nothing when none runs (voice_recorder.hpp has what it says).
  virtual std::optional<json> stop_recording(snowflake user) = 0;
  /// A person says a tone for a while. False: they are in no channel with a bot.
  virtual bool speak(snowflake user, double hz, std::chrono::milliseconds length) = 0;

  virtual voice_options& options() = 0;
  /// "host:port" of the voice gateway.
  virtual std::string endpoint() const = 0;
  /// PEM of the authority that signed the voice gateway's certificate.
  virtual const std::string& authority() const = 0;
  /// All rooms and sessions, for the control interface.
  virtual json state() const = 0;

  // Faults. `user` 0: all.
  /// Closes voice sockets: `code` 0 = without a word.
  virtual void close(snowflake user, std::uint16_t code) = 0;
  /// The next resumes are refused with 4006.
  virtual void refuse_resumes(int count) = 0;
  virtual void drop_acks(bool on) = 0;
  virtual void mischief(udp_mischief what) = 0;
  /// Messages of an op are sent that much later; 0 = at once.
  virtual void delay(int op, std::chrono::milliseconds by) = 0;
  /// The next commits are announced with a bit changed to all but their sender.
  virtual void spoil_commits(int count) = 0;
  /// The next welcomes are spoiled.
  virtual void spoil_welcomes(int count) = 0;
  /// New sessions count their messages from here.
  virtual void first_sequence(int value) = 0;
  /// The modes that Ready offers, by name; an empty list: both.
  virtual void offer(std::vector<std::string> modes) = 0;
  /// Packets carry a header extension, as Discord's do.
  virtual void extend_packets(bool on) = 0;
  /// Another server for a guild: VOICE_SERVER_UPDATE for its bots. `gone`: with endpoint null, and
  /// nothing more until this is called again.
  virtual void move_server(snowflake guild, bool gone) = 0;
  /// Ends or begins end-to-end encryption in a channel (dave 3, downgrade and upgrade).
  virtual void set_dave(snowflake channel, int version) = 0;
  /// Ends what lasts of the faults above.
  virtual void clear_faults() = 0;
};

} // namespace sim
