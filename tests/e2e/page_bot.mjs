// A tiny bot on plain fetch and WebSocket: it answers interactions as the test tells it to.

/**
 * Logs in with the sandbox token. `bot.answer(name or custom_id, reply)` says what to do with an
 * interaction.
 */
export async function startBot(base, token = 'sandbox') {
  const bot = new Bot(base, token);
  await bot.open();
  return bot;
}

class Bot {
  constructor(base, token) {
    Object.assign(this, { base, token, replies: new Map(), seen: [], waiting: [] });
  }

  async open() {
    const { url } = await this.api('GET', '/gateway/bot');
    this.socket = new WebSocket(`${url}?v=10&encoding=json`);
    let sequence = null;
    await new Promise((resolve, reject) => {
      this.socket.addEventListener('error', () => reject(new Error('the gateway refused the bot')));
      this.socket.addEventListener('message', ({ data }) => {
        const { op, t, d, s } = JSON.parse(data);
        if (s) sequence = s;
        if (op === 10) {
          this.beat = setInterval(
            () => this.socket.send(JSON.stringify({ op: 1, d: sequence })),
            d.heartbeat_interval,
          );
          this.socket.send(
            JSON.stringify({
              op: 2,
              d: {
                token: this.token,
                intents: 53608447,
                properties: { os: 'linux', browser: 'test', device: 'test' },
              },
            }),
          );
        }
        if (t === 'READY') {
          this.user = d.user;
          resolve();
        }
        if (t === 'INTERACTION_CREATE') this.handle(d);
      });
      this.socket.addEventListener('close', () => clearInterval(this.beat));
    });
  }

  close() {
    clearInterval(this.beat);
    this.socket.close(1000);
  }

  async api(method, path, body) {
    const multipart = body instanceof FormData;
    const answer = await fetch(`${this.base}/api/v10${path}`, {
      method,
      headers: {
        Authorization: `Bot ${this.token}`,
        'User-Agent': 'DiscordBot (https://example.org, 1)',
        ...(body && !multipart ? { 'Content-Type': 'application/json' } : {}),
      },
      body: body === undefined || multipart ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  post(channel, body) {
    return this.api('POST', `/channels/${channel}/messages`, body);
  }
  edit(message, body) {
    return this.api('PATCH', `/channels/${message.channel_id}/messages/${message.id}`, body);
  }
  callback(interaction, body) {
    return this.api('POST', `/interactions/${interaction.id}/${interaction.token}/callback`, body);
  }
  original(interaction, body) {
    return this.api(
      'PATCH',
      `/webhooks/${this.user.id}/${interaction.token}/messages/@original`,
      body,
    );
  }

  /**
   * What to do when the command or component of that name is used: a callback body, a function,
   * or null for silence.
   */
  answer(name, reply) {
    this.replies.set(name, reply);
  }

  async handle(interaction) {
    const name = interaction.data.custom_id ?? interaction.data.name;
    this.seen.push(interaction);
    const key = interaction.type === 4 ? `${name}?` : name;
    const reply = this.replies.get(key);
    for (const waiter of this.waiting.splice(0))
      if (!waiter(interaction)) this.waiting.push(waiter);
    if (reply)
      await (typeof reply === 'function' ? reply(interaction) : this.callback(interaction, reply));
  }

  /** The first interaction from now on with that name and type. */
  next(name, type) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no interaction ${name}`)), 15000);
      this.waiting.push((interaction) => {
        const found =
          (interaction.data.custom_id ?? interaction.data.name) === name &&
          (!type || interaction.type === type);
        if (found) {
          clearTimeout(timer);
          resolve(interaction);
        }
        return found;
      });
    });
  }
}
