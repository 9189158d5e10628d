// What an operator's monitoring sees of a running daemon: promtool finds nothing wrong with the page, a real
// Prometheus scrapes it and answers queries, health checks answer, alerts and the uptime beat arrive once.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { freePort, Sandbox, until } from '../support/sandbox.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const hook = '/hook/secret-of-the-webhook';
const push = '/api/push/secret-of-the-monitor';

describe('monitoring', { timeout: 180000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let config;
  let base;
  let tools;
  let folder;
  let prometheus;
  let outside;
  const told = []; // what the webhook and the monitor were sent

  const get = async (where) => {
    const answer = await fetch(`${base}${where}`);
    const text = await answer.text();
    daemon.keep('metrics', text);
    return { status: answer.status, type: answer.headers.get('content-type'), text };
  };
  const settings = (port, megabytes) => [
    '[metrics]', `port = ${port}`, '[alerts]', `channel = "${cast.text.id}"`, `disk_free_megabytes = ${megabytes}`,
    '[uptime]', 'period_seconds = 20', ''].join('\n');
  const about = () => sandbox.act(cast.owner, 'command', {
    channel_id: cast.text.id, name: 'about', options: [], wait_ms: 10000, wait_for: 'final',
  });
  let port;

  before(async () => {
    tools = execFileSync(path.join(root, 'tools/prometheus.sh'), { encoding: 'utf8' }).trim();
    outside = http.createServer((request, response) => {
      let body = '';
      request.on('data', (data) => { body += data; });
      request.on('end', () => {
        told.push({ url: request.url, body: body && JSON.parse(body) });
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const there = `http://127.0.0.1:${outside.address().port}`;
    sandbox = await Sandbox.start();
    cast = await sandbox.cast();
    daemon = await Daemon.make(sandbox, {
      HEARTH_ALERT_WEBHOOK: there + hook, HEARTH_UPTIME_PUSH: `${there}${push}?status=up&msg=OK&ping=`,
    });
    folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-prometheus-'));
    port = await freePort();
    base = `http://127.0.0.1:${port}`;
    config = path.join(daemon.folder, 'hearth.toml');
    await writeFile(config, settings(port, 1));
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
  });
  after(async () => {
    if (prometheus && prometheus.exitCode === null) {
      prometheus.kill('SIGKILL');
      await once(prometheus, 'exit');
    }
    await daemon?.dispose();
    await sandbox?.stop();
    outside?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('promtool finds nothing wrong with /metrics', async () => {
    assert.equal((await about()).outcome, 'message');
    const page = await get('/metrics');
    assert.equal(page.status, 200);
    assert.match(page.type, /^text\/plain; version=0\.0\.4/);
    const checked = spawnSync(path.join(tools, 'promtool'), ['check', 'metrics'], { input: page.text, encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    assert.equal(checked.stdout + checked.stderr, '', 'no lint either');
  });

  test('every actor of the daemon is counted', async () => {
    const { text } = await get('/metrics');
    const names = [...text.matchAll(/^hearth_actor_instances\{actor="(\w+)"\}/gm)].map(([, name]) => name);
    assert.deepEqual(['clock', 'clock_store', 'command_registrar', 'gateway_shard', 'guild',
      'outside_caller', 'people_store', 'rest_client', 'retention_store', 'root', 'schedule', 'schedule_store',
      'settings_store', 'store_keeper', 'watcher'].filter((name) => !names.includes(name)), []);
    for (const name of ['gateway_shard', 'guild', 'rest_client', 'settings_store']) {
      const [, count] = text.match(new RegExp(`^hearth_actor_messages_total\\{actor="${name}"\\} (\\d+)`, 'm'));
      assert.ok(Number(count) > 0, name);
    }
  });

  test('/healthz and /readyz answer', async () => {
    assert.deepEqual((({ status, text }) => ({ status, text }))(await get('/healthz')), { status: 200, text: 'ok\n' });
    assert.equal((await get('/readyz')).status, 200);
    assert.equal((await get('/other')).status, 404);
  });

  test('a real Prometheus scrapes it and answers with the value', async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const file = path.join(folder, 'prometheus.yml');
    await writeFile(file, `global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: hearth\n  static_configs:\n`
      + `  - targets: ['127.0.0.1:${port}']\n`);
    prometheus = spawn(path.join(tools, 'prometheus'), [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${listen}`], { stdio: 'ignore' });
    const query = async (text) => {
      const answer = await fetch(`http://${listen}/api/v1/query?query=${encodeURIComponent(text)}`).catch(() => null);
      const { data } = answer?.ok ? await answer.json() : {};
      return data?.result?.[0]?.value?.[1];
    };
    assert.equal(await until('the first scrape', () => query('hearth_guilds'), 30000), '1');
    assert.equal(await query('up{job="hearth"}'), '1');
    const before = Number(await query('hearth_interactions_ended_total{outcome="answered"}'));
    assert.ok(before >= 1);
    await about();
    await until('one more answered interaction', async () =>
      Number(await query('hearth_interactions_ended_total{outcome="answered"}')) === before + 1, 30000);
    assert.equal(await query('hearth_interaction_callback_seconds_count'), String(before + 1));
    assert.ok(Number(await query('process_resident_memory_bytes')) > 1e6);
  });

  test('the uptime monitor is told that all is well', async () => {
    const beat = await until('a beat', () => told.find(({ url }) => url.startsWith(push)), 30000);
    assert.equal(beat.url, `${push}?status=up&msg=OK&ping=`);
  });

  test('an alert reaches webhook and channel once, and its all-clear', async () => {
    const posted = async () => (await sandbox.messages(cast.owner, cast.text.id))
      .map(({ content }) => content).filter((content) => content.includes('**disk_full**'));
    const hooked = () => told.filter(({ url, body }) => url === hook && body.alert === 'disk_full').map(({ body }) => body.state);
    await writeFile(config, settings(port, 1000000)); // nobody's disk has so much room
    daemon.child.kill('SIGHUP');
    await until('the alert', async () => hooked().length === 1 && (await posted()).length === 1, 40000);
    const { text } = await get('/metrics');
    assert.match(text, /^hearth_alert_raised\{alert="disk_full"\} 1$/m);
    await writeFile(config, settings(port, 1));
    daemon.child.kill('SIGHUP');
    await until('the all-clear', async () => hooked().length === 2 && (await posted()).length === 2, 40000);
    assert.deepEqual(hooked(), ['raised', 'clear']);
  });

  test('addresses with passwords are in no log and on no page', async () => {
    const pages = await Promise.all(['/metrics', '/healthz', '/readyz'].map(get));
    const all = daemon.log + pages.map(({ text }) => text).join('');
    assert.ok(!all.includes('secret-of-the'), 'a secret was shown');
  });
});
