import "./index_bg.wasm";

export { default } from "./hello_world.mjs";
