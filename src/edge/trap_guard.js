// The guards of trap_guard.rs. They are here, outside the module, because the module can make only one call after a trap.

/** The guards that are alive, the oldest first. */
const guards = new Set();

/**
 * Once the module traps, the promise of each guard resolves to its `afterTrap`, or is rejected with it if it is an Error. Its
 * `tag` is logged: the JSON of a RequestTag. The runtime lets a request use only what was created during that request, so
 * everything is created in advance.
 */
export class Guard {
  constructor(tag, afterTrap) {
    this.tag = tag;
    this.afterTrap = afterTrap;
    this.promise = new Promise((resolve, reject) => {
      this.settle = (value) => (value instanceof Error ? reject(value) : resolve(value));
    });
    guards.add(this);
  }

  /** Calls a host method once the module traps. */
  callAfterTrap(target, method, values) {
    this.promise.then(() => target[method](...values));
  }

  /** Settles the promise, unless the module has trapped. */
  resolve(value) {
    if (guards.delete(this)) this.settle(value);
  }

  remove() {
    guards.delete(this);
  }

  /** Lets all guards act, and logs why. */
  static releaseAll(error) {
    const all = [...guards];
    guards.clear();
    // The latest first: the calls on a WebSocket before the WebSocket itself.
    for (const guard of all.toReversed()) guard.settle(guard.afterTrap);
    for (const { tag } of all) console.error(`{"error":${JSON.stringify(error)},${tag.slice(1)}`);
    // Tells worker-build to create a new instance.
    globalThis.__worker_init_state.criticalError = true;
  }

  /** It takes no arguments, because the stack that the module needs to pass them may have overflowed. */
  static releaseAllAfterTrap() {
    Guard.releaseAll("the module trapped: out of memory, stack overflow, or an exception");
  }
}
