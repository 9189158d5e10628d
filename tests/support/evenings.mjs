// Evenings in the sandbox as a test plays them: setting the channel, posting, pressing, and what the messages show.
import assert from 'node:assert/strict';

/** The buttons of a message that can be pressed. */
export const buttons = (message) => message.components.flatMap((row) => row.components ?? [])
  .filter((part) => part.type === 2 && part.custom_id && !part.disabled);

export class Evenings {
  constructor(sandbox, cast) {
    this.sandbox = sandbox;
    this.cast = cast;
    this.channel = cast.guild.channels.find((channel) => channel.type === 0 && channel.name.includes('schedule')).id;
    this.members = cast.users.filter((user) => !user.bot && cast.guild.members.some((m) => m.user_id === user.id));
  }

  /** A slash command of the owner, answered for good. */
  command(name, options = [], more = {}) {
    return this.sandbox.act(this.cast.owner, 'command', {
      channel_id: this.channel, name, options, wait_ms: 10000, wait_for: 'final', ...more,
    });
  }

  async setUp() {
    const answer = await this.command('modtextschedulechannel', [{ name: 'channel', type: 7, value: this.channel }]);
    assert.equal(answer.outcome, 'message', JSON.stringify(answer));
  }

  /** The evenings' messages, newest last. */
  async posted() {
    return (await this.sandbox.messages(this.cast.owner, this.channel))
      .filter((message) => message.author.bot && message.embeds.length > 0 && buttons(message).length > 5);
  }

  /** The newest evening that is not over: the message people vote on. Before it is posted there is none. */
  async open() {
    const { now_ms } = await this.sandbox.call('GET', '/sim/time');
    return (await this.posted()).filter((message) => endOf(message) > now_ms).at(-1);
  }

  /** Moves domain time to the same hour of the next day, past the posting; false when nobody followed. */
  async nextDay() {
    const { now_ms } = await this.sandbox.call('GET', '/sim/time');
    return this.sandbox.call('POST', '/sim/time', { set_ms: now_ms + 24 * 3600 * 1000 })
      .then((moved) => moved.acknowledged, () => false);
  }

  /** Presses without waiting for the answer; gives the interaction's id. */
  async press(who, message, button) {
    const answer = await this.sandbox.act(who.id, 'click', {
      channel_id: this.channel, message_id: message.id, custom_id: button.custom_id,
    });
    return answer.interaction_id;
  }

  /** What the member saw of it so far: `outcome` (pending, update, message, failed...), `message`, `reason`. */
  answer(interaction, wait_ms = 0) {
    return this.sandbox.call('GET', `/sim/interactions/${interaction}?wait_ms=${wait_ms}`);
  }

  outcome(interaction, wait_ms = 0) {
    return this.answer(interaction, wait_ms).then((told) => told.outcome);
  }
}

/** The evening a message is for, from its buttons. */
export const eveningOf = (message) => buttons(message)[0].custom_id.match(/\d{4}-\d\d-\d\d/)[0];

/** When its last hour ends, in milliseconds of domain time. */
const endOf = (message) => {
  const starts = [...JSON.stringify(message.embeds).matchAll(/<t:(\d+):t>/g)].map(([, seconds]) => Number(seconds));
  return (Math.max(...starts) + 3600) * 1000;
};

/** The embed line of the hour a button stands for: hours and lines come in the same order. */
export function lineOf(message, customId) {
  const index = buttons(message).findIndex((button) => button.custom_id === customId);
  const lines = message.embeds[0].description.split('\n').concat(
    (message.embeds[0].fields ?? []).flatMap((field) => `${field.name} ${field.value}`.split('\n')))
    .filter((line) => /<t:\d+:t>/.test(line));
  return lines[index] ?? '';
}
