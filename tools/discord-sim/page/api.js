// The wire: questions and acts over HTTP, events over one websocket that comes back by itself.

/** What the simulator refused, in its own sentence. */
class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, 'The sandbox does not answer. Is discord-sim still running?');
  }
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Refusal(
      answer.status,
      json.error ?? json.message ?? `The sandbox answered ${answer.status}.`,
    );
  return json;
}

const query = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value != null)).toString();

export const api = {
  state: (as) => call('GET', `/sim/state?${query({ as })}`),
  messages: (as, channel, before, limit = 50) =>
    call('GET', `/sim/messages?${query({ as, channel_id: channel, before, limit })}`),
  act: (as, type, fields = {}) => call('POST', '/sim/act', { as, type, ...fields }),
  time: (change) => (change ? call('POST', '/sim/time', change) : call('GET', '/sim/time')),
  faults: (what) => call('POST', '/sim/faults', what),
  clearFaults: () => call('DELETE', '/sim/faults'),
  violations: () => call('GET', '/sim/violations'),
};

/**
 * Events as one user sees them. `onFrame({t, d})`; `onConnected(first)` at each opening,
 * `onLost()` at each loss.
 */
export class EventStream {
  constructor(as, { onFrame, onConnected, onLost }) {
    Object.assign(this, { as, onFrame, onConnected, onLost });
    this.tries = 0;
    this.first = true;
    this.open();
  }

  open() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(
      `${scheme}://${location.host}/sim/events?${query({ as: this.as })}`,
    );
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.tries = 0;
      this.onConnected(this.first);
      this.first = false;
    });
    socket.addEventListener('message', (event) => {
      if (socket !== this.socket) return;
      let frame;
      try {
        frame = JSON.parse(event.data);
      } catch {
        return;
      }
      if (frame && typeof frame.t === 'string') this.onFrame(frame);
    });
    socket.addEventListener('close', () => {
      if (socket !== this.socket) return;
      this.onLost();
      this.timer = setTimeout(() => this.open(), Math.min(5000, 250 * 2 ** this.tries++));
    });
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.timer);
    socket?.close();
  }
}
