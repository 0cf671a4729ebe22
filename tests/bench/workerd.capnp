# What the bench runs on bare workerd, without wrangler: see start_up.rs and hash.rs.

using Workerd = import "/workerd/workerd.capnp";

const startUp :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = .compatibilityDate,
    bindings = [
      (name = "PUBLIC_URL", text = "http://127.0.0.1"),
      (name = "MAIL_FROM", text = "no-reply@exchange.example"),
    ],
    modules = [.index, .wasm],
  ))],
  sockets = [.http],
);

const helloWorld :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = .compatibilityDate,
    modules = [(name = "hello_world.mjs", esModule = embed "hello_world.mjs")],
  ))],
  sockets = [.http],
);

# The module is compiled, but not used.
const unusedModule :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = .compatibilityDate,
    modules = [
      (name = "unused_module.mjs", esModule = embed "unused_module.mjs"),
      (name = "hello_world.mjs", esModule = embed "hello_world.mjs"),
      .wasm,
    ],
  ))],
  sockets = [.http],
);

const hash :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = .compatibilityDate,
    modules = [
      (name = "hash.mjs", esModule = embed "hash.mjs"),
      .index,
      .wasm,
      (name = "bare_pbkdf2.wasm", wasm = embed "../../target/bench/bare_pbkdf2.wasm"),
    ],
  ))],
  sockets = [.http],
);

const compatibilityDate :Text = "2026-11-01";
const http :Workerd.Socket = (name = "http", address = "127.0.0.1:0", http = (), service = "main");
const index :Workerd.Worker.Module = (name = "index.js", esModule = embed "../../build/index.js");
const wasm :Workerd.Worker.Module = (name = "index_bg.wasm", wasm = embed "../../build/index_bg.wasm");
