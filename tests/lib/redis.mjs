// @ts-check
/** A Redis server of a test's own, and the smallest client that sends it commands. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "../../scripts/lib/tools.mjs";

/** Starts a server on a socket in a folder of its own. */
export async function startRedis() {
  const program = findRedis();
  if (!program) throw new Error("There is no redis-server: `node scripts/setup.mjs redis` installs it");
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
    /** Stops it as a broken network does: commands get no reply. */
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    close: async () => {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A connection. `send` has the form that `redisStore` takes. @param {string} path */
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

/** The first reply in a buffer, if it is whole. @param {Buffer} buffer @returns {{ value?: unknown, error?: string, length: number } | undefined} */
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
      throw new Error(`an unknown reply: ${line}`);
  }
}
