// Imported before the Worker, to see the instance that it makes of its module.

export const instances = [];

WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, imports);
    instances.push(this);
  }
};
