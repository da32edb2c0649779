// Promises that Rust settles.

/** A promise with the functions that settle it. */
export function deferred() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => {
    deferred.resolve = resolve;
    deferred.reject = reject;
  });
  return deferred;
}

export function promiseOf({ promise }) {
  return promise;
}

export function settle({ resolve, reject }, isOk, value) {
  if (isOk) resolve(value);
  else reject(value);
}
