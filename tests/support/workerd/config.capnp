# The Worker on bare workerd: see workerd.rs.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["queue_consumer_no_wait_for_wait_until", "no_web_socket_compression"],
  bindings = [
    (name = "PUBLIC_URL", text = "http://127.0.0.1"),
    (name = "MAIL_FROM", text = "no-reply@exchange.example"),
  ],
  modules = [
    (name = "main.mjs", esModule = embed "main.mjs"),
    (name = "instances.mjs", esModule = embed "instances.mjs"),
    (name = "buffers.mjs", esModule = embed "buffers.mjs"),
    (name = "index.js", esModule = embed "../../../build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../../../build/index_bg.wasm"),
  ],
);
