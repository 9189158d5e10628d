// hearth-media.so: files by FFmpeg's libraries.
#include "infra/sound/modules/media_module.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

namespace {

constexpr int rate = 48'000;
constexpr int broken_packets_max = 50; ///< In a row; then the rest is given up.
constexpr float loudest = 4;           ///< Full scale is 1: no sound is louder than that.

struct free_format {
  void operator()(AVFormatContext* one) const { avformat_close_input(&one); }
};
struct free_codec {
  void operator()(AVCodecContext* one) const { avcodec_free_context(&one); }
};
struct free_resampler {
  void operator()(SwrContext* one) const { swr_free(&one); }
};
struct free_frame {
  void operator()(AVFrame* one) const { av_frame_free(&one); }
};
struct free_packet {
  void operator()(AVPacket* one) const { av_packet_free(&one); }
};
struct free_graph {
  void operator()(AVFilterGraph* one) const { avfilter_graph_free(&one); }
};
using frame_handle = std::unique_ptr<AVFrame, free_frame>;

} // namespace

struct hearth_recording {
  std::unique_ptr<AVFormatContext, free_format> format;
  std::unique_ptr<AVCodecContext, free_codec> codec;
  std::unique_ptr<SwrContext, free_resampler> resampler;
  std::unique_ptr<AVPacket, free_packet> packet{av_packet_alloc()};
  frame_handle frame{av_frame_alloc()};
  int stream = -1;
  bool drained = false;
  int in_rate = 0, in_format = -1;
  AVChannelLayout in_layout{};
  std::vector<float> ready; ///< Decoded, stereo by turns.
  size_t taken = 0;         ///< Floats of it.

  ~hearth_recording() { av_channel_layout_uninit(&in_layout); }

