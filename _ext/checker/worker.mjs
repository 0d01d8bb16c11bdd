// The book's checker in a worker: Python as WebAssembly, the checker's own files, one formula at a time.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const STORE = "checker-VERSION"; // files stay with the browser, so that the next visit finds them
const fetched = self.fetch.bind(self);
const { wheels } = await (await kept("manifest.json")).json();

async function kept(name) {
  const address = new URL(name, import.meta.url);
  if (!self.caches) return fetched(address);
  const store = await caches.open(STORE);
  const found = await store.match(address);
  if (found) return found;
  const answer = await fetched(address);
  if (answer.ok) await store.put(address, answer.clone());
  return answer;
}

// Pyodide asks for its own files: they too come from what is kept.
self.fetch = (asked, options) => {
  const address = new URL(asked.url ?? asked, import.meta.url);
  return address.pathname.includes("/checker/pyodide/") ? kept(address) : fetched(asked, options);
};

const steps = wheels.length + 4;
let done = 0;
const step = (what) => postMessage({ progress: ++done / steps, what });

async function unpack(python, name, format) {
  python.unpackArchive(await (await kept(name)).arrayBuffer(), format);
  step(name);
}

async function start() {
  const python = await loadPyodide({ indexURL: new URL("./pyodide/", import.meta.url).href });
  step("Python");
  for (const wheel of wheels) await unpack(python, `wheels/${wheel}`, "whl");
  await unpack(python, "lossutils.zip", "zip");
  // there are no timers: without the signal the checker sets none, and the reader stops what takes too long
  python.runPython("import signal\nif not hasattr(signal, 'setitimer'): del signal.SIGPROF\nimport in_page");
  step("the checker");
  const answer = python.globals.get("in_page");
  onmessage = ({ data }) => {
    const started = performance.now();
    const result = JSON.parse(answer.answer(JSON.stringify(data)));
    postMessage({ result, milliseconds: performance.now() - started });
  };
  postMessage({ ready: true });
}

start().catch((error) => postMessage({ failed: String(error.message ?? error).slice(-600) }));
