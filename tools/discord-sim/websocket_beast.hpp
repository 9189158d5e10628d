#pragma once
// The websocket connection over Beast. Only http_server.cpp and websocket_beast.cpp include this.
#include "discord-sim/http.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>

namespace sim {

/// Answers the handshake, calls `ready` with the open connection, then reads until it ends.
void accept_websocket(boost::asio::ip::tcp::socket socket,
                      boost::beast::http::request<boost::beast::http::string_body> upgrade,
                      std::function<void(std::shared_ptr<websocket>)> ready);

} // namespace sim