  std::string open(const char* file) {
    const auto text = [](int code) {
      char buffer[AV_ERROR_MAX_STRING_SIZE] = {};
      av_strerror(code, buffer, sizeof buffer);
      return std::string(buffer);
    };
    // Files only: a playlist in disguise reaches nothing else.
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", "mp3,ogg,flac,wav,mov", 0);
    AVFormatContext* opened = nullptr;
    auto code =
        avformat_open_input(&opened, (std::string("file:") + file).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (code < 0)
      return text(code);
    format.reset(opened);
    if ((code = avformat_find_stream_info(opened, nullptr)) < 0)
      return text(code);
    const AVCodec* decoder = nullptr;
    stream = av_find_best_stream(opened, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
    if (stream < 0 || !decoder)
      return "there is no sound in it";
    for (auto i = 0U; i < opened->nb_streams; ++i)
      if (static_cast<int>(i) != stream)
        opened->streams[i]->discard = AVDISCARD_ALL;
    codec.reset(avcodec_alloc_context3(decoder));
    if (!codec || avcodec_parameters_to_context(codec.get(), opened->streams[stream]->codecpar) < 0)
      return "no memory";
    codec->thread_count = 1;
    if ((code = avcodec_open2(codec.get(), decoder, nullptr)) < 0)
      return text(code);
    more();
    return ready.empty() ? "no sound of it can be decoded" : "";
  }

  /// Puts a decoded frame, or what the resampler still holds, into `ready`.
  void convert(const AVFrame* decoded) {
    if (decoded) {
      if (!resampler || decoded->sample_rate != in_rate || decoded->format != in_format ||
          av_channel_layout_compare(&decoded->ch_layout, &in_layout) != 0) {
        AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
        SwrContext* made = nullptr;
        if (swr_alloc_set_opts2(&made, &stereo, AV_SAMPLE_FMT_FLT, rate,
                                const_cast<AVChannelLayout*>(&decoded->ch_layout),
                                static_cast<AVSampleFormat>(decoded->format), decoded->sample_rate,
                                0, nullptr) < 0)
          return;
        resampler.reset(made);
        if (swr_init(made) < 0) {
          resampler.reset();
          return;
        }
        in_rate = decoded->sample_rate;
        in_format = decoded->format;
        av_channel_layout_copy(&in_layout, &decoded->ch_layout);
      }
    } else if (!resampler) {
      return;
    }
    const auto room = swr_get_out_samples(resampler.get(), decoded ? decoded->nb_samples : 0);
    if (room <= 0)
      return;
    const auto before = ready.size();
    ready.resize(before + 2 * static_cast<size_t>(room));
    auto* out = reinterpret_cast<uint8_t*>(ready.data() + before);
    const auto got =
        swr_convert(resampler.get(), &out, room,
                    decoded ? const_cast<const uint8_t**>(decoded->extended_data) : nullptr,
                    decoded ? decoded->nb_samples : 0);
    ready.resize(before + 2 * static_cast<size_t>(std::max(0, got)));
    // One infinity would make all that it is mixed with silent for good.
    for (auto i = before; i < ready.size(); ++i)
      ready[i] = std::isfinite(ready[i]) ? std::clamp(ready[i], -loudest, loudest) : 0;
  }

  /// Decodes until something is ready, or to the end.
  void more() {
    ready.clear();
    taken = 0;
    auto broken = 0;
    while (ready.empty() && !drained) {
      const auto got = avcodec_receive_frame(codec.get(), frame.get());
      if (got == 0) {
        convert(frame.get());
        av_frame_unref(frame.get());
        broken = 0;
        continue;
      }
      if (got != AVERROR(EAGAIN) || broken > broken_packets_max) {
        drained = true;
        convert(nullptr);
        return;
      }
      const auto read = av_read_frame(format.get(), packet.get());
      if (read < 0) {
        avcodec_send_packet(codec.get(), nullptr);
        continue;
      }
      if (packet->stream_index == stream && avcodec_send_packet(codec.get(), packet.get()) < 0)
        ++broken;
      av_packet_unref(packet.get());
    }
  }

  size_t read(float* out, size_t count) {
    auto done = size_t{0};
    while (done < 2 * count) {
      if (taken == ready.size()) {
        more();
        if (ready.empty())
          break;
      }
      const auto some = std::min(2 * count - done, ready.size() - taken);
      std::copy_n(ready.data() + taken, some, out + done);
      taken += some;
      done += some;
    }
    return done / 2;
  }

  bool rewind() {
    if (avformat_seek_file(format.get(), -1, INT64_MIN, 0, INT64_MAX, AVSEEK_FLAG_BACKWARD) < 0 &&
        av_seek_frame(format.get(), stream, 0, AVSEEK_FLAG_BACKWARD) < 0)
      return false;
    avcodec_flush_buffers(codec.get());
    resampler.reset();
    ready.clear();
    taken = 0;
    drained = false;
    return true;
  }

  double loudness(double seconds) {
    constexpr auto nothing = -200.0;
    auto graph = std::unique_ptr<AVFilterGraph, free_graph>(avfilter_graph_alloc());
    AVFilterContext *from = nullptr, *meter = nullptr, *to = nullptr;
    if (!graph ||
        avfilter_graph_create_filter(
            &from, avfilter_get_by_name("abuffer"), "in",
            "time_base=1/48000:sample_rate=48000:sample_fmt=flt:channel_layout=stereo", nullptr,
            graph.get()) < 0 ||
        avfilter_graph_create_filter(&meter, avfilter_get_by_name("ebur128"), "meter",
                                     "metadata=1:framelog=verbose", nullptr, graph.get()) < 0 ||
        avfilter_graph_create_filter(&to, avfilter_get_by_name("abuffersink"), "out", nullptr,
                                     nullptr, graph.get()) < 0 ||
        avfilter_link(from, 0, meter, 0) < 0 || avfilter_link(meter, 0, to, 0) < 0 ||
        avfilter_graph_config(graph.get(), nullptr) < 0)
      return nothing;
    constexpr auto block = 4'800;
    auto result = nothing;
    auto heard = frame_handle(av_frame_alloc());
    for (auto at = int64_t{0}; at < static_cast<int64_t>(seconds * rate); at += block) {
      auto piece = frame_handle(av_frame_alloc());
      piece->format = AV_SAMPLE_FMT_FLT;
      piece->sample_rate = rate;
      piece->nb_samples = block;
      piece->pts = at;
      av_channel_layout_default(&piece->ch_layout, 2);
      if (av_frame_get_buffer(piece.get(), 0) < 0)
        break;
      const auto got = read(reinterpret_cast<float*>(piece->data[0]), block);
      piece->nb_samples = static_cast<int>(got);
      if (got == 0 || av_buffersrc_add_frame(from, piece.get()) < 0)
        break;
      while (av_buffersink_get_frame(to, heard.get()) >= 0) {
        if (const auto* entry = av_dict_get(heard->metadata, "lavfi.r128.I", nullptr, 0))
          result = std::strtod(entry->value, nullptr);
        av_frame_unref(heard.get());
      }
      if (got < block)
        break;
    }
    return result;
  }
};

namespace {

hearth_recording* open(const char* file, char* why, size_t why_size) {
  av_log_set_level(AV_LOG_QUIET);
  auto one = std::make_unique<hearth_recording>();
  const auto trouble = one->open(file);
  if (trouble.empty())
    return one.release();
  std::snprintf(why, why_size, "%s", trouble.c_str());
  return nullptr;
}

size_t read(hearth_recording* from, float* out, size_t count) { return from->read(out, count); }
int rewind(hearth_recording* from) { return from->rewind() ? 1 : 0; }
double loudness(hearth_recording* from, double seconds) { return from->loudness(seconds); }
void close(hearth_recording* which) { delete which; }

} // namespace

extern "C" __attribute__((visibility("default"))) const hearth_media_functions* hearth_media() {
  static constexpr auto functions = hearth_media_functions{open, read, rewind, loudness, close};
  return &functions;
}
