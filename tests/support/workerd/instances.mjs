// Records each instance that the Worker makes of its module. Imported before the Worker.

export const instances = [];

WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, imports);
    instances.push(this);
  }
};
