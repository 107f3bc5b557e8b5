// Runs exports of cnnviz/components for tests/node.py: a JSON request a line on stdin, a JSON reply a line on stdout.
import { Console } from "node:console";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const COMPONENTS = pathToFileURL(`${process.argv[2]}/`);
const AsyncFunction = /** @type {FunctionConstructor} */ ((async () => {}).constructor);
const IMPORT = /^\s*import\s+(?:\{([^}]*)\}|\*\s+as\s+(\w+))\s+from\s+"([^"]+)";/;
const NUMBERS = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity], ["-0", -0]]);
const ARRAYS = [
  Float32Array, Float64Array, Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array,
];

globalThis.console = new Console(process.stderr, process.stderr); // stdout is for replies alone

// What JSON cannot say is an object with the one key "$": {$: [kind, text]}.
const tagged = (kind, text) => ({ $: [kind, text] });

function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  if (!("$" in value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decode(part)]));
  const [kind, text] = value.$;
  if (kind === "number") return NUMBERS.get(text);
  const Kind = ARRAYS.find((one) => one.name === kind), bytes = Buffer.from(text, "base64");
  return new Kind(new Uint8Array(bytes).buffer); // a copy of its own: Buffers share theirs, at odd offsets
}

function encode(value, path = "the result") {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return Object.is(value, -0) ? tagged("number", "-0") : value;
    return tagged("number", String(value));
  }
  if (value === undefined || value === null) return null;
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    throw new TypeError(`${path} is a ${typeof value}: tests get plain data alone.`);
  }
  if (typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return tagged(value.constructor.name, bytes.toString("base64"));
  }
  if (value instanceof Set) return encode([...value], path);
  if (value instanceof Map) return encode(Object.fromEntries(value), path);
  if (Array.isArray(value)) return Array.from(value, (part, i) => encode(part, `${path}[${i}]`));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, encode(part, `${path}.${key}`)]));
}

const moduleOf = (path) => import(new URL(path, COMPONENTS).href);

async function call({ module: path, name, args }) {
  const module = await moduleOf(path);
  if (typeof module[name] !== "function") {
    throw new TypeError(`${path} exports no function ${name}; it exports ${Object.keys(module).join(", ")}.`);
  }
  return module[name](...decode(args));
}

// The imports at the head become parameters, so that the rest may use await and return.
async function run({ source, data }) {
  const names = ["data"], values = [decode(data)];
  let body = source;
  for (let found = IMPORT.exec(body); found; found = IMPORT.exec(body)) {
    const [whole, list, all, path] = found, module = await moduleOf(path);
    // As many line ends stay as were there: the lines of a stack are then those of the test.
    body = "\n".repeat(whole.split("\n").length - 1) + body.slice(whole.length);
    if (all) {
      names.push(all);
      values.push(module);
    }
    for (const one of (list ?? "").split(",").map((part) => part.trim()).filter(Boolean)) {
      const [name, as = name] = one.split(/\s+as\s+/);
      if (!(name in module)) throw new SyntaxError(`${path} exports no ${name}; it exports ${Object.keys(module).join(", ")}.`);
      names.push(as);
      values.push(module[name]);
    }
  }
  return new AsyncFunction(...names, `${body}\n//# sourceURL=the-test.js`)(...values);
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let reply;
  try {
    reply = { value: encode(await (request.source === undefined ? call(request) : run(request))) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.stack : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
