// @ts-check
/** A Redis server for a test, and a minimal client. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "../../scripts/lib/tools.mjs";

/** Starts a server on a Unix socket in a temporary folder. */
export async function startRedis() {
  const program = findRedis();
  if (!program) throw new Error("redis-server was not found: run `node scripts/setup.mjs redis`");
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const socket = join(folder, "redis.sock");
  const options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder];
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let log = "";
  for await (const part of child.stdout.iterator({ destroyOnReturn: false })) {
    log += part;
    if (/ready to accept connections/i.test(log)) break;
  }
  child.stdout.resume();
  return {
    socket,
    /** Stops the process, as a broken network: commands get no reply. */
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    close: async () => {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a connection. `redisStore` accepts `send`. @param {string} path */
export function connectRedis(path) {
  const socket = connect(path);
  /** @type {Array<{ resolve: (reply: unknown) => void, reject: (error: Error) => void }>} */
  const pending = [];
  let buffer = Buffer.alloc(0);
  socket.on("data", (part) => {
    buffer = Buffer.concat([buffer, part]);
    for (let reply = replyIn(buffer); reply; reply = replyIn(buffer)) {
      buffer = buffer.subarray(reply.length);
      if (reply.error) pending.shift()?.reject(new Error(reply.error));
      else pending.shift()?.resolve(reply.value);
    }
  });
  socket.on("error", (error) => {
    for (const { reject } of pending.splice(0)) reject(error);
  });
  /** @param {string[]} args @returns {Promise<unknown>} */
  const send = (...args) =>
    new Promise((resolve, reject) => {
      pending.push({ resolve, reject });
      const parts = args.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
      socket.write(`*${args.length}\r\n${parts.join("")}`);
    });
  return { send, close: () => socket.destroy() };
}

/** Parses the first reply in a buffer; undefined if it is incomplete. @param {Buffer} buffer @returns {{ value?: unknown, error?: string, length: number } | undefined} */
function replyIn(buffer) {
  const end = buffer.indexOf("\r\n");
  if (end < 0) return undefined;
  const line = buffer.toString("utf8", 1, end);
  const length = end + 2;
  switch (String.fromCharCode(buffer[0] ?? 0)) {
    case "+":
      return { value: line, length };
    case "-":
      return { error: line, length };
    case ":":
      return { value: Number(line), length };
    case "$": {
      const size = Number(line);
      if (size < 0) return { value: null, length };
      if (buffer.length < length + size + 2) return undefined;
      return { value: buffer.toString("utf8", length, length + size), length: length + size + 2 };
    }
    default:
      throw new Error(`unknown reply: ${line}`);
  }
}
